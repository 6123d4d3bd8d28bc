"""Graded laboratory results that no adverse event accounts for: each is a question to the site, never an event.

Silent about what was there before the study, no worse; about what an event of the term covers on that day; and about a
grade that somebody has judged not to be significant. Of each test the worst of what is left is asked about, once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from adverse_events.rules.ctcae import VERSION
from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.lab_criteria import CRITERIA
from adverse_events.rules.lab_grades import LabValue, lab_grade
from protocol.codes import LabTest

# What the versions of the dictionary call a test that is not normal: an event keeps the version it was reported in.
TERMS_OF = {test: frozenset(criteria.terms[test] for criteria in CRITERIA.values()) for test in LabTest}


@dataclass(frozen=True, slots=True)
class Result:
    """A result and its day."""

    collected_on: date
    lab: LabValue


@dataclass(frozen=True, slots=True)
class LabProposal:
    """`ae_no`: an event of the term with a lower grade that went on, which may have become worse."""

    result: Result
    term: str
    grade: int
    ae_no: int | None = None


@dataclass(frozen=True, slots=True)
class KnownLabs:
    """`baselines`: before treatment, what a grade is measured against. `at_entry`: the last before anything on study.

    `answered`: the highest grade of each test that was judged not to be clinically significant. `version`: of CTCAE.
    """

    results: Sequence[Result]
    baselines: Mapping[LabTest, LabValue]
    at_entry: Mapping[LabTest, LabValue]
    answered: Mapping[LabTest, int]
    version: str = VERSION


def lab_proposals(known: KnownLabs, events: Sequence[AdverseEventFacts]) -> tuple[LabProposal, ...]:
    """At most one of each test, by test; the earliest of the worst."""
    worst: dict[LabTest, LabProposal] = {}
    for result in sorted(known.results, key=lambda result: result.collected_on):
        test = result.lab.test
        found = _proposal(result, known, events)
        if found is not None and (test not in worst or found.grade > worst[test].grade):
            worst[test] = found
    return tuple(worst[test] for test in LabTest if test in worst)


def is_accounted_for(
    test: LabTest, grade: int, collected_on: date, events: Iterable[AdverseEventFacts]
) -> bool:
    """Does an event of the term cover a grade on a day? One without a grade covers none."""
    return any((event.grade or 0) >= grade for event in _going_on(test, collected_on, events))


def _proposal(result: Result, known: KnownLabs, events: Sequence[AdverseEventFacts]) -> LabProposal | None:
    test, baseline = result.lab.test, known.baselines.get(result.lab.test)
    graded = lab_grade(result.lab, baseline, version=known.version)
    grade = graded.grade or 0
    at_entry = known.at_entry.get(test)
    before = lab_grade(at_entry, version=known.version).grade or 0 if at_entry else 0
    if grade <= max(before, known.answered.get(test, 0)):
        return None
    if is_accounted_for(test, grade, result.collected_on, events):
        return None
    lower = list(_going_on(test, result.collected_on, events))
    return LabProposal(result, graded.term, grade, lower[-1].ae_no if lower else None)


def _going_on(test: LabTest, day: date, events: Iterable[AdverseEventFacts]) -> Iterable[AdverseEventFacts]:
    for event in events:
        has_begun = event.term in TERMS_OF[test] and event.started_on <= day
        if has_begun and (event.last_on is None or event.last_on >= day):
            yield event
