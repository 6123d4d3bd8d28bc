"""Figures of many patients as sums: what one patient adds, and how sums are added.

Every figure is a number of things under a key, so that a sum over patients can be kept up to date by adding what a
patient counts for now and taking away what the patient counted for before: the work grows with the change.

| figure | key | what is added |
|---|---|---|
| as_of, protocol | day of the summary; version of the protocol | 1 |
| patients | a measure (`MEASURES`) | 1 |
| flags_waiting | code of a flag nobody has acknowledged | 1 a flag |
| pill_count:P, pdc:P, rdi:P (P: course, standard, extension) | percent as exported, "98.41", or "none" | 1 |
| trend_consumed, trend_expected | quarter an interval between dispensings begins in, "2026Q1" | mg |
| trend_intervals, trend_not_evaluable | the same | 1 an interval |
| accrual | month of enrolment, "2026-03" | 1 |
| rfs_entry, rfs_event, rfs_censored; persistence_… | day since the origin | 1 |
| visits | month of the target and status, "2026-03|COMPLETED" | 1 a visit |
| events | term, worst grade, related: "Rash|2|yes"; "unknown" for either | 1 a term |
| end_reason | reason of the end of treatment (DSDECOD) | 1 |
| entry_delay | whole days from a visit to its first entry | 1 a visit |
| serious_to_entry, serious_to_sent | whole minutes from awareness to the record, to the sponsor | 1 a serious event |
| serious | entered_in_time, sent_in_time | 1 a serious event |
| completeness | visits_, labs_, returns_ expected and recorded; queries_open, queries_closed | 1 each |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Self

from courses.rules.facts import CourseFacts, cut_off
from courses.rules.figures import course_figures
from courses.rules.records import CourseRecords, records_cut_off
from courses.rules.records_figures import record_figures
from courses.rules.standing import Standing, standing
from courses.rules.summary import CourseSummary, course_summary
from courses.rules.survival_figures import survival_figures
from protocol.definition import Protocol

Contributions = Counter[tuple[str, str]]  # (figure, key) -> how many
_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tallies:
    """Sums over some patients by figure and key; zeros are left out."""

    figures: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, str, int]]) -> Self:
        """From (figure, key, n); what appears twice is added."""
        figures: dict[str, dict[str, int]] = {}
        for figure, key, n in rows:
            keys = figures.setdefault(figure, {})
            keys[key] = keys.get(key, 0) + n
        kept = ((figure, {key: n for key, n in keys.items() if n}) for figure, keys in figures.items())
        return cls({figure: keys for figure, keys in kept if keys})

    def rows(self) -> Iterator[tuple[str, str, int]]:
        return ((figure, key, n) for figure, keys in self.figures.items() for key, n in keys.items())

    def of(self, figure: str) -> Mapping[str, int]:
        return self.figures.get(figure, _NOTHING)

    def count(self, figure: str, key: str) -> int:
        return self.of(figure).get(key, 0)

    def __add__(self, other: "Tallies") -> "Tallies":
        return Tallies.of_rows((*self.rows(), *other.rows()))


@dataclass(frozen=True, slots=True)
class Counted:
    """One patient on one day: the course, where it stands, and what it adds to the sums."""

    course: CourseSummary
    standing: Standing
    contributions: Contributions


def counted(facts: CourseFacts, records: CourseRecords, protocol: Protocol, as_of: date) -> Counted:
    """Everything that is computed of a patient as of a day; only what was there on that day counts."""
    course = course_summary(facts, protocol, as_of)
    known, recorded = cut_off(facts, as_of), records_cut_off(records, as_of)
    stands = standing(known, recorded, protocol, course)
    return Counted(course, stands, contributions(known, recorded, protocol, course, stands))


def contributions(
    known: CourseFacts, recorded: CourseRecords, protocol: Protocol, course: CourseSummary, stands: Standing
) -> Contributions:
    """What one patient adds; `known` and `recorded` are what was there on the day of the course."""
    found: Contributions = Counter()
    for figures in (
        course_figures(course, stands, protocol),
        survival_figures(known, course, protocol),
        record_figures(known, recorded, course, protocol),
    ):
        for figure, key, n in figures:
            found[figure, key] += n
    return found


def differences(old: Contributions, new: Contributions) -> dict[tuple[str, str], int]:
    """What is to be added to a sum that holds `old` so that it holds `new`; in order of figure and key."""
    changed = {key: new[key] - old[key] for key in old.keys() | new.keys()}
    return {key: changed[key] for key in sorted(changed) if changed[key]}


def as_nested(found: Contributions) -> dict[str, dict[str, int]]:
    """As it is stored with a patient: figure -> key -> n."""
    nested: dict[str, dict[str, int]] = {}
    for (figure, key), n in sorted(found.items()):
        if n:
            nested.setdefault(figure, {})[key] = n
    return nested


def from_nested(nested: Mapping[str, Mapping[str, int]] | None) -> Contributions:
    return Counter({(figure, key): n for figure, keys in (nested or {}).items() for key, n in keys.items()})
