"""Since when somebody should call a patient: the worklist's own rule, over the stored visits of one patient."""

from collections.abc import Iterator
from datetime import date

from courses.rules.facts import CourseFacts
from courses.rules.records import PlannedVisit
from courses.rules.visits import context_of
from protocol.definition import Protocol
from visits.rules.overdue import is_overdue
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitContext, VisitRecord, visit_status


def overdue_since(
    facts: CourseFacts, planned: tuple[PlannedVisit, ...], protocol: Protocol, as_of: date
) -> date | None:
    """The day for which the latest overdue visit was booked, or its window closed; None without one.

    `facts` are those known on the day.
    """
    context = context_of(facts, protocol)
    found = [
        (window.target_on, window.number, visit.expected_by)
        for visit in _passed(planned, as_of)
        if (window := visit.projected(protocol)) and _is_overdue(visit, window, context, as_of)
    ]
    return max(found)[-1] if found else None


def _passed(planned: tuple[PlannedVisit, ...], as_of: date) -> Iterator[PlannedVisit]:
    """Visits after the last that took place whose day has passed: the few that need to be judged."""
    took_place = (visit.number for visit in planned if visit.occurred_on and visit.occurred_on <= as_of)
    last = max(took_place, default=-1)
    return (v for v in planned if v.number > last and v.expected_by is not None and v.expected_by < as_of)


def _is_overdue(visit: PlannedVisit, window: ProjectedVisit, context: VisitContext, as_of: date) -> bool:
    record = VisitRecord(visit.code, visit.occurred_on, visit.not_done)
    return is_overdue(
        visit_status(window, record, context, on=as_of),
        closes_on=window.closes_on,
        booked_on=visit.booked_on,
        later_visit_took_place=False,
        on=as_of,
    )
