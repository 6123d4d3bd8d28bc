"""The chart: the patient in view, and the one part of the chart that was asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import may
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import Pregnancy
from adverse_events.selectors import pregnancies_of
from clinic.selectors.banner import Banner, patient_banner
from clinic.selectors.coming import Coming, coming_visits
from clinic.selectors.consent_lines import ConsentLine, consent_lines
from clinic.selectors.course import Course, course_of
from clinic.selectors.course_drawing import CourseDrawing, course_drawing
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
from clinic.selectors.lab_proposals import ProposalLine, proposal_lines
from clinic.selectors.lab_trends import LabTrend, lab_trends
from clinic.selectors.notes import QueryLine, query_lines, worth_knowing
from clinic.selectors.outcome_lines import EndLine, OutcomeLine, end_lines, outcome_lines
from clinic.selectors.visit_lines import VisitLine, visit_lines
from patients.criteria import Eligibility, eligibility_words
from patients.models import Patient
from patients.rules.criteria import report
from patients.rules.survival import SurvivalLine, survival_lines
from patients.words import word_of
from protocol.definition import Adherence as AdherenceLimits
from visits.selectors import Imaging, imaging_of


@dataclass(frozen=True, slots=True)
class May:
    """What the user may do here: a chart of an earlier day is only for reading."""

    record_visit: bool = False
    order_dose: bool = False
    record_adverse_event: bool = False
    record_outcome: bool = False
    enrol: bool = False
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`part`: what the tab shows, one of the parts below."""

    course: Course
    banner: Banner
    may: May
    tab: str
    part: Any


@dataclass(frozen=True, slots=True)
class CoursePart:
    drawing: CourseDrawing | None
    adherence: Adherence
    survival: str
    queries: tuple[QueryLine, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitsPart:
    visits: tuple[VisitLine, ...]


@dataclass(frozen=True, slots=True)
class DosingPart:
    orders: tuple[OrderLine, ...]
    intervals: tuple[IntervalLine, ...]
    adherence: Adherence
    adherence_limits: AdherenceLimits


@dataclass(frozen=True, slots=True)
class EventsPart:
    events: tuple[EventLine, ...]
    pregnancies: tuple[Pregnancy, ...]
    proposals: tuple[ProposalLine, ...]


@dataclass(frozen=True, slots=True)
class LabsPart:
    labs: LabSheet
    trends: tuple[LabTrend, ...]
    proposals: tuple[ProposalLine, ...]


@dataclass(frozen=True, slots=True)
class OutcomesPart:
    outcomes: tuple[OutcomeLine, ...]
    ends: tuple[EndLine, ...]
    imaging: Imaging
    survival: tuple[SurvivalLine, ...]
    coming: tuple[Coming, ...]
    may_export: bool


@dataclass(frozen=True, slots=True)
class EntryPart:
    eligibility: Eligibility
    consents: tuple[ConsentLine, ...]


@dataclass(frozen=True, slots=True)
class QueriesPart:
    queries: tuple[QueryLine, ...]
    cautions: tuple[str, ...]


def patient_chart(user: User, patient: Patient, *, tab: str, on: date, is_today: bool) -> Chart:
    """One part of the chart of a patient whom the user may see: that was decided by the caller."""
    course = course_of(patient, on=on)
    return Chart(
        course=course,
        banner=patient_banner(user, course),
        may=_may(user, course) if is_today else May(),
        tab=tab,
        part=PARTS[tab](user, course, is_today),
    )


def _course(user: User, course: Course, is_today: bool) -> CoursePart:
    return CoursePart(
        drawing=course_drawing(course, visit_lines(course), event_lines(course)),
        adherence=adherence(course),
        survival=word_of(course.summary.rfs.status) if course.summary.rfs else "",
        queries=tuple(line for line in query_lines(user, course) if line.closed_at is None),
        cautions=worth_knowing(course),
    )


def _visits(user: User, course: Course, is_today: bool) -> VisitsPart:
    return VisitsPart(visit_lines(course))


def _dosing(user: User, course: Course, is_today: bool) -> DosingPart:
    return DosingPart(
        orders=order_lines(course, with_later=is_today),
        intervals=interval_lines(course),
        adherence=adherence(course),
        adherence_limits=course.protocol.adherence,
    )


def _events(user: User, course: Course, is_today: bool) -> EventsPart:
    pregnancies = tuple(pregnancies_of(course.patient))
    return EventsPart(event_lines(course), pregnancies, _proposals(course, is_today))


def _labs(user: User, course: Course, is_today: bool) -> LabsPart:
    sheet = lab_sheet(course)
    return LabsPart(sheet, lab_trends(course, sheet), _proposals(course, is_today))


def _proposals(course: Course, is_today: bool) -> tuple[ProposalLine, ...]:
    """What waits for an answer waits today: an earlier day has no questions."""
    return proposal_lines(course.patient) if is_today else ()


def _outcomes(user: User, course: Course, is_today: bool) -> OutcomesPart:
    facts = course.facts
    return OutcomesPart(
        outcomes=outcome_lines(course),
        ends=end_lines(course),
        imaging=imaging_of(course.patient, on=course.on),
        survival=survival_lines(facts.patient, facts.outcomes, course.protocol, on=course.on),
        coming=coming_visits(course.patient, on=course.on),
        may_export=may(user, Permission.EXPORT_DATA),
    )


def _entry(user: User, course: Course, is_today: bool) -> EntryPart:
    return EntryPart(eligibility_words(report(course.facts.patient, course.protocol)), consent_lines(course))


def _queries(user: User, course: Course, is_today: bool) -> QueriesPart:
    return QueriesPart(query_lines(user, course), worth_knowing(course))


PARTS: dict[str, Callable[[User, Course, bool], Any]] = {
    "course": _course,
    "visits": _visits,
    "dosing": _dosing,
    "events": _events,
    "labs": _labs,
    "outcomes": _outcomes,
    "entry": _entry,
    "queries": _queries,
}


def _may(user: User, course: Course) -> May:
    site, facts = course.patient.site, course.facts
    has_left = facts.participation_ended_on is not None
    is_over = has_left or facts.last_dose_on is not None
    return May(
        record_visit=may(user, Permission.RECORD_VISIT, site),
        order_dose=not is_over and may(user, Permission.ORDER_DOSE, site),
        record_adverse_event=may(user, Permission.RECORD_ADVERSE_EVENT, site),
        record_outcome=may(user, Permission.RECORD_OUTCOME, site),
        enrol=not has_left
        and facts.patient.enrolled_on is None
        and may(user, Permission.ENROL_PATIENT, site),
        consent=may(user, Permission.ENROL_PATIENT, site),
    )
