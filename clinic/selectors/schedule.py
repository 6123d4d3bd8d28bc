"""What a patient takes home: the days to come, and nothing of what is done on them."""

from dataclasses import dataclass
from datetime import date, time

from django.apps import apps
from django.db.models import QuerySet

from patients.models import Patient
from protocol.codes import VisitStatus
from protocol.days import add_months
from reminders.calendars import Entry
from visits.models import Visit
from visits.rules.working_days import IsWorkingDay, suggested_appointment
from visits.selectors import projected, status_on, with_context, working_days

MONTHS_AHEAD = 12  # what lies further ahead moves too often to be printed
_EXPECTED = {VisitStatus.PLANNED, VisitStatus.DUE, VisitStatus.MISSED}


@dataclass(frozen=True, slots=True)
class ComingDay:
    """`is_booked`: agreed; otherwise the visit is planned around the day, and the patient is asked to call."""

    on: date
    at: time | None
    is_booked: bool


def coming_days(patient: Patient, *, on: date) -> tuple[ComingDay, ...]:
    """The days of the year ahead on which the patient is expected at the clinic, in order."""
    is_working_day = working_days([patient.site_id])[patient.site_id]
    days = [_coming_day(visit, is_working_day) for visit in _expected(patient, on)]
    last = add_months(on, MONTHS_AHEAD)
    ahead = [day for day in days if day is not None and on <= day.on <= last]
    return tuple(sorted(ahead, key=lambda day: (day.on, day.at or time.min)))


def calendar_entries(patient: Patient, *, on: date) -> list[tuple[Visit, Entry]]:
    """The appointments from a day on, and those taken back, so that a calendar takes them out again."""
    rows = Visit.objects.filter(patient=patient, occurred_on=None, not_done=False)
    rows = rows.select_related("patient__site").order_by("visitnum")
    agreed = [
        (visit, Entry(visit.booked_on, visit.booked_time))
        for visit in rows.filter(booked_on__gte=on)
        if visit.booked_on is not None
    ]
    return [*agreed, *_taken_back(rows.filter(booked_on=None, revision__gt=0), on)]


def _taken_back(unbooked: QuerySet[Visit], on: date) -> list[tuple[Visit, Entry]]:
    """By the trail: the last day each of these visits was booked for."""
    trail = apps.get_model("visits", "VisitEvent").objects.filter(pgh_obj__in=unbooked)
    last = {
        pk: Entry(day, at, is_cancelled=True)
        for pk, day, at in trail.exclude(booked_on=None)
        .order_by("pgh_id")
        .values_list("pgh_obj", "booked_on", "booked_time")
    }
    return [(visit, last[visit.pk]) for visit in unbooked if visit.pk in last and last[visit.pk].on >= on]


def _expected(patient: Patient, on: date) -> list[Visit]:
    rows = with_context(Visit.objects.filter(patient=patient, occurred_on=None, not_done=False), on=on)
    return [row for row in rows if status_on(row, on=on) in _EXPECTED]


def _coming_day(visit: Visit, is_working_day: IsWorkingDay) -> ComingDay | None:
    if visit.booked_on is not None:
        return ComingDay(visit.booked_on, visit.booked_time, is_booked=True)
    window = projected(visit)
    if window is None or visit.patient.protocol.visit(visit.visit).is_by_telephone:
        return None
    day = suggested_appointment(window.target_on, window.opens_on, window.closes_on, is_working_day)
    return ComingDay(day, None, is_booked=False)
