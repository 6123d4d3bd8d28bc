"""Tablets out and back, and the doses the patient says were missed."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from audit.context import recording
from audit.refusals import refusals_as_validation_errors
from dosing.models import Kit, KitReturn, MissedDoses
from dosing.rules.transition import earliest_study_drug_on
from patients.models import Patient
from patients.saving import ReasonMissing, lock_patient, save_record
from patients.signals import announce
from protocol.codes import SupplySource


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
    lot: str = "",
    expires_on: date | None = None,
) -> Kit:
    """Hand out a kit. One that has expired is refused, and study drug before the protocol hands it out."""
    require(by, Permission.ORDER_DOSE, patient.site)
    if source == SupplySource.IP:
        _check_transition(patient, dispensed_on)
    kit = Kit(
        patient=lock_patient(patient),
        kit_id=kit_id,
        dispensed_on=dispensed_on,
        source=source,
        strength_mg=strength_mg,
        tablets=tablets,
        lot=lot,
        expires_on=expires_on,
    )
    save_record(kit, by=by)
    announce([patient.pk], "kit")
    return kit


@transaction.atomic
def correct_kit(*, by: User, kit: Kit, values: Mapping[str, object], reason: str) -> Kit:
    """Change what was written down of a kit, with a reason; `values` by the names of its fields."""
    require(by, Permission.ORDER_DOSE, kit.patient.site)
    lock_patient(kit.patient)
    for name, value in values.items():
        setattr(kit, name, value)
    with refusals_as_validation_errors():
        saved = save_record(kit, by=by, reason=reason)
    if saved:
        announce([kit.patient_id], "kit")
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
def remove_return(*, by: User, kit: Kit, reason: str) -> None:
    """Take out a count that was written down for a kit that did not come back; refused if a later count rests on it."""
    require(by, Permission.ORDER_DOSE, kit.patient.site)
    if not reason.strip():
        raise ReasonMissing(_("Saved values change: say why."), code="reason")
    lock_patient(kit.patient)
    with recording(by=by, reason=reason):
        for row in KitReturn.objects.filter(kit=kit):
            row.delete()
    for other in KitReturn.objects.filter(kit__patient=kit.patient_id)[:1]:
        other.clean()  # looks at all of them
    announce([kit.patient_id], "return")


@transaction.atomic
def record_missed_doses(
    *,
    by: User,
    patient: Patient,
    from_on: date,
    to_on: date,
    doses_missed: int,
    reason: str = "",
    replaces: MissedDoses | None = None,
) -> MissedDoses:
    """What the patient says was missed between two days; said again from the same day on, it needs a reason.

    `replaces`: what was written down before, also if it began on another day.
    """
    require(by, Permission.ORDER_DOSE, patient.site)
    patient = lock_patient(patient)
    stored = replaces or MissedDoses.objects.filter(patient=patient, from_on=from_on).first()
    missed = stored or MissedDoses(patient=patient)
    missed.from_on, missed.to_on, missed.doses_missed = from_on, to_on, doses_missed
    save_record(missed, by=by, reason=reason)
    announce([patient.pk], "missed doses")
    return missed


def _check_transition(patient: Patient, dispensed_on: date) -> None:
    """Study drug belongs to the extension; it is handed out a few days early at the most."""
    if patient.first_dose_on is None:
        raise ValidationError(
            {"source": _("There is no first dose yet: study drug belongs to the extension.")}
        )
    earliest = earliest_study_drug_on(patient.first_dose_on, patient.protocol.regimen)
    if dispensed_on < earliest:
        day = {"day": date_format(earliest)}
        raise ValidationError({"source": _("Study drug is handed out from %(day)s on, not before.") % day})
