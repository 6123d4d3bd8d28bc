"""How a patient is reached, and the patient's own word against it."""

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from patients.models import Contact, Patient
from patients.saving import save_record
from patients.signals import announce

OPTED_OUT = gettext_noop("Opted out through the link")


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
