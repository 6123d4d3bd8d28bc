"""The only hands that write the dose ledger: orders, kits out and back, missed doses."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from dosing.models import DoseOrder, Kit, KitReturn, MissedDoses
from dosing.rules.flags import dose_flag_code
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce
from patients.validation import NeedsConfirmation
from protocol.codes import DoseReason, FlagCode


@transaction.atomic
def order_dose(
    *,
    by: User,
    patient: Patient,
    from_on: date,
    pattern_mg: Sequence[int],
    reason: str,
    anchor_on: date | None = None,
    adverse_event: AdverseEvent | None = None,
    comment: str = "",
    confirmed: bool = False,
) -> DoseOrder:
    """Order mg a day from a day on. A dose out of the protocol's range needs `confirmed` and a comment."""
    require(by, Permission.ORDER_DOSE, patient.site)
    if reason == DoseReason.TOXICITY and adverse_event is None:
        raise ValidationError({"adverse_event": _("For toxicity, name the adverse event.")})
    order = DoseOrder(
        patient=lock_patient(patient),
        from_on=from_on,
        pattern_mg=list(pattern_mg),
        anchor_on=anchor_on or from_on,
        reason=reason,
        adverse_event=adverse_event,
        comment=comment,
    )
    order.full_clean()
    if not (confirmed and comment.strip()):
        check_range(patient, pattern_mg)
    save_record(order, by=by)
    announce([patient.pk], "dose order")
    return order


def check_range(patient: Patient, pattern_mg: Sequence[int]) -> None:
    """Raise NeedsConfirmation, in words, for a mean daily dose out of the protocol's range; a hold is inside."""
    regimen = patient.protocol.regimen
    mean = Fraction(sum(pattern_mg), len(pattern_mg))
    code = dose_flag_code(mean, regimen)
    values = {"mean": f"{float(mean):.4g}", "low": regimen.minimum_dose_mg, "high": regimen.planned_dose_mg}
    if code is FlagCode.DOSE_BELOW_300:
        raise NeedsConfirmation(
            _("%(mean)s mg a day is under %(low)s mg: confirm it and say why in the comment.") % values
        )
    if code is FlagCode.DOSE_ABOVE_PLAN:
        raise NeedsConfirmation(
            _("%(mean)s mg a day is over %(high)s mg: confirm it and say why in the comment.") % values
        )


@transaction.atomic
def dispense_kit(
    *,
    by: User,
    patient: Patient,
    kit_id: str,
    dispensed_on: date,
    source: str,
    strength_mg: int,
    tablets: int,
) -> Kit:
    require(by, Permission.ORDER_DOSE, patient.site)
    kit = Kit(
        patient=lock_patient(patient),
        kit_id=kit_id,
        dispensed_on=dispensed_on,
        source=source,
        strength_mg=strength_mg,
        tablets=tablets,
    )
    save_record(kit, by=by)
    announce([patient.pk], "kit")
    return kit


@transaction.atomic
def record_return(
    *,
    by: User,
    kit: Kit,
    returned_on: date,
    tablets_returned: int,
    tablets_lost: int = 0,
    tablets_kept: int = 0,
    reason: str = "",
) -> KitReturn:
    """The count of a kit. A second count of the same kit replaces the first and needs a reason."""
    require(by, Permission.ORDER_DOSE, kit.patient.site)
    lock_patient(kit.patient)
    kit_return = KitReturn.objects.filter(kit=kit).first() or KitReturn(kit=kit)
    kit_return.returned_on = returned_on
    kit_return.tablets_returned = tablets_returned
    kit_return.tablets_lost = tablets_lost
    kit_return.tablets_kept = tablets_kept
    save_record(kit_return, by=by, reason=reason)
    announce([kit.patient_id], "return")
    return kit_return


@transaction.atomic
def record_missed_doses(
    *, by: User, patient: Patient, from_on: date, to_on: date, doses_missed: int, reason: str = ""
) -> MissedDoses:
    """What the patient says was missed between two days; said again from the same day on, it needs a reason."""
    require(by, Permission.ORDER_DOSE, patient.site)
    patient = lock_patient(patient)
    stored = MissedDoses.objects.filter(patient=patient, from_on=from_on).first()
    missed = stored or MissedDoses(patient=patient, from_on=from_on)
    missed.to_on, missed.doses_missed = to_on, doses_missed
    save_record(missed, by=by, reason=reason)
    announce([patient.pk], "missed doses")
    return missed
