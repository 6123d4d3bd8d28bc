"""What is written of a patient: screening, enrolment, first dose, the contact."""

import uuid
from collections.abc import Sequence
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
from patients.models import Consent, Contact, Enrolment, Patient, Screening, Tumour
from patients.rules.eligibility import EligibilityAssessment, assess
from patients.saving import lock_patient, save_record
from patients.signals import announce
from patients.words import CRITERIA
from protocol.codes import EligibilityVerdict

OPTED_OUT = gettext_noop("Opted out through the link")


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
    if hasattr(patient, "enrolment"):
        raise ValidationError(_("This patient is enrolled already."))
    for record in records:
        if not isinstance(record, Patient):
            record.patient = patient
        save_record(record, by=by, reason=reason, filling=gettext_noop("Screening completed"))
    announce([patient.pk], "screening")


def eligibility_of(patient: Patient) -> EligibilityAssessment:
    return assess(patient_facts(patient), patient.protocol)


@transaction.atomic
def enrol_patient(*, by: User, patient: Patient, enrolled_on: date) -> Enrolment:
    """Enrol an eligible patient who has consented; nobody can override a criterion."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    patient = lock_patient(patient)
    if hasattr(patient, "enrolment"):
        raise ValidationError(_("This patient is enrolled already."))
    if not patient.consents.filter(purpose=Consent.Purpose.STUDY, withdrawn_on=None).exists():
        raise ValidationError(_("The signed consent to the study is missing."))
    enrolment = patient.enrolment = Enrolment(patient=patient, enrolled_on=enrolled_on)
    assessment = eligibility_of(patient)
    if assessment.verdict is not EligibilityVerdict.ELIGIBLE:
        raise NotEligible(assessment)
    save_record(enrolment, by=by)
    announce([patient.pk], "enrolment")
    return enrolment


@transaction.atomic
def record_first_dose(*, by: User, patient: Patient, first_dose_on: date, reason: str = "") -> None:
    """T0: the schedule is counted from it, so a change needs a reason and moves the visits."""
    require(by, Permission.ORDER_DOSE, patient.site)
    patient = lock_patient(patient)
    patient.first_dose_on = first_dose_on
    save_record(patient, by=by, reason=reason, filling=gettext_noop("First dose recorded"))
    announce([patient.pk], "first dose")


@transaction.atomic
def change_contact(
    *,
    by: User,
    patient: Patient,
    email: str,
    language: str,
    reminders: bool | None,
    agreed_on: date | None = None,
    reason: str = "",
) -> Contact:
    """How to reach the patient. To be asked again and agree ends an earlier opt-out."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    stored = Contact.objects.select_for_update().filter(patient=patient).first()
    contact = stored or Contact(patient=patient)
    contact.email, contact.language, contact.reminders = email, language, reminders
    if reminders and agreed_on is not None:
        contact.opted_in_on, contact.opted_out_at = agreed_on, None
    save_record(contact, by=by, reason=reason, filling=gettext_noop("Contact recorded"))
    announce([patient.pk], "contact")
    return contact


@transaction.atomic
def opt_out(token: uuid.UUID) -> Contact:
    """The patient's own word through the link in a mail: it stands at once and needs no login."""
    contact = Contact.objects.select_for_update().get(opt_out_token=token)
    if contact.opted_out_at is None:
        contact.opted_out_at = timezone.now()
        save_record(contact, by=User.objects.system(), reason=OPTED_OUT)
        announce([contact.patient_id], "contact")
    return contact
