"""Flagged doses and holds, and what the principal investigator has said to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from dosing.models import DoseOrder, FlagAcknowledgement
from dosing.rules.flags import DoseFlag, FlagKey, dose_flags
from dosing.rules.orders import dose_periods
from patients.models import Disposition, Patient
from protocol.codes import DispositionRecord


@dataclass(frozen=True, slots=True)
class FlagState:
    """`acknowledgement` None: nobody has said anything to it yet. It stays in the history either way."""

    flag: DoseFlag
    acknowledgement: FlagAcknowledgement | None

    @property
    def key(self) -> FlagKey:
        return self.flag.key


def flags_of(patient: Patient, *, on: date) -> tuple[FlagState, ...]:
    """Every flag of the doses and holds of a patient whom the user may see, ended ones too, the latest first.

    What is flagged of tablets is a query, and not here.
    """
    orders = DoseOrder.objects.filter(patient=patient, from_on__lte=on).select_related("adverse_event")
    ends = Disposition.objects.filter(
        patient=patient, record=DispositionRecord.TREATMENT, last_dose_on__lte=on
    )
    periods = dose_periods([row.facts for row in orders], ends.values_list("last_dose_on", flat=True).first())
    protocol = patient.protocol
    flags = dose_flags(periods, (), on, protocol.regimen, protocol.adherence.overuse_percent)
    said = acknowledgements([patient.pk]).get(patient.pk, {})
    return tuple(FlagState(flag, said.get(flag.key)) for flag in reversed(flags))


def acknowledgements(patient_ids: Iterable[int]) -> dict[int, dict[FlagKey, FlagAcknowledgement]]:
    """What was said to the flags of these patients, in one statement."""
    found: dict[int, dict[FlagKey, FlagAcknowledgement]] = {}
    rows = FlagAcknowledgement.objects.filter(patient_id__in=list(patient_ids))
    for row in rows.select_related("acknowledged_by"):
        found.setdefault(row.patient_id, {})[(row.code, row.from_on, row.mean_daily_mg)] = row
    return found


def provisional_orders(user: User, permission: Permission = Permission.VIEW_PATIENTS) -> QuerySet[DoseOrder]:
    """Orders that wait for an investigator, of the patients `user` may see, the longest waiting first."""
    patients = Patient.objects.visible_to(user, permission)
    rows = DoseOrder.objects.filter(is_provisional=True, patient__in=patients)
    return rows.select_related("patient__site", "adverse_event").order_by("from_on", "patient__subject_id")
