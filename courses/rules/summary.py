"""The course summary: what the records of one patient mean on a day.

It is put together from the rules of the records below it and adds none of its own: only which span counts, which
visits appear, and what is left empty while there is no first dose. Nothing is rounded here.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction

from courses.rules.facts import CourseFacts, cut_off
from courses.rules.parts import PartAdherence, part_adherence
from courses.rules.visits import CourseVisit, course_visits, next_visit
from dosing.rules.accountability import AccountabilityInterval, accountability_intervals, pill_count_percent
from dosing.rules.exposure import Exposure, exposure
from dosing.rules.flags import DoseFlag, dose_flags
from dosing.rules.orders import DoseOrderFacts, DosePeriod, dose_periods, order_on
from dosing.rules.supply import prescribed_pdc
from patients.rules.eligibility import EligibilityAssessment, assess
from patients.rules.facts import PatientFacts, PriorOrder
from patients.rules.survival import RecurrenceFreeSurvival, recurrence_free_survival
from protocol.codes import Phase
from protocol.days import ONE_DAY, extension_from, phase_on, planned_end_on, treatment_day
from protocol.definition import Protocol


@dataclass(frozen=True, slots=True)
class CourseExposure:
    """The whole course and its two parts; None for a part without a day."""

    course: Exposure | None = None
    standard: Exposure | None = None
    extension: Exposure | None = None


@dataclass(frozen=True, slots=True)
class CourseAdherence:
    """Percentages exact; intervals between dispensings counted by whether they can be evaluated."""

    pill_count_percent: Fraction | None
    evaluable_intervals: int
    not_evaluable_intervals: int
    pdc_percent: Fraction | None


@dataclass(frozen=True, slots=True)
class CourseSummary:
    """One patient on one day. `dose` is the order in force; `rfs` counts from the protocol's origin.

    `intervals` and `parts` (standard, extension; None for a part without a day) are not exported.
    """

    patient: PatientFacts
    as_of: date
    eligibility: EligibilityAssessment
    extension_from: date | None
    planned_end_on: date | None
    phase: Phase
    treatment_day: int | None
    treatment_ended_on: date | None
    dose: DoseOrderFacts | None
    exposure: CourseExposure
    adherence: CourseAdherence
    flags: tuple[DoseFlag, ...]
    visits: tuple[CourseVisit, ...]
    next_visit: CourseVisit | None
    rfs: RecurrenceFreeSurvival | None
    intervals: tuple[AccountabilityInterval, ...]
    parts: tuple[PartAdherence | None, PartAdherence | None]

    @property
    def is_enrolled(self) -> bool:
        enrolled_on = self.patient.enrolled_on
        return enrolled_on is not None and enrolled_on <= self.as_of

    @property
    def is_on_treatment(self) -> bool:
        """From the first dose to the planned end, unless the end of treatment is recorded."""
        return self.phase in (Phase.STANDARD, Phase.EXTENSION) and self.treatment_ended_on is None

    @property
    def adherence_by_part(self) -> dict[str, PartAdherence | None]:
        """The course, its standard part and its extension; None for one without a day."""
        scope, found, (standard, extension) = self.exposure.course, self.adherence, self.parts
        counts = found.pill_count_percent, found.pdc_percent
        whole = PartAdherence(*counts, scope.rdi_percent) if scope else None
        return {"course": whole, "standard": standard, "extension": extension}


def course_summary(facts: CourseFacts, protocol: Protocol, as_of: date) -> CourseSummary:
    """The summary of a course as of a day: only what is dated on or before that day counts."""
    known = cut_off(facts, as_of)
    patient, regimen = _with_orders(known), protocol.regimen
    first_dose_on = patient.first_dose_on
    periods = dose_periods(known.orders, known.last_dose_on)
    intervals = accountability_intervals(known.kits, known.returns, periods, known.last_dose_on)
    visits = course_visits(known, protocol, as_of)
    scopes = _exposure(known, periods, protocol, as_of)
    return CourseSummary(
        patient=patient,
        as_of=as_of,
        eligibility=assess(patient, protocol),
        extension_from=extension_from(first_dose_on, regimen) if first_dose_on else None,
        planned_end_on=planned_end_on(first_dose_on, regimen) if first_dose_on else None,
        phase=phase_on(first_dose_on, as_of, regimen),
        treatment_day=treatment_day(first_dose_on, as_of) if first_dose_on else None,
        treatment_ended_on=known.last_dose_on,
        dose=_dose(known, as_of),
        exposure=scopes,
        adherence=_adherence(known, periods, intervals, protocol, as_of),
        flags=_flags(first_dose_on, periods, intervals, protocol, as_of),
        visits=visits,
        next_visit=next_visit(visits),
        rfs=recurrence_free_survival(patient, known.outcomes, protocol, on=as_of),
        intervals=intervals,
        parts=_parts(known, scopes, periods, intervals, protocol),
    )


def _with_orders(facts: CourseFacts) -> PatientFacts:
    orders = (PriorOrder(order.from_on, order.pattern_mg, order.reason) for order in facts.orders)
    return replace(facts.patient, prior_orders=tuple(orders))


def _dose(facts: CourseFacts, as_of: date) -> DoseOrderFacts | None:
    """The order in force on the day, or on the last dose day of a treatment that has ended."""
    if facts.patient.first_dose_on is None or as_of < facts.patient.first_dose_on:
        return None
    return order_on(facts.orders, min(as_of, facts.last_dose_on or as_of))


def _until(facts: CourseFacts, first_dose_on: date, protocol: Protocol, as_of: date) -> date:
    """The last day that counts: as of, last dose or planned end, whichever comes first."""
    return min(as_of, facts.last_dose_on or as_of, planned_end_on(first_dose_on, protocol.regimen))


def _exposure(
    facts: CourseFacts, periods: tuple[DosePeriod, ...], protocol: Protocol, as_of: date
) -> CourseExposure:
    first_dose_on, regimen = facts.patient.first_dose_on, protocol.regimen
    if first_dose_on is None:
        return CourseExposure()
    until, boundary = _until(facts, first_dose_on, protocol, as_of), extension_from(first_dose_on, regimen)

    def over(from_on: date, to_on: date) -> Exposure | None:
        return exposure(periods, facts.missed, from_on, to_on, regimen.planned_dose_mg)

    standard, extension = over(first_dose_on, min(until, boundary - ONE_DAY)), over(boundary, until)
    return CourseExposure(_joined(standard, extension), standard, extension)


def _joined(one: Exposure | None, other: Exposure | None) -> Exposure | None:
    """Two adjoining scopes as one: every field is a sum."""
    if one is None or other is None:
        return one or other
    sums = (getattr(one, field.name) + getattr(other, field.name) for field in fields(Exposure))
    return Exposure(*sums)


def _parts(
    facts: CourseFacts,
    scopes: CourseExposure,
    periods: tuple[DosePeriod, ...],
    intervals: tuple[AccountabilityInterval, ...],
    protocol: Protocol,
) -> tuple[PartAdherence | None, PartAdherence | None]:
    first_dose_on = facts.patient.first_dose_on
    if first_dose_on is None:
        return None, None
    boundary, counted = extension_from(first_dose_on, protocol.regimen), (periods, intervals, facts.kits)
    return (
        part_adherence(scopes.standard, first_dose_on, boundary - ONE_DAY, *counted),
        part_adherence(scopes.extension, boundary, date.max, *counted),
    )


def _adherence(
    facts: CourseFacts,
    periods: tuple[DosePeriod, ...],
    intervals: tuple[AccountabilityInterval, ...],
    protocol: Protocol,
    as_of: date,
) -> CourseAdherence:
    evaluable = sum(interval.evaluable for interval in intervals)
    counts = evaluable, len(intervals) - evaluable
    first_dose_on = facts.patient.first_dose_on
    if first_dose_on is None:
        return CourseAdherence(None, *counts, None)
    until = _until(facts, first_dose_on, protocol, as_of)
    return CourseAdherence(pill_count_percent(intervals), *counts, prescribed_pdc(periods, facts.kits, until))


def _flags(
    first_dose_on: date | None,
    periods: tuple[DosePeriod, ...],
    intervals: tuple[AccountabilityInterval, ...],
    protocol: Protocol,
    as_of: date,
) -> tuple[DoseFlag, ...]:
    if first_dose_on is None:
        return ()
    return dose_flags(periods, intervals, as_of, protocol.regimen, protocol.adherence.overuse_percent)
