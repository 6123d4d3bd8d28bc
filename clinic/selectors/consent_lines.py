"""Consents as the chart lists them, and those that are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clinic.selectors.course import Course
from patients.models import Consent
from patients.rules.consents import Due


@dataclass(frozen=True, slots=True)
class ConsentLine:
    pk: int
    purpose: str
    version: str
    consented_on: date
    withdrawn_on: date | None


def consent_lines(course: Course) -> tuple[ConsentLine, ...]:
    """What had been signed by the day, by purpose and then by day; a later withdrawal is not known yet."""
    rows = Consent.objects.filter(patient=course.patient, consented_on__lte=course.on)
    return tuple(
        ConsentLine(
            pk=row.pk,
            purpose=str(Consent.Purpose(row.purpose).label),
            version=row.version,
            consented_on=row.consented_on,
            withdrawn_on=row.withdrawn_on if row.withdrawn_on and row.withdrawn_on <= course.on else None,
        )
        for row in rows.order_by("-purpose", "consented_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class DueLine:
    """A consent that is due, in words."""

    purpose: str
    version: str
    why: str
    due_on: date


def due_lines(due: Iterable[Due]) -> list[DueLine]:
    return [
        DueLine(str(Consent.Purpose(found.purpose).label), found.version, _(found.why), found.due_on)
        for found in due
    ]
