"""Visits as the chart lists them: what was planned, booked and done, and what that means on the day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

from clinic.selectors.course import Course
from clinic.selectors.procedure_lines import ProcedureSheet, procedure_sheet
from courses.rules.visits import CourseVisit
from protocol.codes import OutcomeKind, VisitStatus
from protocol.days import treatment_day
from visits.models import UNSCHEDULED, Visit
from visits.rules.overdue import OPEN, is_overdue
from visits.rules.procedures import asked_about
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitRecord, visit_context, visit_status
from visits.selectors import condition_facts, procedures_at, recorded_procedures
from visits.words import visit_name

OVERDUE = "OVERDUE"
RECORDABLE = {OVERDUE, VisitStatus.DUE, VisitStatus.MISSED}
BOOKABLE = RECORDABLE | {VisitStatus.PLANNED}


@dataclass(frozen=True, slots=True)
class VisitLine:
    pk: int
    code: str
    name: str
    status: str
    target_on: date | None
    opens_on: date | None
    closes_on: date | None
    booked_on: date | None
    booked_time: time | None
    occurred_on: date | None
    treatment_day: int | None
    reason: str
    is_next: bool
    procedures: ProcedureSheet

    @property
    def may_be_recorded(self) -> bool:
        return self.status in RECORDABLE or self.is_next

    @property
    def may_be_booked(self) -> bool:
        return self.status in BOOKABLE


def visit_lines(course: Course) -> tuple[VisitLine, ...]:
    """Every visit of the summary, and of the others those with something recorded or a window that has opened."""
    judged = {visit.visit: visit for visit in course.summary.visits}
    rows = [row for row in Visit.objects.filter(patient=course.patient) if _is_shown(row, judged, course.on)]
    rows.sort(key=lambda row: (row.target_on or row.occurred_on or date.max, row.visitnum))
    statuses = {row.pk: _status(row, judged, course) for row in rows}
    latest = max(
        (row.occurred_on for row in rows if row.occurred_on and row.occurred_on <= course.on), default=None
    )
    sheets = _procedures(rows, course)
    return tuple(
        _line(row, judged.get(row.visit), statuses[row.pk], latest, sheets[row.pk], course) for row in rows
    )


def _procedures(rows: list[Visit], course: Course) -> dict[int, ProcedureSheet]:
    """Of each visit, those asked about where it took place; an unscheduled one is asked for nothing."""
    stored, facts, protocol = recorded_procedures(rows), condition_facts(course.patient), course.protocol
    found = {}
    for row in rows:
        took_place = row.occurred_on is not None and row.occurred_on <= course.on
        is_asked = took_place and row.visit != UNSCHEDULED
        asked = asked_about(procedures_at(protocol, row.visit), facts) if is_asked else ()
        found[row.pk] = procedure_sheet(protocol, asked, stored.get(row.pk, {}) if took_place else {})
    return found


def _is_shown(row: Visit, judged: Mapping[str, CourseVisit], on: date) -> bool:
    if row.visit in judged or row.not_done or row.booked_on is not None:
        return True
    if row.occurred_on is not None:
        return row.occurred_on <= on
    return row.opens_on is not None and row.opens_on <= on


def _status(row: Visit, judged: Mapping[str, CourseVisit], course: Course) -> str:
    if row.visit in judged:
        return judged[row.visit].status
    if row.visit == UNSCHEDULED or row.target_on is None or row.opens_on is None or row.closes_on is None:
        return VisitStatus.COMPLETED if row.occurred_on else VisitStatus.NOT_DONE
    anchor = course.protocol.visit(row.visit).anchor
    projected = ProjectedVisit(row.visit, row.visitnum, row.target_on, row.opens_on, row.closes_on, anchor)
    facts = course.facts
    deaths = [outcome.on for outcome in facts.outcomes if outcome.kind == OutcomeKind.DEATH]
    context = visit_context(
        entry_path=facts.patient.entry_path,
        enrolled_on=facts.patient.enrolled_on,
        first_dose_on=facts.patient.first_dose_on,
        treatment_ended_on=facts.last_dose_on,
        died_on=min(deaths, default=None),
        participation_ended_on=facts.participation_ended_on,
        regimen=course.protocol.regimen,
    )
    record = VisitRecord(row.visit, row.occurred_on, row.not_done)
    return visit_status(projected, record, context, on=course.on)


def _line(
    row: Visit,
    judged: CourseVisit | None,
    status: str,
    latest_on: date | None,
    procedures: ProcedureSheet,
    course: Course,
) -> VisitLine:
    target_on, opens_on, closes_on = (
        (judged.target_on, judged.opens_on, judged.closes_on)
        if judged
        else (row.target_on, row.opens_on, row.closes_on)
    )
    occurred_on = row.occurred_on if row.occurred_on and row.occurred_on <= course.on else None
    first_dose_on = course.facts.patient.first_dose_on
    next_visit = course.summary.next_visit
    return VisitLine(
        pk=row.pk,
        code=row.visit,
        name=visit_name(course.protocol, row.visit),
        status=_or_overdue(status, closes_on, row.booked_on, target_on, latest_on, course.on),
        target_on=target_on,
        opens_on=opens_on,
        closes_on=closes_on,
        booked_on=row.booked_on,
        booked_time=row.booked_time,
        occurred_on=occurred_on,
        treatment_day=treatment_day(first_dose_on, occurred_on) if first_dose_on and occurred_on else None,
        reason=row.reason,
        is_next=next_visit is not None and next_visit.visit == row.visit,
        procedures=procedures,
    )


def _or_overdue(
    status: str,
    closes_on: date | None,
    booked_on: date | None,
    target_on: date | None,
    latest_on: date | None,
    on: date,
) -> str:
    if status not in OPEN or closes_on is None or target_on is None:
        return status
    later = latest_on is not None and latest_on > target_on
    overdue = is_overdue(
        VisitStatus(status), closes_on=closes_on, booked_on=booked_on, later_visit_took_place=later, on=on
    )
    return OVERDUE if overdue else status


def recorded_days(lines: tuple[VisitLine, ...]) -> Iterator[tuple[VisitLine, date]]:
    """Each visit with the day it stands on in the picture: when it took place, otherwise its target."""
    for line in lines:
        day = line.occurred_on or line.target_on
        if day is not None:
            yield line, day
