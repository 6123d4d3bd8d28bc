"""Which visits are overdue: those somebody should call about today."""

from datetime import date, timedelta

from protocol.codes import VisitStatus

# No two visits of the schedule are further apart: who has not come for longer is overdue for a newer one as well.
LONGEST_OVERDUE = timedelta(days=366)
OPEN = frozenset({VisitStatus.MISSED, VisitStatus.DUE, VisitStatus.PLANNED})


def is_overdue(
    status: VisitStatus, *, closes_on: date, booked_on: date | None, later_visit_took_place: bool, on: date
) -> bool:
    """Nothing recorded, no later visit has taken place, and the booked day (unbooked: the window) has passed.

    Visits before enrolment, merged with entry or cancelled are never overdue; nor is imported history, for
    later visits have taken place.
    """
    if status not in OPEN or later_visit_took_place:
        return False
    return (booked_on or closes_on) < on
