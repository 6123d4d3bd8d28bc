"""The calendar entry of a booked visit (RFC 5545): clinic, day, time, place; nothing else.

A moved visit keeps its UID and grows in SEQUENCE, so that a calendar which has the entry moves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Timezone

from reminders.rules.vcalendar import lines, parameter, text
from visits.models import Visit

PRODUCT_ID = "-//Appointments//EN"
FILE_NAME = "appointment.ics"


@dataclass(frozen=True, slots=True)
class Entry:
    """A day that a calendar is to hold, or to take out: an instant of the clinic's clock, without a time all day."""

    on: date
    at: time | None = None
    is_cancelled: bool = False

    @property
    def method(self) -> str:
        return "CANCEL" if self.is_cancelled else "PUBLISH"


def appointment_calendar(visit: Visit, entry: Entry, *, language: str, now: datetime) -> str:
    """The appointment of `visit`, in the language that is active."""
    return _calendar([(visit, entry)], entry.method, language, now)


def schedule_calendar(entries: Sequence[tuple[Visit, Entry]], *, language: str, now: datetime) -> str:
    """Several appointments in one file, those that were taken back among them, under the UIDs of the mails."""
    return _calendar(entries, "PUBLISH", language, now)


def _calendar(entries: Sequence[tuple[Visit, Entry]], method: str, language: str, now: datetime) -> str:
    timed = [entry.on.year for _visit, entry in entries if entry.at is not None]
    return "".join(
        (
            lines(["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT_ID}", f"METHOD:{method}"]),
            _zone(min(timed)) if timed else "",
            *(lines(_event(visit, entry, language, now)) for visit, entry in entries),
            lines(["END:VCALENDAR"]),
        )
    )


@lru_cache(maxsize=8)
def _zone(first_year: int) -> str:
    """The clinic's zone from a year on. The library looks for its changes minute by minute, so once is enough."""
    zone = Timezone.from_tzid(settings.TIME_ZONE, first_date=date(first_year, 1, 1))
    zone.pop("COMMENT", None)
    return zone.to_ical().decode()


def _event(visit: Visit, entry: Entry, language: str, now: datetime) -> Iterator[str]:
    site = visit.patient.site
    clinic = site.name_in(language)
    yield "BEGIN:VEVENT"
    yield f"UID:{visit.uuid}"
    yield f"SEQUENCE:{visit.revision}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield _start(entry)
    yield f"SUMMARY:{text(_('Appointment at %(clinic)s') % {'clinic': clinic})}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "CLASS:PRIVATE"
    yield f"ORGANIZER;CN={parameter(clinic)}:mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    if place := site.place_in(language):
        yield f"LOCATION:{text(place)}"
    if phone := site.phone_in(language):
        yield f"DESCRIPTION:{text(_('Phone: %(phone)s') % {'phone': phone})}"
    yield "END:VEVENT"


def _start(entry: Entry) -> str:
    if entry.at is None:
        return f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}"
    return f"DTSTART;TZID={settings.TIME_ZONE}:{entry.on:%Y%m%d}T{entry.at:%H%M%S}"
