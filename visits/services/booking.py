"""Appointments given to patients and taken back."""

from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from patients.saving import save_record
from patients.signals import announce
from visits.models import Visit
from visits.services.recording import is_recorded
from visits.services.revision import lock_visit


@transaction.atomic
def book_visit(
    *,
    by: User,
    visit: Visit,
    booked_on: date,
    booked_time: time | None = None,
    expected_revision: int | None = None,
) -> Visit:
    """Give the patient a day, and if known a time; a second booking moves the first."""
    return _book(by, visit, booked_on, booked_time, expected_revision, gettext_noop("Visit booked"))


@transaction.atomic
def cancel_booking(*, by: User, visit: Visit, expected_revision: int | None = None) -> Visit:
    return _book(by, visit, None, None, expected_revision, gettext_noop("Booking cancelled"))


def _book(
    by: User, visit: Visit, day: date | None, at: time | None, expected_revision: int | None, reason: str
) -> Visit:
    require(by, Permission.RECORD_VISIT, visit.patient.site)
    visit = lock_visit(visit, expected_revision)
    if is_recorded(visit):
        raise ValidationError(_("This visit is recorded already: there is nothing to book."))
    visit.booked_on, visit.booked_time, visit.booked_at = day, at, timezone.now() if day else None
    visit.did_not_come = False
    visit.revision += 1
    save_record(visit, by=by, reason=reason)
    announce([visit.patient_id], "booking")
    return visit
