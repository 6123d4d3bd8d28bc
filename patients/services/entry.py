"""What is written of a patient at entry: screening, the assessment, enrolment or screen failure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from patients.facts import patient_facts
from patients.kept import as_json
from patients.models import (
    Consent,
    Contact,
    Disposition,
    EligibilityRecord,
    Enrolment,
    Patient,
    Screening,
    Tumour,
)
from patients.rules.criteria import EligibilityReport, report
from patients.rules.eligibility import EligibilityAssessment
from patients.rules.facts import PatientFacts
from patients.saving import lock_patient, save_record
from patients.signals import announce
from patients.words import CRITERIA
from protocol.codes import DispositionReason, DispositionRecord, EligibilityVerdict


class NotEligible(ValidationError):
    """Enrolment is refused; `assessment` says which criteria stand in the way."""

    def __init__(self, assessment: EligibilityAssessment) -> None:
        lists = (assessment.not_met, assessment.boundary, assessment.excluded_by, assessment.unknown)
        criteria = "; ".join(f"{criterion} {CRITERIA[criterion]}" for found in lists for criterion in found)
        super().__init__(_("Not eligible: %(criteria)s. There is no exception.") % {"criteria": criteria})
        self.assessment = assessment


@transaction.atomic
def screen_patient(
    *,
    by: User,
    patient: Patient,
    tumour: Tumour | None = None,
    screening: Screening | None = None,
    consent: Consent | None = None,
    contact: Contact | None = None,
) -> Patient:
    """Save a new patient with what is known at screening; the records come unsaved and are validated here."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    patient.protocol_version = patient.site.protocol_version
    save_record(patient, by=by)
    for record in (tumour, screening, consent, contact):
        if record is not None:
            record.patient = patient
            save_record(record, by=by)
    announce([patient.pk], "screening")
    return patient


@transaction.atomic
def change_screening(
    *, by: User, patient: Patient, records: Sequence[Patient | Tumour | Screening | Consent], reason: str
) -> None:
    """Complete or correct what was written down at screening, until the patient is enrolled."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    _check_in_screening(patient)
    for record in records:
        if not isinstance(record, Patient):
            record.patient = patient
        save_record(record, by=by, reason=reason, filling=gettext_noop("Screening completed"))
    announce([patient.pk], "screening")


@transaction.atomic
def enrol_patient(*, by: User, patient: Patient, enrolled_on: date) -> Enrolment:
    """Enrol an eligible patient who has consented; nobody can override a criterion. The assessment is kept."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    patient = lock_patient(patient)
    _check_in_screening(patient)
    if not patient.consents.filter(purpose=Consent.Purpose.STUDY, withdrawn_on=None).exists():
        raise ValidationError(_("The signed consent to the study is missing."))
    facts = replace(patient_facts(patient), enrolled_on=enrolled_on)
    found = report(facts, patient.protocol)
    if found.assessment.verdict is not EligibilityVerdict.ELIGIBLE:
        raise NotEligible(found.assessment)
    enrolment = Enrolment(patient=patient, enrolled_on=enrolled_on)
    save_record(enrolment, by=by)
    _keep(by, patient, facts, found, EligibilityRecord.Purpose.ENROLMENT)
    announce([patient.pk], "enrolment")
    return enrolment


@transaction.atomic
def keep_assessment(*, by: User, patient: Patient, on: date) -> EligibilityRecord:
    """The assessment as it stands, kept to be read later; `on` stands for the day of enrolment."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    patient = lock_patient(patient)
    _check_in_screening(patient)
    facts = replace(patient_facts(patient), enrolled_on=on)
    found = report(facts, patient.protocol)
    return _keep(by, patient, facts, found, EligibilityRecord.Purpose.INTERIM)


@transaction.atomic
def close_as_screen_failure(*, by: User, patient: Patient, ended_on: date, note: str) -> Disposition:
    """The patient will not be enrolled: the end of participation, the assessment behind it, and why, stay."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    patient = lock_patient(patient)
    _check_in_screening(patient)
    if not note.strip():
        raise ValidationError({"note": _("Say why the patient is not enrolled.")})
    facts = replace(patient_facts(patient), enrolled_on=ended_on)
    found = report(facts, patient.protocol)
    _keep(by, patient, facts, found, EligibilityRecord.Purpose.SCREEN_FAILURE, note)
    end = Disposition(
        patient=patient,
        record=DispositionRecord.PARTICIPATION,
        ended_on=ended_on,
        reason=DispositionReason.SCREEN_FAILURE,
    )
    save_record(end, by=by)
    announce([patient.pk], "disposition")
    return end


@transaction.atomic
def record_first_dose(*, by: User, patient: Patient, first_dose_on: date, reason: str = "") -> None:
    """T0: the schedule is counted from it, so a change needs a reason and moves the visits."""
    require(by, Permission.ORDER_DOSE, patient.site)
    patient = lock_patient(patient)
    patient.first_dose_on = first_dose_on
    save_record(patient, by=by, reason=reason, filling=gettext_noop("First dose recorded"))
    announce([patient.pk], "first dose")


def _check_in_screening(patient: Patient) -> None:
    if hasattr(patient, "enrolment"):
        raise ValidationError(_("This patient is enrolled already."))
    if patient.dispositions.filter(reason=DispositionReason.SCREEN_FAILURE).exists():
        raise ValidationError(
            _("This patient is a screen failure. To screen the patient again, use a new subject id.")
        )


def _keep(
    by: User,
    patient: Patient,
    facts: PatientFacts,
    found: EligibilityReport,
    purpose: EligibilityRecord.Purpose,
    note: str = "",
) -> EligibilityRecord:
    record = EligibilityRecord(
        patient=patient,
        purpose=purpose,
        verdict=found.assessment.verdict,
        protocol_version=patient.protocol_version,
        inputs=as_json(facts),
        thresholds=as_json(patient.protocol.eligibility),
        criteria=[as_json(line) for line in (*found.inclusion, *found.exclusion)],
        note=note.strip(),
        assessed_at=timezone.now(),
        assessed_by=by,
    )
    save_record(record, by=by)
    return record
