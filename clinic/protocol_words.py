"""A definition of the protocol in words: its visits, its values and where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from clinic.selectors.trail_words import value_words
from patients.words import plain
from protocol.definition import DoseLevel, Procedure, Protocol, ScheduledVisit, Threshold
from protocol.differences import Differences, values_of
from protocol.provenance import Note, note_for, notes_of

Words = str | Promise
ANCHORS: dict[str, Words] = {
    "ENTRY": pgettext_lazy("anchor", "Entry"),
    "FIRST_DOSE": pgettext_lazy("anchor", "First dose"),
    "LAST_DOSE": pgettext_lazy("anchor", "Last dose"),
    "RECURRENCE": pgettext_lazy("anchor", "Recurrence"),
}
CONDITIONS: dict[str, Words] = {
    "WOCBP": gettext_lazy("if childbearing is possible"),
    "CARRIER": gettext_lazy("in carriers"),
    "OLDER_THAN_14_DAYS": gettext_lazy("if the last one is older than 14 days"),
    "OLDER_THAN_28_DAYS": gettext_lazy("if the last one is older than 28 days"),
    "SEEN_AT_CLINIC": gettext_lazy("if seen at the clinic"),
}
ONLY_IF: dict[str, Words] = {
    "ENDED_EARLY": gettext_lazy("only if treatment ended early"),
    "BEFORE_RECURRENCE": gettext_lazy("until a recurrence"),
}
OPERATORS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
SOURCES: dict[str, Words] = {
    "registry": gettext_lazy("Registry record"),
    "label": gettext_lazy("Label of imatinib"),
    "assumed": gettext_lazy("Assumption"),
}
TABLES: dict[str, Words] = {
    "study": gettext_lazy("Study"),
    "regimen": gettext_lazy("Regimen"),
    "eligibility": gettext_lazy("Eligibility"),
    "procedures": gettext_lazy("Procedures"),
    "modifications": gettext_lazy("Dose modification"),
    "label_rules": gettext_lazy("Hold rules of the label"),
    "label_notes": gettext_lazy("Notes of the label"),
    "adverse_events": gettext_lazy("Adverse events"),
    "adherence": gettext_lazy("Adherence"),
    "reminders": gettext_lazy("Reminders"),
    "follow_up": gettext_lazy("Follow-up"),
}


@dataclass(frozen=True, slots=True)
class VisitWords:
    code: str
    name: str
    target: str
    window: str
    procedures: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ValueWords:
    """`key` as the file has it, without the name of its table."""

    key: str
    value: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ValueTable:
    key: str
    name: str
    values: tuple[ValueWords, ...]


@dataclass(frozen=True, slots=True)
class DifferenceWords:
    """A key, or a visit and what of it; the side that does not have it is blank."""

    key: str
    old: str
    new: str


def title_of(protocol: Protocol) -> str:
    """ "2.0 · Wider windows", in the reader's language."""
    edition = protocol.edition
    return f"{edition.number} · {edition.title_en if get_language() == 'en' else edition.title_ko}"


def schedule_words(protocol: Protocol) -> list[VisitWords]:
    return [visit_words(visit, protocol) for visit in protocol.schedule]


def visit_words(visit: ScheduledVisit, protocol: Protocol) -> VisitWords:
    notes = [str(ONLY_IF[visit.only_if])] if visit.only_if else []
    if visit.to_study_completion:
        notes.append(_("until the study is complete"))
    return VisitWords(
        code=visit.code,
        name=visit.name_en if get_language() == "en" else visit.name_ko,
        target=_target(visit),
        window=_window(visit),
        procedures=tuple(_procedures(visit, protocol)),
        note="; ".join(notes),
    )


def _target(visit: ScheduledVisit) -> str:
    anchor = str(ANCHORS[visit.anchor])
    if not visit.offset:
        return anchor
    count = abs(visit.offset)
    if visit.unit == "MONTH":
        distance = ngettext("%(count)s month", "%(count)s months", count) % {"count": count}
    else:
        distance = ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
    return f"{anchor} {'−' if visit.offset < 0 else '+'} {distance}"


def _window(visit: ScheduledVisit) -> str:
    if not visit.before_days and not visit.after_days:
        return _("that day")
    before = f"−{visit.before_days}" if visit.before_days else "0"
    after = f"+{visit.after_days}" if visit.after_days else "0"
    return _("%(before)s to %(after)s days") % {"before": before, "after": after}


def _procedures(visit: ScheduledVisit, protocol: Protocol) -> Iterator[str]:
    names = {code: en if get_language() == "en" else ko for code, en, ko in protocol.procedures}
    for procedure in visit.procedures:
        yield _procedure(procedure, names)


def _procedure(procedure: Procedure, names: dict[str, str]) -> str:
    name = names[procedure.code]
    if procedure.condition is None:
        return name
    return f"{name} ({CONDITIONS.get(procedure.condition, procedure.condition)})"


def value_tables(protocol: Protocol) -> list[ValueTable]:
    notes = notes_of(protocol.version)
    rows = groupby(values_of(protocol), key=lambda row: row.key.partition(".")[0])
    return [
        ValueTable(
            table,
            str(TABLES.get(table, table)),
            tuple(_value_words(r.key, r.value, note_for(notes, r.key)) for r in values),
        )
        for table, values in rows
    ]


def _value_words(key: str, value: Any, note: Note) -> ValueWords:
    sources = tuple(str(SOURCES[source]) for source in note.sources)
    return ValueWords(key.partition(".")[2], protocol_value(value), sources, note.words)


def protocol_value(value: Any) -> str:
    """A value of a definition as people write it."""
    if isinstance(value, Threshold):
        limit = f"{OPERATORS[value.operator]} {number_format(plain(value.limit))}"
        return f"{limit} × ULN" if value.relative_to_uln else limit
    if isinstance(value, DoseLevel):
        return f"{value.dose_mg} mg ({value.level})"
    if isinstance(value, tuple):
        return ", ".join(protocol_value(entry) for entry in value) or "–"
    return value_words(value)


def difference_words(found: Differences) -> list[DifferenceWords]:
    """The values that differ; a side without the key is blank."""
    return [
        DifferenceWords(
            row.key,
            "" if row.old is None else protocol_value(row.old),
            "" if row.new is None else protocol_value(row.new),
        )
        for row in found.values
    ]


@dataclass(frozen=True, slots=True)
class VisitDifferenceWords:
    """A visit of which one version has only one side, or in which `parts` differ."""

    name: str
    code: str
    fate: str  # ADDED, DROPPED, CHANGED
    visit: VisitWords
    parts: tuple[DifferenceWords, ...]


def visit_difference_words(found: Differences, old: Protocol, new: Protocol) -> list[VisitDifferenceWords]:
    rows = []
    for row in found.visits:
        sides = [
            visit_words(visit, protocol) if visit else None
            for visit, protocol in ((row.old, old), (row.new, new))
        ]
        first, second = sides
        there = second or first
        if there is None:
            continue
        fate = "CHANGED" if first and second else "ADDED" if second else "DROPPED"
        rows.append(VisitDifferenceWords(there.name, row.code, fate, there, tuple(_parts(first, second))))
    return rows


def _parts(first: VisitWords | None, second: VisitWords | None) -> Iterator[DifferenceWords]:
    if first is None or second is None:
        return
    for label, old, new in (
        (_("Name"), first.name, second.name),
        (_("Target"), first.target, second.target),
        (_("Window"), first.window, second.window),
        (_("What is done"), ", ".join(first.procedures), ", ".join(second.procedures)),
        (_("Note"), first.note, second.note),
    ):
        if old != new:
            yield DifferenceWords(label, old, new)
