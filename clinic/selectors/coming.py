"""The visits of a patient that are still to come."""

from dataclasses import dataclass
from datetime import date, time

from patients.models import Patient
from protocol.codes import VisitStatus
from visits.models import Visit
from visits.selectors import status_on, with_context
from visits.words import visit_name

_EXPECTED = {VisitStatus.PLANNED, VisitStatus.DUE}


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit still to come."""

    code: str
    name: str
    target_on: date | None
    opens_on: date | None
    closes_on: date | None
    booked_on: date | None
    booked_time: time | None


def coming_visits(patient: Patient, *, on: date) -> tuple[Coming, ...]:
    """The scheduled visits that are due or planned on a day, in their order."""
    rows = with_context(Visit.objects.filter(patient=patient), on=on).order_by("target_on", "visitnum")
    return tuple(_coming(row) for row in rows if status_on(row, on=on) in _EXPECTED)


def _coming(row: Visit) -> Coming:
    return Coming(
        code=row.visit,
        name=visit_name(row.patient.protocol, row.visit),
        target_on=row.target_on,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        booked_on=row.booked_on,
        booked_time=row.booked_time,
    )
