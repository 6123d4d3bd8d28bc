"""How a patient is reached, whether they agreed to reminders, and the patient's own word against it."""

import uuid
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from audit.context import recording
from patients.models import Contact, Patient
from patients.saving import save_record
from patients.signals import announce

OPTED_OUT = gettext_noop("Opted out through the link")
AGREED = gettext_noop("Consent to reminders signed")
ADDRESS_REFUSED = gettext_noop("Address refused by the mail server")
WITHDRAWN = gettext_noop("Consent to reminders withdrawn")


@transaction.atomic
def change_contact(*, by: User, patient: Patient, email: str, language: str, reason: str = "") -> Contact:
    """How to reach the patient; what was written down before is changed with a reason."""
    contact = _contact_of(by, patient)
    contact.email, contact.language = email, language
    contact.refused_email, contact.refused_at = "", None  # whoever saves it has looked at it
    return _save(contact, by, reason=reason, filling=gettext_noop("Contact recorded"))


@transaction.atomic
def agree_to_reminders(*, by: User, patient: Patient, version: str, agreed_on: date) -> Contact:
    """The form on reminders was signed. To be asked again and agree ends an earlier withdrawal and opt-out."""
    contact = _contact_of(by, patient)
    contact.reminders, contact.opted_in_on, contact.form_version = True, agreed_on, version.strip()
    contact.withdrawn_on = contact.opted_out_at = None
    return _save(contact, by, reason=AGREED)


@transaction.atomic
def withdraw_from_reminders(*, by: User, patient: Patient, withdrawn_on: date) -> Contact:
    """The patient takes it back at the site: reminders stop in this very transaction."""
    contact = _contact_of(by, patient)
    if not contact.reminders:
        raise ValidationError({"withdrawn_on": _("This consent is withdrawn already.")})
    contact.reminders, contact.withdrawn_on = False, withdrawn_on
    return _save(contact, by, reason=WITHDRAWN)


@transaction.atomic
def opt_out(token: uuid.UUID) -> Contact:
    """The patient's own word through the link in a mail: it stands at once and needs no login."""
    contact = Contact.objects.select_for_update().get(opt_out_token=token)
    if contact.opted_out_at is None:
        contact.opted_out_at = timezone.now()
        _save_marks(contact, User.objects.system(), OPTED_OUT, "opted_out_at")
    return contact


@transaction.atomic
def mark_address_refused(*, by: User, patient_id: int, email: str, at: datetime) -> None:
    """A mail server knows no such address: nothing more is sent there until somebody has corrected or confirmed it."""
    contact = Contact.objects.select_for_update().filter(patient_id=patient_id, email=email).first()
    if contact is None or contact.is_refused:
        return
    contact.refused_email, contact.refused_at = email, at
    _save_marks(contact, by, ADDRESS_REFUSED, "refused_email", "refused_at")


def _contact_of(by: User, patient: Patient) -> Contact:
    require(by, Permission.ENROL_PATIENT, patient.site)
    stored = Contact.objects.select_for_update().filter(patient=patient).first()
    return stored or Contact(patient=patient)


def _save(contact: Contact, by: User, *, reason: str, filling: str = "") -> Contact:
    save_record(contact, by=by, reason=reason, filling=filling)
    announce([contact.patient_id], "contact")
    return contact


def _save_marks(contact: Contact, by: User, reason: str, *fields: str) -> None:
    """What nobody types is not stopped by an address that was written down as it is and would not be taken today."""
    with recording(by=by, reason=reason):
        contact.save(update_fields=fields)
    announce([contact.patient_id], "contact")
