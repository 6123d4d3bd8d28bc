"""How a course ends: completed or early, and whether the study lasts long enough for it."""

from datetime import date, timedelta

from protocol.days import planned_end_on
from protocol.definition import Protocol, Regimen


def ended_early(first_dose_on: date | None, treatment_ended_on: date | None, regimen: Regimen) -> bool:
    """Whether the last dose was more than the tolerance before the planned end."""
    if first_dose_on is None or treatment_ended_on is None:
        return False
    tolerance = timedelta(days=regimen.completed_tolerance_days)
    return treatment_ended_on < planned_end_on(first_dose_on, regimen) - tolerance


def outlasts_study(first_dose_on: date, protocol: Protocol) -> bool:
    """Whether the planned course runs past study completion: a warning at entry, never a refusal."""
    return planned_end_on(first_dose_on, protocol.regimen) > protocol.study.completes_on
