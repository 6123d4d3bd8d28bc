"""Pregnancies recorded and followed to their outcome."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import Pregnancy
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce


@dataclass(frozen=True, slots=True)
class PregnancyValues:
    who: str
    aware_at: datetime
    test_on: date | None = None
    expected_on: date | None = None
    outcome: str = ""
    outcome_on: date | None = None
    note: str = ""


@transaction.atomic
def record_pregnancy(*, by: User, patient: Patient, values: PregnancyValues) -> Pregnancy:
    """A pregnancy under the patient's next number. Imatinib is not stopped by it: that is decided by a person."""
    require(by, Permission.RECORD_ADVERSE_EVENT, patient.site)
    patient = lock_patient(patient)
    last = Pregnancy.objects.filter(patient=patient).aggregate(number=Max("pregnancy_no"))["number"] or 0
    pregnancy = Pregnancy(patient=patient, pregnancy_no=last + 1, **asdict(values))
    save_record(pregnancy, by=by)
    announce([patient.pk], "pregnancy")
    return pregnancy


@transaction.atomic
def change_pregnancy(
    *, by: User, pregnancy: Pregnancy, values: PregnancyValues, reason: str = ""
) -> Pregnancy:
    """What has become known since; overwriting what was entered needs a reason."""
    require(by, Permission.RECORD_ADVERSE_EVENT, pregnancy.patient.site)
    lock_patient(pregnancy.patient)
    pregnancy = Pregnancy.objects.select_related("patient").get(pk=pregnancy.pk)
    vars(pregnancy).update(asdict(values))
    save_record(pregnancy, by=by, reason=reason, filling=gettext_noop("Pregnancy followed up"))
    announce([pregnancy.patient_id], "pregnancy")
    return pregnancy
