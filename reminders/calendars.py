"""The calendar entry of a booked visit (RFC 5545): clinic, day, time, place; nothing else.

A moved visit keeps its UID and grows in SEQUENCE, so that a calendar which has the entry moves it.
"""

from datetime import datetime
from email.mime.text import MIMEText
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

from visits.models import Visit

PRODUCT_ID = "-//Appointments//EN"
FILE_NAME = "appointment.ics"


def appointment_calendar(visit: Visit, *, language: str, now: datetime) -> bytes:
    """The booked appointment of `visit`, in the language that is active."""
    if visit.booked_on is None:
        raise ValueError("only a booked visit has a calendar entry")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if visit.booked_time is not None:
        zone = Timezone.from_tzid(settings.TIME_ZONE, first_date=visit.booked_on)
        zone.pop("COMMENT", None)
        calendar.add_component(zone)
    calendar.add_component(_event(visit, language, now))
    return bytes(calendar.to_ical())


def _event(visit: Visit, language: str, now: datetime) -> Event:
    site = visit.patient.site
    event = Event()
    event.add("uid", str(visit.uuid))
    event.add("sequence", visit.revision)
    event.add("dtstamp", now)
    event.add("dtstart", _starts_at(visit))
    event.add("summary", _("Appointment at %(clinic)s") % {"clinic": site.name_in(language)})
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", _organizer(site.name_in(language)))
    if place := site.place_in(language):
        event.add("location", place)
    if phone := site.phone_in(language):
        event.add("description", _("Phone: %(phone)s") % {"phone": phone})
    return event


def _starts_at(visit: Visit) -> object:
    """An instant of the clinic's clock; without a time the whole day."""
    if visit.booked_on is None or visit.booked_time is None:
        return visit.booked_on
    return datetime.combine(visit.booked_on, visit.booked_time, settings.CLINIC_ZONE)


def _organizer(clinic: str) -> vCalAddress:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["cn"] = clinic
    return organizer


def as_attachment(calendar: bytes) -> MIMEText:
    part = MIMEText(calendar.decode(), "calendar", "utf-8")
    part.set_param("method", "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=FILE_NAME)
    return part
