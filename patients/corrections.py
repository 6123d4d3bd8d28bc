"""Data managers correct what is recorded: with a reason, at their own sites, under the same rules as everybody."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import Site, User
from accounts.permissions import Permission
from audit.refusals import refusals_as_validation_errors
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce


@transaction.atomic
def correct_record(*, by: User, record: Model, reason: str) -> bool:
    """Save a changed record of any kind; False if nothing in it was different."""
    if not reason.strip():
        raise ValidationError(_("Saved values change: say why."), code="reason")
    require(by, Permission.CORRECT_RECORD, site_of(type(record)._base_manager.get(pk=record.pk)))
    return _save(by, record, reason)


@transaction.atomic
def add_record(*, by: User, record: Model) -> bool:
    """Save a record that was forgotten."""
    return _save(by, record, "")


def _save(by: User, record: Model, reason: str) -> bool:
    require(by, Permission.CORRECT_RECORD, site_of(record))
    patient = patient_of(record)
    if patient is not None:
        lock_patient(patient)
    with refusals_as_validation_errors():
        saved = save_record(record, by=by, reason=reason)
    if saved and patient is not None:
        announce([patient.pk], "correction")
    return saved


def patient_of(record: Any) -> Patient | None:
    """Whose record it is, by the way that leads there; None for a record of a whole site."""
    if isinstance(record, Patient):
        return record
    for way in ("patient", "visit", "kit", "adverse_event"):
        if isinstance(getattr(record, way, None), Model):
            return patient_of(getattr(record, way))
    return None


def site_of(record: Any) -> Site:
    patient = patient_of(record)
    site: Site = record.site if patient is None else patient.site
    return site
