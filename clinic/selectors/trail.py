"""The trail of one patient, to be read by anybody: when, who, what, why, and old beside new.

It is read from the event tables that the database writes by itself; nothing here can miss or invent a change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Field, Model

from adverse_events.models import AdverseEvent
from audit.reasons import reason_words
from clinic.selectors.trail_words import HIDDEN_VALUE, value_words
from dosing.models import DoseOrder, Kit, KitReturn, MissedDoses
from patients.models import Consent, Contact, Disposition, Enrolment, Outcome, Patient, Screening, Tumour
from review.models import Query
from visits.models import Assessment, LabResult, Visit

CREATED, CHANGED, DELETED = "insert", "update", "delete"


@dataclass(frozen=True, slots=True)
class Source:
    """A clinical table: how its trail leads to the patient, and the fields a record of it is known by."""

    model: type[Model]
    patient: str = "patient_id"
    known_by: tuple[str, ...] = ()


SOURCES = (
    Source(Patient, "pgh_obj_id"),
    Source(Tumour),
    Source(Screening),
    Source(Consent, known_by=("purpose", "version")),
    Source(Enrolment),
    Source(Contact),
    Source(Outcome, known_by=("kind", "on")),
    Source(Disposition, known_by=("record",)),
    Source(Visit, known_by=("visit",)),
    Source(Assessment, "visit__patient_id"),
    Source(LabResult, known_by=("test", "collected_on")),
    Source(AdverseEvent, known_by=("ae_no", "term")),
    Source(DoseOrder, known_by=("from_on",)),
    Source(Kit, known_by=("kit_id",)),
    Source(KitReturn, "kit__patient_id"),
    Source(MissedDoses, known_by=("from_on",)),
    Source(Query, known_by=("code", "about")),
)
NOT_READ = {"id", "patient", "uuid", "revision", "opt_out_token"}
PRIVATE = {"email"}  # that it changed is history, what it was is nobody's business here


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One record in one act; `changes` is empty for a record that was deleted."""

    action: str
    record: str
    key: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What one person did at once, for one reason."""

    at: datetime
    actor: str
    reason: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    act: str
    actor: str
    reason: str
    entry: Entry


def trail_of(patient: Patient) -> list[Act]:
    """Every act on the records of a patient whom the user may see, the latest first."""
    events = sorted(
        (event for source in SOURCES for event in _events(source, patient)),
        key=lambda event: (event.at, event.act),
    )
    acts = [_act(list(group)) for _, group in groupby(events, key=lambda event: (event.at, event.act))]
    return list(reversed(acts))


def _act(events: list[_Event]) -> Act:
    first = events[0]
    return Act(first.at, first.actor, first.reason, tuple(event.entry for event in events))


def _events(source: Source, patient: Patient) -> Iterator[_Event]:
    event_model = source.model.pgh_event_models["insert"]  # type: ignore[attr-defined]
    rows = event_model.objects.filter(**{source.patient: patient.pk}).order_by("pgh_obj_id", "pgh_id")
    fields = [field for field in source.model._meta.concrete_fields if field.name not in NOT_READ]
    for _, versions in groupby(rows, key=lambda row: row.pgh_obj_id):
        before = None
        for row in versions:
            context = row.pgh_context or {}
            yield _Event(
                at=row.pgh_created_at,
                act=str(row.pgh_context_id),
                actor=context.get("actor", ""),
                reason=reason_words(context.get("reason", "")),
                entry=_entry(source, fields, before, row),
            )
            before = row


def _entry(source: Source, fields: Iterable[Field], before: Any, row: Any) -> Entry:
    changes = () if row.pgh_label == DELETED else tuple(_changes(fields, before, row))
    return Entry(
        action=row.pgh_label,
        record=str(source.model._meta.verbose_name),
        key=" · ".join(value_words(getattr(row, name)) for name in source.known_by if getattr(row, name)),
        changes=changes,
    )


def _changes(fields: Iterable[Field], before: Any, row: Any) -> Iterator[Change]:
    """The fields that became something else; of a new record those that say anything."""
    for field in fields:
        if field.is_relation:
            continue
        old = getattr(before, field.attname) if before is not None else None
        new = getattr(row, field.attname)
        if old == new or (before is None and new in (None, "", False, [])):
            continue
        if field.name in PRIVATE:
            yield Change(str(field.verbose_name), HIDDEN_VALUE, HIDDEN_VALUE)
        else:
            yield Change(str(field.verbose_name), value_words(old), value_words(new))
