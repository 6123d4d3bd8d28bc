"""The chart: every part of it, computed once for one user and one day."""

from dataclasses import dataclass
from datetime import date

from accounts.access import may
from accounts.models import User
from accounts.permissions import Permission
from clinic.selectors.banner import Banner, patient_banner
from clinic.selectors.course import Course, course_of
from clinic.selectors.course_drawing import CourseDrawing, course_drawing
from clinic.selectors.criteria_lines import Eligibility, eligibility
from clinic.selectors.dosing_lines import (
    Adherence,
    IntervalLine,
    OrderLine,
    adherence,
    interval_lines,
    order_lines,
)
from clinic.selectors.event_lines import EventLine, event_lines
from clinic.selectors.lab_lines import LabSheet, lab_sheet
from clinic.selectors.notes import open_questions, worth_knowing
from clinic.selectors.outcome_lines import EndLine, OutcomeLine, end_lines, outcome_lines
from clinic.selectors.visit_lines import VisitLine, visit_lines
from patients.models import Patient
from patients.words import word_of
from protocol.definition import Adherence as AdherenceLimits


@dataclass(frozen=True, slots=True)
class May:
    """What the user may do here: a chart of an earlier day is only for reading."""

    record_visit: bool = False
    order_dose: bool = False
    record_adverse_event: bool = False
    record_outcome: bool = False
    enrol: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    course: Course
    banner: Banner
    may: May
    drawing: CourseDrawing | None
    questions: tuple[str, ...]
    cautions: tuple[str, ...]
    visits: tuple[VisitLine, ...]
    orders: tuple[OrderLine, ...]
    intervals: tuple[IntervalLine, ...]
    adherence: Adherence
    adherence_limits: AdherenceLimits
    events: tuple[EventLine, ...]
    labs: LabSheet
    eligibility: Eligibility
    outcomes: tuple[OutcomeLine, ...]
    ends: tuple[EndLine, ...]
    survival: str


def patient_chart(user: User, patient: Patient, *, on: date, is_today: bool) -> Chart:
    """The chart of a patient whom the user may see: that was decided by the caller."""
    course = course_of(patient, on=on)
    visits, events = visit_lines(course), event_lines(course)
    return Chart(
        course=course,
        banner=patient_banner(user, course),
        may=_may(user, course) if is_today else May(),
        drawing=course_drawing(course, visits, events),
        questions=open_questions(user, course),
        cautions=worth_knowing(course),
        visits=visits,
        orders=order_lines(course, with_later=is_today),
        intervals=interval_lines(course),
        adherence=adherence(course),
        adherence_limits=course.protocol.adherence,
        events=events,
        labs=lab_sheet(course),
        eligibility=eligibility(course),
        outcomes=outcome_lines(course),
        ends=end_lines(course),
        survival=word_of(course.summary.rfs.status) if course.summary.rfs else "",
    )


def _may(user: User, course: Course) -> May:
    site = course.patient.site
    return May(
        record_visit=may(user, Permission.RECORD_VISIT, site),
        order_dose=may(user, Permission.ORDER_DOSE, site),
        record_adverse_event=may(user, Permission.RECORD_ADVERSE_EVENT, site),
        record_outcome=may(user, Permission.RECORD_OUTCOME, site),
        enrol=course.facts.patient.enrolled_on is None and may(user, Permission.ENROL_PATIENT, site),
    )
