"""The calendar entry of a booked visit (RFC 5545): clinic, day, time, place; nothing else.

A moved visit keeps its UID and grows in SEQUENCE, so that a calendar which has the entry moves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from email.mime.text import MIMEText
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

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

    @property
    def starts_at(self) -> date:
        return datetime.combine(self.on, self.at, settings.CLINIC_ZONE) if self.at else self.on


def appointment_calendar(visit: Visit, entry: Entry, *, language: str, now: datetime) -> bytes:
    """The appointment of `visit`, in the language that is active."""
    return _calendar([(visit, entry)], entry.method, language, now)


def schedule_calendar(entries: Sequence[tuple[Visit, Entry]], *, language: str, now: datetime) -> bytes:
    """Several appointments in one file, those that were taken back among them, under the UIDs of the mails."""
    return _calendar(entries, "PUBLISH", language, now)


def _calendar(entries: Sequence[tuple[Visit, Entry]], method: str, language: str, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if timed := [entry.on for _visit, entry in entries if entry.at is not None]:
        calendar.add_component(_zone(min(timed).year))
    for visit, entry in entries:
        calendar.add_component(_event(visit, entry, language, now))
    return bytes(calendar.to_ical())


@lru_cache(maxsize=8)
def _zone(first_year: int) -> Timezone:
    """The clinic's zone from a year on. The library looks for its changes minute by minute, so once is enough."""
    zone = Timezone.from_tzid(settings.TIME_ZONE, first_date=date(first_year, 1, 1))
    zone.pop("COMMENT", None)
    return zone


def _event(visit: Visit, entry: Entry, language: str, now: datetime) -> Event:
    site = visit.patient.site
    event = Event()
    event.add("uid", str(visit.uuid))
    event.add("sequence", visit.revision)
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_at)
    event.add("summary", _("Appointment at %(clinic)s") % {"clinic": site.name_in(language)})
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", _organizer(site.name_in(language)))
    if place := site.place_in(language):
        event.add("location", place)
    if phone := site.phone_in(language):
        event.add("description", _("Phone: %(phone)s") % {"phone": phone})
    return event


def _organizer(clinic: str) -> vCalAddress:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["cn"] = clinic
    return organizer


def as_attachment(calendar: bytes, entry: Entry) -> MIMEText:
    part = MIMEText(calendar.decode(), "calendar", "utf-8")
    part.set_param("method", entry.method)
    part.add_header("Content-Disposition", "attachment", filename=FILE_NAME)
    return part
