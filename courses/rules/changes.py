"""What is not the same in two summaries of one course, put together from the same facts under two protocols."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from courses.rules.summary import CourseSummary
from courses.rules.visits import CourseVisit
from dosing.rules.flags import DoseFlag
from protocol.definition import Adherence


class What(StrEnum):
    EXTENSION_FROM = "EXTENSION_FROM"
    PLANNED_END_ON = "PLANNED_END_ON"
    PHASE = "PHASE"
    NEXT_VISIT = "NEXT_VISIT"
    ELIGIBILITY = "ELIGIBILITY"
    PILL_COUNT = "PILL_COUNT"
    DAYS_COVERED = "DAYS_COVERED"
    FLAG_RAISED = "FLAG_RAISED"
    FLAG_GONE = "FLAG_GONE"


class AdherenceBand(StrEnum):
    GOOD = "GOOD"
    FAIR = "FAIR"
    LOW = "LOW"
    OVERUSE = "OVERUSE"


@dataclass(frozen=True, slots=True)
class CourseChange:
    """One thing and what stands there before and after: a day, a code, a band; None for nothing.

    A visit is (code, target); a flag (code, first day), on the side that has it.
    """

    what: What
    before: object
    after: object


def course_changes(
    before: CourseSummary, after: CourseSummary, bands: tuple[Adherence, Adherence]
) -> tuple[CourseChange, ...]:
    """In the order in which people read a course; `bands` of both protocols."""
    pairs = [*_pairs(before, after), *_band_pairs(before, after, bands)]
    changed = [CourseChange(what, old, new) for what, old, new in pairs if old != new]
    return (*changed, *_flags(before.flags, after.flags))


def adherence_band(percent: Fraction | None, adherence: Adherence) -> AdherenceBand | None:
    if percent is None:
        return None
    if percent >= adherence.overuse_percent:
        return AdherenceBand.OVERUSE
    if percent >= adherence.good_percent:
        return AdherenceBand.GOOD
    return AdherenceBand.FAIR if percent >= adherence.fair_percent else AdherenceBand.LOW


def _pairs(before: CourseSummary, after: CourseSummary) -> Iterator[tuple[What, object, object]]:
    yield What.EXTENSION_FROM, before.extension_from, after.extension_from
    yield What.PLANNED_END_ON, before.planned_end_on, after.planned_end_on
    yield What.PHASE, before.phase, after.phase
    yield What.NEXT_VISIT, _visit(before.next_visit), _visit(after.next_visit)
    yield What.ELIGIBILITY, before.eligibility.verdict, after.eligibility.verdict


def _visit(visit: CourseVisit | None) -> tuple[str, date] | None:
    return (visit.visit, visit.target_on) if visit else None


def _band_pairs(
    before: CourseSummary, after: CourseSummary, bands: tuple[Adherence, Adherence]
) -> Iterator[tuple[What, object, object]]:
    old, new = bands
    for what, first, second in (
        (What.PILL_COUNT, before.adherence.pill_count_percent, after.adherence.pill_count_percent),
        (What.DAYS_COVERED, before.adherence.pdc_percent, after.adherence.pdc_percent),
    ):
        yield what, adherence_band(first, old), adherence_band(second, new)


def _flags(before: tuple[DoseFlag, ...], after: tuple[DoseFlag, ...]) -> Iterator[CourseChange]:
    old, new = ([(flag.code, flag.from_on) for flag in flags] for flags in (before, after))
    yield from (CourseChange(What.FLAG_GONE, flag, None) for flag in old if flag not in new)
    yield from (CourseChange(What.FLAG_RAISED, None, flag) for flag in new if flag not in old)
