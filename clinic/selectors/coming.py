"""The visits of a patient that are still to come, and those that nobody has recorded though their window has passed."""

from dataclasses import dataclass
from datetime import date, time

from patients.models import Patient
from protocol.codes import VisitStatus
from visits.models import Visit
from visits.selectors import status_on, with_context
from visits.words import visit_name

_EXPECTED = {VisitStatus.PLANNED, VisitStatus.DUE}
_OPEN = _EXPECTED | {VisitStatus.MISSED}


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit still to come; `is_missed`: its window has passed, and it can still be recorded."""

    code: str
    name: str
    target_on: date | None
    opens_on: date | None
    closes_on: date | None
    booked_on: date | None
    booked_time: time | None
    is_missed: bool = False


def coming_visits(patient: Patient, *, on: date) -> tuple[Coming, ...]:
    """The scheduled visits that are due or planned on a day, in their order."""
    return tuple(visit for visit in open_visits(patient, on=on) if not visit.is_missed)


def open_visits(patient: Patient, *, on: date) -> tuple[Coming, ...]:
    """The scheduled visits that are due, planned or missed on a day, in their order."""
    rows = with_context(Visit.objects.filter(patient=patient), on=on).order_by("target_on", "visitnum")
    judged = [(row, status_on(row, on=on)) for row in rows]
    return tuple(_coming(row, status) for row, status in judged if status in _OPEN)


def _coming(row: Visit, status: VisitStatus | None) -> Coming:
    return Coming(
        code=row.visit,
        name=visit_name(row.patient.protocol, row.visit),
        target_on=row.target_on,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        booked_on=row.booked_on,
        booked_time=row.booked_time,
        is_missed=status == VisitStatus.MISSED,
    )
