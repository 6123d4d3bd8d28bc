"""Calls to patients who did not come, written down one by one."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from patients.saving import save_record
from patients.signals import announce
from visits.models import ContactAttempt, Visit
from visits.services.recording import is_recorded
from visits.services.revision import lock_visit


@transaction.atomic
def record_contact(
    *, by: User, visit: Visit, on: date, channel: str, reached: bool, note: str = ""
) -> ContactAttempt:
    """One attempt to reach the patient about a visit that was missed."""
    require(by, Permission.RECORD_VISIT, visit.patient.site)
    visit = lock_visit(visit)
    if is_recorded(visit):
        raise ValidationError(_("This visit is recorded already: nobody has to be called about it."))
    attempt = ContactAttempt(visit=visit, on=on, channel=channel, reached=reached, note=note.strip())
    attempt.recorded_at, attempt.recorded_by = timezone.now(), by
    save_record(attempt, by=by)
    announce([visit.patient_id], "contact")
    return attempt
