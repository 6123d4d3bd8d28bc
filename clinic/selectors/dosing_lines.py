"""Dose orders, tablets and what both say of the course, as the chart lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from clinic.selectors.course import Course
from courses.rules.pill_count import rdi_by_pill_count
from dosing.models import DoseOrder, Kit
from dosing.rules.accountability import AccountabilityInterval
from dosing.rules.exposure import Exposure
from dosing.rules.orders import DosePeriod, dose_periods
from dosing.rules.supply import calendar_pdc, prescribed_pdc
from patients.presenters import PLAIN, Band, Flag, adherence_band, dose_words
from patients.words import word_of
from protocol.days import round_half_up


@dataclass(frozen=True, slots=True)
class OrderLine:
    pk: int
    from_on: date
    to_on: date | None
    dose: str
    mean_daily_mg: Decimal
    reason: str
    event: str
    ae_no: int | None
    comment: str
    flags: tuple[Flag, ...]
    is_provisional: bool = False
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class IntervalLine:
    """Tablets between two dispensings; `percent` None = not evaluable, `is_open` = still in the patient's hands."""

    from_on: date
    to_on: date | None
    kits: tuple[Kit, ...]
    dispensed: int
    carried_in: int
    accounted: int | None
    consumed_mg: int | None
    expected_mg: int | None
    percent: Decimal | None
    band: Band
    is_open: bool


@dataclass(frozen=True, slots=True)
class ScopeColumn:
    """One part of the course: whole, standard, extension."""

    exposure: Exposure | None
    rdi_percent: Decimal | None
    intensity_mg_per_day: Decimal | None
    pdc_percent: Decimal | None
    calendar_pdc_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Adherence:
    pill_count_percent: Decimal | None
    band: Band
    evaluable: int
    not_evaluable: int
    pdc_percent: Decimal | None
    rdi_percent: Decimal | None
    rdi_by_pill_count_percent: Decimal | None
    course: ScopeColumn
    standard: ScopeColumn
    extension: ScopeColumn


def order_lines(course: Course, *, with_later: bool) -> tuple[OrderLine, ...]:
    """Every order, the latest first; `with_later`: also those that begin after the day of the chart."""
    facts = course.all_facts if with_later else course.facts
    rows = {row.from_on: row for row in _orders(course)}
    periods = dose_periods(facts.orders, course.facts.last_dose_on)
    return tuple(_order_line(period, rows[period.from_on], course) for period in reversed(periods))


def interval_lines(course: Course) -> tuple[IntervalLine, ...]:
    """Every dispensing with what came back of it, the latest first."""
    kits: dict[str, Kit] = {
        kit.kit_id: kit
        for kit in Kit.objects.filter(patient=course.patient, dispensed_on__lte=course.on).select_related(
            "kit_return"
        )
    }
    closed = [_interval_line(interval, kits, course) for interval in course.intervals]
    counted = {kit_id for interval in course.intervals for kit_id in interval.kit_ids}
    in_hand = [kit for kit_id, kit in kits.items() if kit_id not in counted]
    if in_hand:
        closed.append(_open_line(in_hand))
    return tuple(reversed(closed))


def adherence(course: Course) -> Adherence:
    found, scopes = course.summary.adherence, course.summary.exposure
    regimen = course.protocol.regimen
    pill_count = _rounded(found.pill_count_percent)
    whole = _scope(scopes.course, course, course.facts.patient.first_dose_on)
    return Adherence(
        pill_count_percent=pill_count,
        band=adherence_band(pill_count, course.protocol.adherence),
        evaluable=found.evaluable_intervals,
        not_evaluable=found.not_evaluable_intervals,
        pdc_percent=_rounded(found.pdc_percent),
        rdi_percent=whole.rdi_percent,
        rdi_by_pill_count_percent=_rounded(rdi_by_pill_count(course.intervals, regimen.planned_dose_mg)),
        course=whole,
        standard=_scope(scopes.standard, course, course.facts.patient.first_dose_on),
        extension=_scope(scopes.extension, course, course.summary.extension_from),
    )


def _orders(course: Course) -> QuerySet[DoseOrder]:
    return DoseOrder.objects.filter(patient=course.patient).select_related("adverse_event", "decided_by")


def _order_line(period: DosePeriod, row: DoseOrder, course: Course) -> OrderLine:
    event = row.adverse_event
    return OrderLine(
        pk=row.pk,
        from_on=period.from_on,
        to_on=period.to_on,
        dose=dose_words(row.pattern_mg),
        mean_daily_mg=round_half_up(period.order.mean_daily_mg, 1),
        reason=word_of(row.reason),
        event=event.term if event else "",
        ae_no=event.ae_no if event else None,
        comment=row.comment,
        flags=tuple(_flags_within(period, course)),
        is_provisional=row.is_provisional,
        decided_by=row.decided_by.get_username() if row.decided_by else "",
    )


def _flags_within(period: DosePeriod, course: Course) -> Iterator[Flag]:
    """The dose flags that begin with this order; what is flagged of tablets stands beside the tablets."""
    for flag in course.summary.flags:
        if flag.code != "OVERUSE" and flag.from_on == period.from_on:
            yield Flag(flag.code, flag.from_on, flag.to_on)


def _interval_line(interval: AccountabilityInterval, kits: dict[str, Kit], course: Course) -> IntervalLine:
    percent = _rounded(interval.percent)
    counts = interval.per_strength
    return IntervalLine(
        from_on=interval.from_on,
        to_on=interval.to_on,
        kits=tuple(kits[kit_id] for kit_id in interval.kit_ids),
        dispensed=sum(count.tablets_dispensed for count in counts),
        carried_in=sum(count.tablets_carried_in for count in counts),
        accounted=sum(count.tablets_accounted for count in counts) if interval.all_returned else None,
        consumed_mg=interval.consumed_mg,
        expected_mg=interval.expected_mg,
        percent=percent,
        band=adherence_band(percent, course.protocol.adherence),
        is_open=False,
    )


def _open_line(kits: list[Kit]) -> IntervalLine:
    return IntervalLine(
        from_on=min(kit.dispensed_on for kit in kits),
        to_on=None,
        kits=tuple(kits),
        dispensed=sum(kit.tablets for kit in kits),
        carried_in=0,
        accounted=None,
        consumed_mg=None,
        expected_mg=None,
        percent=None,
        band=PLAIN,
        is_open=True,
    )


def _scope(exposure: Exposure | None, course: Course, from_on: date | None) -> ScopeColumn:
    if exposure is None or from_on is None:
        return ScopeColumn(None, None, None, None, None)
    until = date.fromordinal(from_on.toordinal() + exposure.days - 1)
    first_fill = min((kit.dispensed_on for kit in course.facts.kits), default=None)
    start = max(from_on, first_fill) if first_fill else from_on
    return ScopeColumn(
        exposure=exposure,
        rdi_percent=_rounded(exposure.rdi_percent),
        intensity_mg_per_day=_rounded(exposure.intensity_mg_per_day),
        pdc_percent=_rounded(prescribed_pdc(course.periods, course.facts.kits, until, start)),
        calendar_pdc_percent=_rounded(calendar_pdc(course.periods, course.facts.kits, until, start)),
    )


def _rounded(value: Fraction | None) -> Decimal | None:
    return None if value is None else round_half_up(value, 2)
