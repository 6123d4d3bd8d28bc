"""How services save a record: validated once, attributed, and with a reason where something changes."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import recording
from patients.models import Patient

Changes = dict[str, tuple[object, object]]


class ReasonMissing(ValidationError):
    """Saved values change and nobody said why."""


def lock_patient(patient: Patient) -> Patient:
    """The patient's row, held to the end of the transaction: two writers of one course wait in line."""
    locked: Patient = Patient.objects.select_for_update().get(pk=patient.pk)
    return locked


def save_record(
    record: Model, *, by: User, reason: str = "", filling: str = "", markers: Collection[str] = ()
) -> bool:
    """Validate `record` and save what is new or different in it; was there anything to save?

    A person must give the `reason` when an entered value is overwritten. Filling what was blank explains itself
    by the service's own words, `filling`; so does turning one of the `markers` on or off.
    """
    record.full_clean()
    changed = changes(record)
    if not changed:
        return False
    why = reason.strip() or ("" if _overwritten(record, changed, markers) else filling)
    if record.pk is not None and not why:
        raise ReasonMissing(_("Saved values change: say why."), code="reason")
    with recording(by=by, reason=why):
        record.save()
    return True


def changes(record: Model) -> Changes:
    """Where a record differs from its stored row: field → (old, new). All of it, if it is new."""
    names = [field.attname for field in record._meta.concrete_fields]
    stored = type(record)._base_manager.filter(pk=record.pk).values(*names).first() or dict.fromkeys(names)
    both = {name: (stored[name], getattr(record, name)) for name in names}
    return {name: (old, new) for name, (old, new) in both.items() if old != new}


def _overwritten(record: Model, changed: Changes, markers: Collection[str]) -> bool:
    """Does a value go that somebody had entered? Fields that people cannot edit do not count."""
    entered = {field.attname for field in record._meta.concrete_fields if field.editable} - set(markers)
    return record.pk is not None and any(
        name in entered and old not in (None, "", False, []) for name, (old, _new) in changed.items()
    )
