"""Whom next? The visits and the loose ends of the sites a person works at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Q, QuerySet

from accounts.models import Site, User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from patients.models import Patient
from protocol.codes import VisitStatus
from protocol.days import ONE_DAY
from visits.models import UNSCHEDULED, Visit
from visits.rules.agenda import Section, last_day_of_week_ahead, visit_section
from visits.rules.overdue import LONGEST_OVERDUE, OPEN
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

    def sites(self, user: User) -> QuerySet[Site]:
        found = sites_visible_to(user, Permission.VIEW_WORKLIST)
        return found.filter(code=self.site) if self.site else found

    def patients(self, user: User) -> QuerySet[Patient]:
        found: QuerySet[Patient] = Patient.objects.filter(self.of(user, ""))
        return found

    def of(self, user: User, patient: str = "patient__") -> Q:
        """The same of rows of another kind; `patient` is the way to the patient of one."""
        found = Q(**{f"{patient}site__in": self.sites(user)})
        return found & Q(**{f"{patient}subject_id__icontains": self.search}) if self.search else found


def visit_items(user: User, scope: Scope, *, among: QuerySet[Patient] | None = None) -> list[VisitItem]:
    """Every visit somebody should do something about, each under one heading, by day; or of the patients `among`."""
    visits = _candidates(scope.patients(user) if among is None else among, scope)
    return [*_overdue(visits, scope), *_upcoming(visits, scope)]


def overdue_items(patients: QuerySet[Patient], scope: Scope) -> list[VisitItem]:
    """Those who have not come, each by the latest visit that is overdue."""
    return list(_overdue(_candidates(patients, scope), scope))


def _candidates(patients: QuerySet[Patient], scope: Scope) -> QuerySet[Visit]:
    visits = Visit.objects.filter(
        unrecorded(on=scope.on, today=scope.today), patient__in=patients.values("pk")
    ).exclude(visit=UNSCHEDULED)
    return with_context(visits, on=scope.on).filter(still_expected(on=scope.on))


def _overdue(visits: QuerySet[Visit], scope: Scope) -> Iterable[VisitItem]:
    """The latest overdue visit of each patient. Who has not come for longer than a year has newer ones as well."""
    passed_on = (scope.on - LONGEST_OVERDUE, scope.on - ONE_DAY)
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
    return sorted(
        items, key=lambda item: (item.on, item.visit.booked_time or time.max, item.visit.patient.subject_id)
    )


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
