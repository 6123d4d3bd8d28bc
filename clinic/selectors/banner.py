"""The patient in view: what stands at the top of every page about one of them. Never a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from clinic.selectors.coming import Coming, coming_visits
from clinic.selectors.course import Course
from dosing.selectors.flags import acknowledgements
from patients.models import Patient
from patients.presenters import Flag, dose_words, ended_words, phase_words
from protocol.days import days_between
from review.selectors import open_queries_of
from visits.models import Visit
from visits.words import visit_name


@dataclass(frozen=True, slots=True)
class Banner:
    patient: Patient
    site_name: str
    phase: str
    dose: str
    treatment_ended_on: date | None
    next_visit: Coming | None
    flags: tuple[Flag, ...]
    open_queries: int


def patient_banner(user: User, course: Course) -> Banner:
    summary = course.summary
    return Banner(
        patient=course.patient,
        site_name=str(course.patient.site),
        phase=_phase(course),
        dose=dose_words(summary.dose.pattern_mg if summary.dose else None),
        treatment_ended_on=summary.treatment_ended_on,
        next_visit=_next_visit(course),
        flags=tuple(_open_flags(course)),
        open_queries=open_queries_of(user, course.patient).count(),
    )


def _phase(course: Course) -> str:
    summary = course.summary
    first_dose_on, ended_on = summary.patient.first_dose_on, summary.treatment_ended_on
    if first_dose_on and ended_on:
        return ended_words(first_dose_on, ended_on, course.protocol.regimen)
    return phase_words(summary.phase, summary.treatment_day, _planned_days(course))


def _open_flags(course: Course) -> Iterator[Flag]:
    """What is flagged and still so, until the principal investigator has acknowledged it."""
    said = acknowledgements([course.patient.pk]).get(course.patient.pk, {})
    for flag in course.summary.flags:
        if flag.to_on is None and flag.key not in said:
            yield Flag(flag.code, flag.from_on, None)


def _planned_days(course: Course) -> int | None:
    first, last = course.summary.patient.first_dose_on, course.summary.planned_end_on
    return days_between(first, last) if first and last else None


def _next_visit(course: Course) -> Coming | None:
    """Of the course; once that is over, the first visit of the follow-up."""
    visit = course.summary.next_visit
    if visit is None:
        return _next_of_follow_up(course)
    booked = Visit.objects.filter(patient=course.patient, visit=visit.visit).first()
    return Coming(
        code=visit.visit,
        name=visit_name(course.protocol, visit.visit),
        target_on=visit.target_on,
        opens_on=visit.opens_on,
        closes_on=visit.closes_on,
        booked_on=booked.booked_on if booked else None,
        booked_time=booked.booked_time if booked else None,
    )


def _next_of_follow_up(course: Course) -> Coming | None:
    coming = coming_visits(course.patient, on=course.on)
    return coming[0] if coming else None
