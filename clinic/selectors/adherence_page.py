"""Adherence on a page: three measures side by side, for each part of the course and each interval.

The numbers of the whole course are those of the course summary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from clinic.selectors.course import Course
from clinic.selectors.dosing_lines import ScopeColumn, adherence
from courses.rules.pill_count import intervals_begun, rdi_by_pill_count
from dosing.models import MissedDoses
from dosing.rules.accountability import AccountabilityInterval, pill_count_percent
from dosing.rules.exposure import Exposure
from patients.presenters import Band, adherence_band
from protocol.days import ONE_DAY, round_half_up
from protocol.definition import Adherence as Limits


@dataclass(frozen=True, slots=True)
class PartLine:
    """`part`: COURSE, STANDARD or EXTENSION. `rdi_ordered_percent`: what was ordered against the plan."""

    part: str
    evaluable: int
    not_evaluable: int
    pill_count_percent: Decimal | None
    band: Band
    pdc_percent: Decimal | None
    rdi_ordered_percent: Decimal | None
    rdi_taken_percent: Decimal | None
    rdi_by_pill_count_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class IntervalLine:
    """`percent` None: not evaluable; then it lies between `lowest_percent` and `highest_percent`, if anywhere."""

    from_on: date
    to_on: date
    consumed_mg: int | None
    expected_mg: int
    percent: Decimal | None
    band: Band
    lowest_percent: Decimal | None
    highest_percent: Decimal | None
    is_overuse: bool


@dataclass(frozen=True, slots=True)
class AdherencePage:
    parts: tuple[PartLine, ...]
    intervals: tuple[IntervalLine, ...]
    missed: tuple[MissedDoses, ...]
    limits: Limits


def adherence_page(course: Course) -> AdherencePage:
    limits = course.protocol.adherence
    missed = MissedDoses.objects.filter(patient=course.patient, from_on__lte=course.on)
    return AdherencePage(
        parts=_parts(course),
        intervals=tuple(_interval(interval, limits) for interval in reversed(course.intervals)),
        missed=tuple(missed.order_by("-from_on")),
        limits=limits,
    )


def _parts(course: Course) -> tuple[PartLine, ...]:
    found, boundary = adherence(course), course.summary.extension_from or date.max
    standard = intervals_begun(course.intervals, date.min, boundary - ONE_DAY)
    extension = intervals_begun(course.intervals, boundary, date.max)
    return (
        _part("COURSE", course.intervals, found.course, found.pdc_percent, course),
        _part("STANDARD", standard, found.standard, found.standard.pdc_percent, course),
        _part("EXTENSION", extension, found.extension, found.extension.pdc_percent, course),
    )


def _part(
    part: str,
    intervals: Sequence[AccountabilityInterval],
    scope: ScopeColumn,
    pdc: Decimal | None,
    course: Course,
) -> PartLine:
    percent = _rounded(pill_count_percent(intervals))
    evaluable = sum(interval.evaluable for interval in intervals)
    return PartLine(
        part=part,
        evaluable=evaluable,
        not_evaluable=len(intervals) - evaluable,
        pill_count_percent=percent,
        band=adherence_band(percent, course.protocol.adherence),
        pdc_percent=pdc,
        rdi_ordered_percent=_rdi_ordered(scope.exposure),
        rdi_taken_percent=scope.rdi_percent,
        rdi_by_pill_count_percent=_rounded(
            rdi_by_pill_count(intervals, course.protocol.regimen.planned_dose_mg)
        ),
    )


def _interval(interval: AccountabilityInterval, limits: Limits) -> IntervalLine:
    percent, bounds = interval.percent, interval.bounds_percent
    is_open = percent is None and bounds is not None
    return IntervalLine(
        from_on=interval.from_on,
        to_on=interval.to_on,
        consumed_mg=interval.consumed_mg,
        expected_mg=interval.expected_mg,
        percent=_rounded(percent),
        band=adherence_band(_rounded(percent), limits),
        lowest_percent=_rounded(bounds[0]) if is_open and bounds else None,
        highest_percent=_rounded(bounds[1]) if is_open and bounds else None,
        is_overuse=percent is not None and percent >= Fraction(limits.overuse_percent),
    )


def _rdi_ordered(exposure: Exposure | None) -> Decimal | None:
    if exposure is None or not exposure.planned_mg:
        return None
    return round_half_up(Fraction(100 * exposure.ordered_mg, exposure.planned_mg), 2)


def _rounded(value: Fraction | None) -> Decimal | None:
    return None if value is None else round_half_up(value, 2)
