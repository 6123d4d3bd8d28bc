"""The visits of the course summary: the treatment visits, and those that end treatment once it has ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from courses.rules.facts import CourseFacts
from protocol.codes import OutcomeKind, VisitStatus
from protocol.days import planned_end_on
from protocol.definition import Protocol, ScheduledVisit
from visits.rules.schedule import Anchors, ProjectedVisit, project_visits
from visits.rules.status import VisitContext, visit_context, visit_status

EARLY_END_VISIT = "EOT"
SAFETY_FOLLOW_UP = "SFU"


@dataclass(frozen=True, slots=True)
class CourseVisit:
    """A visit of the schedule, its window, what it means on the day, and when it took place."""

    visit: str
    target_on: date
    opens_on: date
    closes_on: date
    status: VisitStatus
    occurred_on: date | None


def course_visits(facts: CourseFacts, protocol: Protocol, as_of: date) -> tuple[CourseVisit, ...]:
    """Visits in schedule order; `facts` are those known on the day. Empty without a first dose."""
    patient = facts.patient
    if patient.first_dose_on is None:
        return ()
    recorded = frozenset(record.code for record in facts.visits)
    anchors = Anchors(
        patient.entry_path, patient.first_dose_on, patient.enrolled_on, facts.last_dose_on, recorded=recorded
    )
    projected = project_visits(protocol, anchors, _shown(facts, patient.first_dose_on, protocol, as_of))
    return _judged(facts, projected, protocol, as_of)


def next_visit(visits: tuple[CourseVisit, ...]) -> CourseVisit | None:
    """The first visit that is due or planned."""
    waiting = (VisitStatus.DUE, VisitStatus.PLANNED)
    return next((visit for visit in visits if visit.status in waiting), None)


def context_of(facts: CourseFacts, protocol: Protocol) -> VisitContext:
    """What else decides what a visit means, of the facts known on the day."""
    patient = facts.patient
    deaths = [outcome.on for outcome in facts.outcomes if outcome.kind == OutcomeKind.DEATH]
    return visit_context(
        entry_path=patient.entry_path,
        enrolled_on=patient.enrolled_on,
        first_dose_on=patient.first_dose_on,
        treatment_ended_on=facts.last_dose_on,
        died_on=min(deaths, default=None),
        participation_ended_on=facts.participation_ended_on,
        regimen=protocol.regimen,
    )


def _shown(
    facts: CourseFacts, first_dose_on: date, protocol: Protocol, as_of: date
) -> Iterator[ScheduledVisit]:
    is_over = facts.last_dose_on is not None or as_of > planned_end_on(first_dose_on, protocol.regimen)
    codes = (EARLY_END_VISIT, SAFETY_FOLLOW_UP) if is_over else ()
    return (visit for visit in protocol.schedule if visit.anchor == "FIRST_DOSE" or visit.code in codes)


def _judged(
    facts: CourseFacts, projected: tuple[ProjectedVisit, ...], protocol: Protocol, as_of: date
) -> tuple[CourseVisit, ...]:
    context = context_of(facts, protocol)
    records = {record.code: record for record in facts.visits}
    return tuple(
        CourseVisit(
            visit.code,
            visit.target_on,
            visit.opens_on,
            visit.closes_on,
            visit_status(visit, records.get(visit.code), context, on=as_of),
            records[visit.code].occurred_on if visit.code in records else None,
        )
        for visit in projected
    )
