"""The course summary as JSON: the keys, their order and the rounding that other programs rely on.

Percentages and intensities are rounded half-up to two decimals here and nowhere before; dates are ISO 8601.
"""

from datetime import date
from fractions import Fraction
from typing import Any

from courses.rules.summary import CourseAdherence, CourseSummary
from courses.rules.visits import CourseVisit
from dosing.rules.exposure import Exposure
from dosing.rules.flags import DoseFlag
from dosing.rules.orders import DoseOrderFacts
from patients.rules.eligibility import EligibilityAssessment
from patients.rules.survival import RecurrenceFreeSurvival
from protocol.days import round_half_up

Json = dict[str, Any]


def as_dict(summary: CourseSummary) -> Json:
    """The summary as the export writes it."""
    return {
        "subject_id": summary.patient.subject_id,
        "entry_path": str(summary.patient.entry_path),
        "eligibility": _eligibility(summary.eligibility),
        "first_dose_on": _day(summary.patient.first_dose_on),
        "extension_from": _day(summary.extension_from),
        "planned_end_on": _day(summary.planned_end_on),
        "as_of": _day(summary.as_of),
        "phase": str(summary.phase),
        "treatment_day": summary.treatment_day,
        "treatment_ended_on": _day(summary.treatment_ended_on),
        "dose": _dose(summary.dose) if summary.dose else None,
        "exposure": {
            "course": _exposure(summary.exposure.course),
            "standard": _exposure(summary.exposure.standard),
            "extension": _exposure(summary.exposure.extension),
        },
        "adherence": _adherence(summary.adherence),
        "flags": [_flag(flag) for flag in summary.flags],
        "visits": [_visit(visit) for visit in summary.visits],
        "next_visit": _window(summary.next_visit) if summary.next_visit else None,
        "rfs": _rfs(summary.rfs) if summary.rfs else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: Fraction | None, digits: int = 2) -> float | None:
    return None if value is None else float(round_half_up(value, digits))


def _eligibility(assessment: EligibilityAssessment) -> Json:
    return {
        "verdict": str(assessment.verdict),
        "not_met": list(assessment.not_met),
        "boundary": list(assessment.boundary),
        "unknown": list(assessment.unknown),
        "excluded_by": list(assessment.excluded_by),
        "modified_nih": str(assessment.modified_nih) if assessment.modified_nih else None,
    }


def _dose(order: DoseOrderFacts) -> Json:
    return {
        "pattern_mg": list(order.pattern_mg),
        "mean_daily_mg": _number(order.mean_daily_mg, 1),
        "on_hold": order.is_hold,
    }


def _exposure(scope: Exposure | None) -> Json | None:
    if scope is None:
        return None
    return {
        "days": scope.days,
        "dosing_days": scope.dosing_days,
        "ordered_mg": scope.ordered_mg,
        "taken_mg": scope.taken_mg,
        "planned_mg": scope.planned_mg,
        "rdi_percent": _number(scope.rdi_percent),
        "intensity_mg_per_day": _number(scope.intensity_mg_per_day),
    }


def _adherence(adherence: CourseAdherence) -> Json:
    return {
        "pill_count_percent": _number(adherence.pill_count_percent),
        "evaluable_intervals": adherence.evaluable_intervals,
        "not_evaluable_intervals": adherence.not_evaluable_intervals,
        "pdc_percent": _number(adherence.pdc_percent),
    }


def _flag(flag: DoseFlag) -> Json:
    """`mean_daily_mg` only where a dose is flagged."""
    written = {"code": str(flag.code), "from_on": _day(flag.from_on), "to_on": _day(flag.to_on)}
    if flag.mean_daily_mg is None:
        return written
    return written | {"mean_daily_mg": _number(flag.mean_daily_mg, 1)}


def _visit(visit: CourseVisit) -> Json:
    return _window(visit) | {"status": str(visit.status), "occurred_on": _day(visit.occurred_on)}


def _window(visit: CourseVisit) -> Json:
    return {
        "visit": visit.visit,
        "target_on": _day(visit.target_on),
        "opens_on": _day(visit.opens_on),
        "closes_on": _day(visit.closes_on),
    }


def _rfs(survival: RecurrenceFreeSurvival) -> Json:
    return {
        "from_on": _day(survival.from_on),
        "entry_day": survival.entry_day,
        "status": str(survival.status),
        "on": _day(survival.on),
        "days": survival.days,
    }
