"""The trail of one patient, to be read by anybody: when, who, what, why, and old beside new.

It is read from the event tables that the database writes by itself; nothing here can miss or invent a change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.text import capfirst

from adverse_events.models import (
    AdverseEvent,
    EventGrade,
    LabGradeAnswer,
    Pregnancy,
    ReportDispatch,
    SafetyReport,
)
from audit.reasons import reason_words
from clinic.selectors.trail_words import HIDDEN_VALUE, value_words
from dosing.models import DoseOrder, FlagAcknowledgement, Kit, KitReturn, MissedDoses
from patients.models import Consent, Contact, Disposition, Enrolment, Outcome, Patient, Screening, Tumour
from review.models import Query
from visits.models import Assessment, LabResult, Visit, VisitProcedure
from visits.words import procedure_name

CREATED, CHANGED, DELETED = "insert", "update", "delete"
PROCEDURE = "procedure"  # a code whose name is in the protocol: said as the name of the record


@dataclass(frozen=True, slots=True)
class Source:
    """A clinical table: how its trail leads to the patient, and the fields a record of it is known by.

    `part_of`: the table whose record it belongs to, and the column that says to which ("visit", "visit_id").
    """

    model: type[Model]
    patient: str = "patient_id"
    known_by: tuple[str, ...] = ()
    part_of: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        """The table as a word in an address: "adverseevent"."""
        return str(self.model._meta.model_name)


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
    Source(Assessment, "visit__patient_id", part_of=("visit", "visit_id")),
    Source(VisitProcedure, "visit__patient_id", known_by=(PROCEDURE,), part_of=("visit", "visit_id")),
    Source(LabResult, known_by=("test", "collected_on")),
    Source(AdverseEvent, known_by=("ae_no", "term")),
    Source(EventGrade, "adverse_event__patient_id", part_of=("adverseevent", "adverse_event_id")),
    Source(Pregnancy, known_by=("pregnancy_no",)),
    *(
        Source(model, f"{about}__patient_id", known_by=known_by, part_of=(owner, f"{about}_id"))
        for model, known_by in ((SafetyReport, ("version",)), (ReportDispatch, ("recipient", "sent_at")))
        for about, owner in (("adverse_event", "adverseevent"), ("pregnancy", "pregnancy"))
    ),
    Source(LabGradeAnswer, known_by=("test", "collected_on", "grade")),
    Source(DoseOrder, known_by=("from_on",)),
    Source(FlagAcknowledgement, known_by=("code", "from_on")),
    Source(Kit, known_by=("kit_id",)),
    Source(KitReturn, "kit__patient_id", part_of=("kit", "kit_id")),
    Source(MissedDoses, known_by=("from_on",)),
    Source(Query, known_by=("code", "about")),
)
NOT_READ = {PROCEDURE, "content", "id", "patient", "uuid", "revision", "opt_out_token", "refused_email"}
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
    kind: str
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a trail is asked for; days at the clinic. Blank: everything."""

    kind: str = ""
    who: str = ""
    from_on: date | None = None
    to_on: date | None = None

    def admits(self, act: Act) -> bool:
        day = timezone.localtime(act.at).date()
        return (
            self.who in ("", act.actor)
            and (self.from_on is None or self.from_on <= day)
            and (self.to_on is None or day <= self.to_on)
        )


def trail_of(patient: Patient, record: tuple[str, int] | None = None) -> list[Act]:
    """Every act on the records of a patient whom the user may see, the latest first.

    `record`: only that one, ("visit", 12), with what belongs to it.
    """
    events = sorted(
        (event for source in SOURCES for event in _events(source, patient, record)),
        key=lambda event: (event.at, event.act),
    )
    acts = [_act(list(group)) for _, group in groupby(events, key=lambda event: (event.at, event.act))]
    return list(reversed(acts))


def narrowed(acts: Iterable[Act], asked: Asked) -> list[Act]:
    """The acts that are asked for, each with the records of the kind that is asked for."""
    found = [
        replace(act, entries=tuple(entry for entry in act.entries if asked.kind in ("", entry.kind)))
        for act in acts
        if asked.admits(act)
    ]
    return [act for act in found if act.entries]


def kinds() -> list[tuple[str, str]]:
    """(name, words) of every kind of record, by their words."""
    found = {source.name: capfirst(str(source.model._meta.verbose_name)) for source in SOURCES}
    return sorted(found.items(), key=lambda kind: kind[1])


def _act(events: list[_Event]) -> Act:
    first = events[0]
    return Act(first.at, first.actor, first.reason, tuple(event.entry for event in events))


def _place(source: Source, record: tuple[str, int] | None) -> dict[str, int] | None:
    """How a table is narrowed to one record; None: nothing of it belongs to that."""
    if record is None:
        return {}
    name, pk = record
    if name == source.name:
        return {"pgh_obj_id": pk}
    owner, column = source.part_of
    return {column: pk} if name == owner else None


def _events(source: Source, patient: Patient, record: tuple[str, int] | None) -> Iterator[_Event]:
    place = _place(source, record)
    if place is None:
        return
    event_model = source.model.pgh_event_models["insert"]  # type: ignore[attr-defined]
    mine = event_model.objects.filter(**{source.patient: patient.pk})
    rows = mine.filter(**place).order_by("pgh_obj_id", "pgh_id")
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
                entry=_entry(source, fields, before, row, patient),
            )
            before = row


def _entry(source: Source, fields: Iterable[Field], before: Any, row: Any, patient: Patient) -> Entry:
    changes = () if row.pgh_label == DELETED else tuple(_changes(fields, before, row))
    return Entry(
        action=row.pgh_label,
        kind=source.name,
        record=str(source.model._meta.verbose_name),
        key=" · ".join(_known_by(row, name, patient) for name in source.known_by if getattr(row, name)),
        changes=changes,
    )


def _known_by(row: Any, name: str, patient: Patient) -> str:
    value = getattr(row, name)
    return procedure_name(patient.protocol, value) if name == PROCEDURE else value_words(value)


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
