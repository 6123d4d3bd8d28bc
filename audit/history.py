"""The trail of one record in words: when, who, why, and each value as it was and as it became."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.reasons import reason_words

# Keys and counters, and whose record it is, which its page says already.
UNSAID = frozenset({"id", "uuid", "opt_out_token", "revision", "patient", "kit"})
NAMES = (
    "code",
    "username",
    "ae_no",
    "visit",
    "subject_id",
)  # what people call a record that another one points to
Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """`kind`: insert, update or delete. The old value is that of the entry before."""

    event_id: int
    at: datetime
    who: str
    why: str
    kind: str
    changes: tuple[FieldChange, ...]

    @property
    def kind_words(self) -> str:
        return {"insert": _("Entered"), "update": _("Changed"), "delete": _("Deleted")}.get(
            self.kind, self.kind
        )


def has_trail(record: Model) -> bool:
    """What is computed from records has no trail of its own."""
    return hasattr(record, "events")


def latest_event_id(record: Any) -> int | None:
    """The last event of a record: it has grown when somebody else has saved it."""
    if not has_trail(record):
        return None
    latest: int | None = record.events.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return latest


def history_of(record: Any, words: Words = str, after: int = 0) -> list[HistoryEntry]:
    """Every event of a record after one of them, the latest first. `words` says a stored code to a reader."""
    entries, before = [], None
    for event in record.events.order_by("pgh_id").values() if has_trail(record) else ():
        if event["pgh_id"] > after:
            entries.append(_entry(record, before, event, words))
        before = event
    return entries[::-1]


def _entry(record: Model, before: dict[str, Any] | None, event: dict[str, Any], words: Words) -> HistoryEntry:
    context = event["pgh_context"] or {}
    return HistoryEntry(
        event_id=event["pgh_id"],
        at=event["pgh_created_at"],
        who=context.get("actor", ""),
        why=reason_words(context.get("reason", "")),
        kind=event["pgh_label"],
        changes=tuple(_changes(record, before or {}, event, words)),
    )


def _changes(record: Model, before: dict[str, Any], event: dict[str, Any], words: Words) -> list[FieldChange]:
    return [
        FieldChange(
            label=capfirst(str(field.verbose_name)),
            old=value_words(field, before.get(field.attname), words),
            new=value_words(field, event[field.attname], words),
        )
        for field in record._meta.concrete_fields
        if field.name not in UNSAID and before.get(field.attname) != event[field.attname]
    ]


def value_words(field: Field, value: Any, words: Words = str) -> str:
    """A stored value as a person reads it; empty where there is none."""
    if value is None or value == "":
        return ""
    if field.is_relation:
        return _name_of(field, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, list):
        return ", ".join(words(str(entry)) for entry in value)
    return words(str(value)) if field.choices else str(value)


def _name_of(field: Field, key: int) -> str:
    """What the record is called that a key points to; the bare key if it is gone."""
    record = field.related_model._base_manager.filter(pk=key).first()
    names = (getattr(record, name, None) for name in NAMES)
    return next((str(name) for name in names if name is not None), str(key))


def plain_decimal(value: Decimal) -> str:
    """Without the zeros that only the column's width adds: 3.5, 400."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
