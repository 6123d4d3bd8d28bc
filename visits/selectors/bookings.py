"""Appointments that are agreed: of a clinic on its days, and those nobody is to be expected at any more."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from accounts.models import Site
from visits.models import Visit
from visits.rules.booking import takes_place
from visits.selectors.status import status_on, with_context


def booked_visits(sites: Iterable[Site], *, first: date, last: date) -> QuerySet[Visit]:
    """The appointments of these sites from a day to a day, in the order of the clinic's clock."""
    return (
        Visit.objects.filter(patient__site__in=sites, booked_on__range=(first, last), occurred_on=None)
        .exclude(not_done=True)
        .select_related("patient__site")
        .order_by("booked_on", "booked_time", "patient__subject_id")
    )


def bookings_without_place(patient_ids: Sequence[int], *, on: date) -> list[Visit]:
    """The appointments of these patients, from that day on, whose visits do not take place."""
    booked = Visit.objects.filter(
        patient__in=patient_ids, booked_on__gte=on, occurred_on=None, not_done=False
    )
    without_window = booked.filter(target_on=None).select_related("patient")
    judged = [visit for visit in with_context(booked, on=on) if not takes_place(status_on(visit, on=on))]
    return [*without_window, *judged]
