"""What is looked at before a day is agreed: the month around it, and who else comes on the day."""

from dataclasses import dataclass
from datetime import date, time

from accounts.models import Site
from clinic.selectors.consultation import suggested_day
from clinic.selectors.month import Month, Place, month_of
from visits.models import SiteCalendarDay, Visit
from visits.selectors import booked_visits, closures
from visits.words import visit_name


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment in the clinic's book."""

    visit: Visit
    name: str
    subject_id: str
    at: time | None


@dataclass(frozen=True, slots=True)
class BookingView:
    """`same_day`: other visits with the same target, which one contact may serve too. `is_after_study`: the window
    opens when the study is over already."""

    suggested_on: date | None
    chosen_on: date
    month: Month
    others: tuple[Booked, ...]
    same_day: tuple[str, ...]
    completes_on: date
    is_after_study: bool


def booking_view(visit: Visit, *, chosen_on: date | None, month_on: date | None, on: date) -> BookingView:
    """The month of `month_on`, else of the chosen day, else of the booked or suggested one."""
    suggested_on = suggested_day(visit)
    chosen_on = chosen_on or visit.booked_on or suggested_on or on
    place = Place(visit, suggested_on, chosen_on)
    completes_on = visit.patient.protocol.study.completes_on
    return BookingView(
        suggested_on=suggested_on,
        chosen_on=chosen_on,
        month=month_of(visit.patient.site, month_on or chosen_on, on=on, place=place),
        others=tuple(
            one for one in booked_on_days(visit.patient.site, chosen_on, chosen_on) if one.visit != visit
        ),
        same_day=_same_day(visit),
        completes_on=completes_on,
        is_after_study=visit.target_on is not None and visit.target_on > completes_on,
    )


def _same_day(visit: Visit) -> tuple[str, ...]:
    if visit.target_on is None:
        return ()
    rows = Visit.objects.filter(
        patient=visit.patient, target_on=visit.target_on, occurred_on=None, not_done=False
    ).exclude(pk=visit.pk)
    return tuple(visit_name(visit.patient.protocol, row.visit) for row in rows.order_by("visitnum"))


def booked_on_days(site: Site, first: date, last: date) -> tuple[Booked, ...]:
    """Who is booked at a site from a day to a day."""
    return tuple(
        Booked(row, visit_name(row.patient.protocol, row.visit), row.patient.subject_id, row.booked_time)
        for row in booked_visits([site], first=first, last=last)
    )


@dataclass(frozen=True, slots=True)
class CalendarView:
    """`on_closed_days`: appointments, from today on, of days on which the clinic is closed."""

    month: Month
    own_days: tuple[SiteCalendarDay, ...]
    on_closed_days: tuple[Booked, ...]


def calendar_view(site: Site, *, month_on: date, chosen_on: date | None, on: date) -> CalendarView:
    """A site's month, what it has entered itself from today on, and who is booked where nobody will be."""
    booked = booked_on_days(site, on, date.max)
    last = max((one.visit.booked_on for one in booked if one.visit.booked_on), default=on)
    closed = {day for day, found in closures(site, first=on, last=last).items() if not found.is_open}
    return CalendarView(
        month=month_of(site, month_on, on=on, place=Place(chosen_on=chosen_on)),
        own_days=tuple(SiteCalendarDay.objects.filter(site=site, on__gte=on)),
        on_closed_days=tuple(one for one in booked if one.visit.booked_on in closed),
    )


def own_day(site: Site, day: date) -> SiteCalendarDay | None:
    """The entry of a site's own calendar for a day."""
    return SiteCalendarDay.objects.filter(site=site, on=day).select_related("site").first()
