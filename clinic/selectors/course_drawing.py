"""The course picture of one patient: the geometry, and the sentence that says what it shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from clinic.selectors.course import Course
from clinic.selectors.event_lines import EventLine
from clinic.selectors.visit_lines import VisitLine, recorded_days
from courses.rules.picture import OutcomePoint, Picture, PictureFacts, VisitPoint, course_picture
from courses.rules.picture_events import EventFacts
from patients.rules.suspicion import first_showing, is_open_suspicion
from protocol.codes import DatePrecision, OutcomeKind, RfsStatus, SupplySource
from protocol.days import round_half_up

DRAWN_OUTCOMES = {OutcomeKind.DISEASE_FREE, OutcomeKind.RECURRENCE, OutcomeKind.DEATH}


@dataclass(frozen=True, slots=True)
class CourseDrawing:
    picture: Picture
    title: str
    on: date


def course_drawing(
    course: Course, visits: tuple[VisitLine, ...], events: tuple[EventLine, ...]
) -> CourseDrawing | None:
    """None before there is a first dose to count from."""
    facts = course.facts
    if facts.patient.first_dose_on is None:
        return None
    drawn = PictureFacts(
        first_dose_on=facts.patient.first_dose_on,
        enrolled_on=facts.patient.enrolled_on,
        periods=course.periods,
        visits=tuple(_visit_points(course, visits)),
        events=tuple(_event(line) for line in events),
        outcomes=tuple(_outcomes(course)),
    )
    return CourseDrawing(
        picture=course_picture(drawn, course.protocol.regimen, on=course.on),
        title=_finding(course),
        on=course.on,
    )


def _visit_points(course: Course, visits: tuple[VisitLine, ...]) -> Iterator[VisitPoint]:
    statuses = {visit.visit: visit.status for visit in course.summary.visits}
    for line, day in recorded_days(visits):
        if line.code in statuses:
            yield VisitPoint(line.code, day, statuses[line.code])


def _event(line: EventLine) -> EventFacts:
    return EventFacts(
        ae_no=line.ae_no,
        term=line.term,
        grade=line.grade,
        started_on=line.started_on,
        ended_on=line.ended_on,
        is_serious=line.is_serious,
        start_precision=line.start.precision,
        end_precision=line.end.precision if line.end else DatePrecision.DAY,
    )


def _outcomes(course: Course) -> Iterator[OutcomePoint]:
    for outcome in course.facts.outcomes:
        if outcome.kind in DRAWN_OUTCOMES or is_open_suspicion(outcome, on=course.on):
            yield OutcomePoint(outcome.kind, outcome.on)
    if course.facts.last_dose_on is not None:
        yield OutcomePoint("STOP", course.facts.last_dose_on)
    study_drug = [kit.dispensed_on for kit in course.facts.kits if kit.source == SupplySource.IP]
    if study_drug:
        yield OutcomePoint("IP_START", min(study_drug))


def _event_so_far(course: Course) -> str:
    """Recurrence, death or an open suspicion: what outweighs everything else in the picture."""
    rfs, outcomes = course.summary.rfs, course.facts.outcomes
    deaths = [outcome.on for outcome in outcomes if outcome.kind == OutcomeKind.DEATH]
    if deaths:
        return _("Died on %(day)s") % {"day": date_format(min(deaths))}
    if rfs is not None and rfs.status == RfsStatus.RECURRENCE:
        values = {"day": date_format(rfs.on), "days": number_format(rfs.days, force_grouping=True)}
        return _("Recurrence on %(day)s, day %(days)s from the first dose") % values
    suspected_on = first_showing(outcomes, on=course.on)
    if suspected_on is not None:
        return _("Recurrence suspected since %(day)s, not confirmed") % {"day": date_format(suspected_on)}
    return ""


def _finding(course: Course) -> str:
    """What the picture shows, as a sentence."""
    exposure, summary = course.summary.exposure.course, course.summary
    if exposure is None:
        return _("Treatment has not begun yet")
    values = {
        "rdi": number_format(round_half_up(exposure.rdi_percent, 2)),
        "day": number_format(exposure.days, force_grouping=True),
        "dose": number_format(round_half_up(summary.dose.mean_daily_mg, 0)) if summary.dose else "0",
    }
    if event := _event_so_far(course):
        return event
    if summary.treatment_ended_on is not None:
        return _("Treatment ended on day %(day)s, with %(rdi)s %% of the planned dose") % values
    if summary.dose is not None and summary.dose.is_hold:
        return _("Day %(day)s of treatment: %(rdi)s %% of the planned dose, on hold now") % values
    return _("Day %(day)s of treatment: %(rdi)s %% of the planned dose, now %(dose)s mg a day") % values
