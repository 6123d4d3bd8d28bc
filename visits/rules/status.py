"""What a visit means on a day: one status, the first that fits."""

from dataclasses import dataclass
from datetime import date

from patients.rules.disposition import ended_early
from protocol.codes import EntryPath, VisitStatus
from protocol.definition import Regimen
from visits.rules.schedule import ProjectedVisit, is_in_window


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """What was recorded of a scheduled visit: the day it took place, or that it was not done."""

    code: str
    occurred_on: date | None = None
    not_done: bool = False


@dataclass(frozen=True, slots=True)
class VisitContext:
    """What else decides. `ended_early_on`: last dose of a treatment ended early. `left_on`: death or end of
    participation, whichever came first."""

    entry_path: str
    enrolled_on: date | None = None
    ended_early_on: date | None = None
    left_on: date | None = None


def visit_context(
    *,
    entry_path: str,
    enrolled_on: date | None,
    first_dose_on: date | None,
    treatment_ended_on: date | None,
    died_on: date | None,
    participation_ended_on: date | None,
    regimen: Regimen,
) -> VisitContext:
    """The context of a patient's visits, from the facts."""
    is_early = ended_early(first_dose_on, treatment_ended_on, regimen)
    departures = [day for day in (died_on, participation_ended_on) if day is not None]
    return VisitContext(
        entry_path, enrolled_on, treatment_ended_on if is_early else None, min(departures, default=None)
    )


def visit_status(
    visit: ProjectedVisit, record: VisitRecord | None, context: VisitContext, *, on: date
) -> VisitStatus:
    """The status of one visit on a day; what is dated after that day is not looked at.

    A "not done" counts from the day the window opens. Only patients who came while already treated have
    visits before enrolment or merged with it; an entry visit that nobody recorded went into the enrolment.
    """
    recorded = _recorded(visit, record, on)
    if recorded is not None:
        return recorded
    before_entry = _before_entry(visit, context)
    if before_entry is not None:
        return before_entry
    if _is_cancelled(visit, context, on):
        return VisitStatus.CANCELLED
    if visit.closes_on < on:
        return VisitStatus.MISSED
    return VisitStatus.DUE if visit.opens_on <= on else VisitStatus.PLANNED


def _recorded(visit: ProjectedVisit, record: VisitRecord | None, on: date) -> VisitStatus | None:
    if record is None:
        return None
    if record.occurred_on is not None and record.occurred_on <= on:
        if is_in_window(record.occurred_on, visit.opens_on, visit.closes_on):
            return VisitStatus.COMPLETED
        return VisitStatus.COMPLETED_OUT_OF_WINDOW
    return VisitStatus.NOT_DONE if record.not_done and visit.opens_on <= on else None


def _before_entry(visit: ProjectedVisit, context: VisitContext) -> VisitStatus | None:
    if context.enrolled_on is None:
        return None
    if visit.is_entry:
        return VisitStatus.MERGED_WITH_ENTRY
    if context.entry_path != EntryPath.ALREADY_TREATED:
        return None
    if visit.closes_on < context.enrolled_on:
        return VisitStatus.PRE_ENROLMENT
    return VisitStatus.MERGED_WITH_ENTRY if visit.opens_on <= context.enrolled_on else None


def _is_cancelled(visit: ProjectedVisit, context: VisitContext, on: date) -> bool:
    ended_on, left_on = context.ended_early_on, context.left_on
    if visit.is_treatment and ended_on is not None and ended_on <= on and ended_on < visit.opens_on:
        return True
    return left_on is not None and left_on <= on and left_on <= visit.closes_on
