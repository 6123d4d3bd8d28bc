"""Appointments given to patients and taken back."""

from collections.abc import Sequence
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
from patients.validation import refused
from protocol.sentences import Refusal
from visits.models import Visit
from visits.rules.booking import check_booking
from visits.selectors.bookings import bookings_without_place
from visits.selectors.status import status_today
from visits.services.recording import is_recorded
from visits.services.revision import lock_visit

BOOKED = gettext_noop("Visit booked")
MOVED = gettext_noop("Booking moved")
CANCELLED = gettext_noop("Booking cancelled")
FELL_AWAY = gettext_noop("Booking cancelled: the visit does not take place any more")


@transaction.atomic
def book_visit(
    *,
    by: User,
    visit: Visit,
    booked_on: date,
    booked_time: time | None = None,
    expected_revision: int | None = None,
    reason: str = "",
) -> Visit:
    """Give the patient a day, and if known a time; a second booking moves the first. `reason`: kept in the trail."""
    visit = _held(by, visit, expected_revision)
    today = timezone.localdate()
    try:
        check_booking(booked_on, status_today(visit, on=today), on=today)
    except Refusal as refusal:
        raise refused(refusal, "booked_on") from refusal
    return _book(by, visit, booked_on, booked_time, reason.strip() or (MOVED if visit.booked_on else BOOKED))


@transaction.atomic
def cancel_booking(*, by: User, visit: Visit, expected_revision: int | None = None) -> Visit:
    return _book(by, _held(by, visit, expected_revision), None, None, CANCELLED)


@transaction.atomic
def cancel_fallen_bookings(*, by: User, patient_ids: Sequence[int], on: date) -> None:
    """Take back the appointments, from that day on, of visits that the schedule has no place for any more."""
    for visit in bookings_without_place(patient_ids, on=on):
        _save(by, visit, None, None, FELL_AWAY)


def _held(by: User, visit: Visit, expected_revision: int | None) -> Visit:
    require(by, Permission.RECORD_VISIT, visit.patient.site)
    visit = lock_visit(visit, expected_revision)
    if is_recorded(visit):
        raise ValidationError(_("This visit is recorded already: there is nothing to book."))
    return visit


def _book(by: User, visit: Visit, day: date | None, at: time | None, reason: str) -> Visit:
    _save(by, visit, day, at, reason)
    announce([visit.patient_id], "booking")
    return visit


def _save(by: User, visit: Visit, day: date | None, at: time | None, reason: str) -> None:
    visit.booked_on, visit.booked_time, visit.booked_at = day, at, timezone.now() if day else None
    visit.did_not_come = False
    visit.revision += 1
    save_record(visit, by=by, reason=reason)
