"""Consents signed and withdrawn. What follows from a withdrawal is proposed by the pages and decided by people."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from patients.models import Consent, Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce


@transaction.atomic
def give_consent(*, by: User, patient: Patient, purpose: str, version: str, consented_on: date) -> Consent:
    """The form on the study or its extension was signed."""
    require(by, Permission.ENROL_PATIENT, patient.site)
    patient = lock_patient(patient)
    consent = Consent(patient=patient, purpose=purpose, version=version.strip(), consented_on=consented_on)
    save_record(consent, by=by)
    announce([patient.pk], "consent")
    return consent


@transaction.atomic
def withdraw_consent(*, by: User, consent: Consent, withdrawn_on: date) -> Consent:
    """The patient takes it back."""
    require(by, Permission.ENROL_PATIENT, consent.patient.site)
    patient = lock_patient(consent.patient)
    consent = Consent.objects.select_related("patient").get(pk=consent.pk)
    if consent.withdrawn_on is not None:
        raise ValidationError({"withdrawn_on": _("This consent is withdrawn already.")})
    consent.withdrawn_on = withdrawn_on
    save_record(consent, by=by, filling=gettext_noop("Consent withdrawn"))
    announce([patient.pk], "consent")
    return consent
