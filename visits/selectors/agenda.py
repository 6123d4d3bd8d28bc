"""Whom next? The visits and the loose ends of the sites a person works at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from patients.models import Patient
from protocol.codes import VisitStatus
from protocol.days import ONE_DAY
from visits.models import UNSCHEDULED, Visit
from visits.rules.agenda import Section, last_day_of_week_ahead, visit_section
from visits.rules.overdue import OPEN
from visits.rules.working_days import IsWorkingDay
from visits.selectors.status import (
    is_overdue_on,
    projected,
    status_on,
    still_expected,
    unrecorded,
    with_context,
    working_days,
)

# No two visits of the schedule are further apart, so nobody who is overdue is missed.
OVERDUE_SINCE = timedelta(days=366)
LONGEST_WINDOW = timedelta(days=60)  # only to narrow the search; every window of the schedule is shorter


@dataclass(frozen=True, slots=True)
class VisitItem:
    """A visit to be done. `on` is the day it stands for; `also` are earlier visits of the patient, overdue."""

    section: Section
    visit: Visit
    on: date
    status: VisitStatus
    also: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person asked to see: a day, and perhaps one site or a part of the subject id."""

    on: date
    today: date
    site: str = ""
    search: str = ""

    def patients(self, user: User) -> QuerySet[Patient]:
        found: QuerySet[Patient] = Patient.objects.filter(
            site__in=sites_visible_to(user, Permission.VIEW_WORKLIST)
        )
        if self.site:
            found = found.filter(site__code=self.site)
        return found.filter(subject_id__icontains=self.search) if self.search else found

    def holds(self, patient: Patient) -> bool:
        """The same of a patient whom the person is known to see."""
        is_of_site = not self.site or patient.site.code == self.site
        return is_of_site and self.search.casefold() in patient.subject_id.casefold()


def visit_items(user: User, scope: Scope) -> list[VisitItem]:
    """Every visit somebody should do something about, each under one heading, by day."""
    visits = _candidates(user, scope)
    return [*_overdue(visits, scope), *_upcoming(visits, scope)]


def overdue_items(user: User, scope: Scope) -> list[VisitItem]:
    """The patients who have not come, each by the latest visit that is overdue."""
    return list(_overdue(_candidates(user, scope), scope))


def _candidates(user: User, scope: Scope) -> QuerySet[Visit]:
    visits = Visit.objects.filter(
        unrecorded(on=scope.on, today=scope.today), patient__in=scope.patients(user).values("pk")
    ).exclude(visit=UNSCHEDULED)
    return with_context(visits, on=scope.on).filter(still_expected(on=scope.on))


def _overdue(visits: QuerySet[Visit], scope: Scope) -> Iterable[VisitItem]:
    """The latest overdue visit of each patient. Who has not come for longer than a year has newer ones as well."""
    passed_on = (scope.on - OVERDUE_SINCE, scope.on - ONE_DAY)
    passed = Q(booked_on__range=passed_on) | Q(booked_on__isnull=True, closes_on__range=passed_on)
    nothing_later = Q(later_visit_took_place=False)
    by_patient: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits.filter(passed & nothing_later).order_by("target_on", "visitnum"):
        status = status_on(visit, on=scope.on)
        if status and is_overdue_on(visit, status, on=scope.on):
            by_patient[visit.patient_id].append(visit)
    items = [
        VisitItem(
            Section.OVERDUE,
            latest,
            latest.booked_on or latest.closes_on or scope.on,
            VisitStatus.MISSED,
            tuple(earlier),
        )
        for *earlier, latest in by_patient.values()
    ]
    return sorted(items, key=lambda item: (item.on, item.visit.patient.subject_id))


def _upcoming(visits: QuerySet[Visit], scope: Scope) -> Iterable[VisitItem]:
    last = last_day_of_week_ahead(scope.on)
    unbooked = Q(
        booked_on__isnull=True, opens_on__lte=last, closes_on__range=(scope.on, last + LONGEST_WINDOW)
    )
    found = list(visits.filter(Q(booked_on__range=(scope.on, last)) | unbooked))
    is_open = working_days({visit.patient.site_id for visit in found})
    items = [
        VisitItem(place[0], visit, place[1], status)
        for visit in found
        if (status := status_on(visit, on=scope.on)) in OPEN
        and (place := _place(visit, scope.on, is_open[visit.patient.site_id]))
    ]
    return sorted(items, key=lambda item: (item.on, item.visit.booked_time or time.max, item.visit.pk))


def _place(visit: Visit, on: date, is_working_day: IsWorkingDay) -> tuple[Section, date] | None:
    window = projected(visit)
    if window is None:
        return None
    reminders = visit.patient.protocol.reminders
    return visit_section(
        target_on=window.target_on,
        opens_on=window.opens_on,
        closes_on=window.closes_on,
        booked_on=visit.booked_on,
        on=on,
        is_working_day=is_working_day,
        closing_working_days=reminders.closing_window_working_days,
    )
