"""What the principal investigator says to a flagged dose or hold."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from dosing.models import FlagAcknowledgement
from dosing.selectors.flags import flags_of
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce


@transaction.atomic
def acknowledge_flag(
    *, by: User, patient: Patient, code: str, from_on: date, mean_daily_mg: Decimal, comment: str, on: date
) -> FlagAcknowledgement:
    """Seen, and why it is so. Refused for a flag that is no more, or that somebody has acknowledged already."""
    require(by, Permission.ACKNOWLEDGE_FLAG, patient.site)
    lock_patient(patient)
    if (code, from_on, mean_daily_mg) not in {row.key for row in flags_of(patient, on=on)}:
        raise ValidationError(_("This is not flagged any more: the order behind it has been changed."))
    said = FlagAcknowledgement(
        patient=patient,
        code=code,
        from_on=from_on,
        mean_daily_mg=mean_daily_mg,
        comment=comment.strip(),
        acknowledged_by=by,
        acknowledged_at=timezone.now(),
    )
    save_record(said, by=by)
    announce([patient.pk], "flag acknowledged")
    return said
