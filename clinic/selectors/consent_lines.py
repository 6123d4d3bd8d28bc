"""Consents as the pages list them, and those that are due. The one to reminders stands in the contact."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.selectors.course import Course
from patients.models import Consent, Contact, Patient
from patients.models.consent import Purpose
from patients.rules.consents import Due


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """`record` and `pk` lead to its history. `consented_on`: None where an import says that reminders are wanted."""

    record: str
    pk: int
    purpose: str
    version: str
    consented_on: date | None
    withdrawn_on: date | None
    by_link: bool = False

    @property
    def key(self) -> str:
        return f"{self.record}-{self.pk}"


def consent_lines(course: Course) -> tuple[ConsentLine, ...]:
    """What had been signed by the day of the chart."""
    return consent_lines_of(course.patient, on=course.on)


def consent_lines_of(patient: Patient, *, on: date) -> tuple[ConsentLine, ...]:
    """By purpose and then by day, the one to reminders last; a later withdrawal is not known yet."""
    rows = Consent.objects.filter(patient=patient, consented_on__lte=on)
    signed = tuple(
        ConsentLine(
            record="consent",
            pk=row.pk,
            purpose=str(Purpose(row.purpose).label),
            version=row.version,
            consented_on=row.consented_on,
            withdrawn_on=_by(row.withdrawn_on, on),
        )
        for row in rows.order_by("-purpose", "consented_on", "pk")
    )
    return (*signed, *_reminders(Contact.objects.filter(patient=patient).first(), on))


def _reminders(contact: Contact | None, on: date) -> Iterator[ConsentLine]:
    """Agreed to at some time, by what the site wrote down; withdrawn there, or by the link in a mail."""
    if contact is None or not (contact.reminders or contact.withdrawn_on):
        return
    if contact.opted_in_on and contact.opted_in_on > on:
        return
    opted_out_on = _day(contact.opted_out_at)
    yield ConsentLine(
        record="contact",
        pk=contact.pk,
        purpose=str(Purpose.REMINDERS.label),
        version=contact.form_version,
        consented_on=contact.opted_in_on,
        withdrawn_on=_by(contact.withdrawn_on or opted_out_on, on),
        by_link=opted_out_on is not None and contact.withdrawn_on is None,
    )


def _day(instant: datetime | None) -> date | None:
    return instant.astimezone(timezone.get_current_timezone()).date() if instant else None


def _by(day: date | None, on: date) -> date | None:
    return day if day and day <= on else None


@dataclass(frozen=True, slots=True)
class DueLine:
    """A consent that is due, in words."""

    purpose: str
    version: str
    why: str
    due_on: date


def due_lines(due: Iterable[Due]) -> list[DueLine]:
    return [
        DueLine(str(Purpose(found.purpose).label), found.version, _(found.why), found.due_on) for found in due
    ]
