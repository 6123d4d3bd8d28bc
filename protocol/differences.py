"""A definition as a list of its values, and what is not the same in two of them: to be read and compared."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from protocol.definition import ModificationStep, Protocol, ScheduledVisit, Threshold

_APART = frozenset(
    {"version", "edition", "schedule", "eligibility_before"}
)  # shown in other ways than key by key
_PLACED = frozenset({"number", "added_on", "dropped_on"})  # of a visit: follow from the others


@dataclass(frozen=True, slots=True)
class Value:
    """A dotted key of the definition file and what stands there."""

    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """None on the side that does not have the key."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class VisitDifference:
    """A visit that only one of two versions has, or that is not the same in both."""

    code: str
    old: ScheduledVisit | None
    new: ScheduledVisit | None


@dataclass(frozen=True, slots=True)
class Differences:
    values: tuple[ValueDifference, ...]
    visits: tuple[VisitDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.values or self.visits)


def values_of(protocol: Protocol) -> tuple[Value, ...]:
    """Every value but the schedule, in the order of the definition."""
    return tuple(
        value
        for field in fields(protocol)
        if field.name not in _APART
        for value in _flat(field.name, getattr(protocol, field.name))
    )


def differences(old: Protocol, new: Protocol) -> Differences:
    before, after = ({row.key: row.value for row in values_of(protocol)} for protocol in (old, new))
    keys = dict.fromkeys([*before, *after])
    values = [ValueDifference(key, before.get(key), after.get(key)) for key in keys]
    return Differences(
        tuple(row for row in values if row.old != row.new or (row.key in before) != (row.key in after)),
        tuple(_visit_differences(old, new)),
    )


def _visit_differences(old: Protocol, new: Protocol) -> Iterator[VisitDifference]:
    before, after = ({visit.code: visit for visit in protocol.schedule} for protocol in (old, new))
    numbers = {visit.code: visit.number for visit in (*old.schedule, *new.schedule)}
    for code in sorted(numbers, key=lambda code: numbers[code]):
        first, second = before.get(code), after.get(code)
        if first is None or second is None or _says(first) != _says(second):
            yield VisitDifference(code, first, second)


def _says(visit: ScheduledVisit) -> list[Any]:
    return [getattr(visit, field.name) for field in fields(visit) if field.name not in _PLACED]


def _flat(key: str, value: Any) -> Iterator[Value]:
    """The values below a key; a list whose entries have a name of their own by that name."""
    if isinstance(value, tuple) and value and (names := [_name(entry) for entry in value])[0]:
        for name, entry in zip(names, value, strict=True):
            yield from _flat(f"{key}.{name}", _rest(entry))
    elif is_dataclass(value) and not isinstance(value, type | Threshold):
        for field in fields(value):
            if field.name != "code":  # it is in the key already
                yield from _flat(f"{key}.{field.name}", getattr(value, field.name))
    else:
        yield Value(key, value)


def _name(entry: Any) -> str:
    if isinstance(entry, ModificationStep):
        return f"{entry.event}.{entry.occurrence}"
    if isinstance(entry, tuple) and entry and isinstance(entry[0], str):
        return entry[0]
    return getattr(entry, "code", "")


def _rest(entry: Any) -> Any:
    """What an entry says beside its name."""
    if isinstance(entry, ModificationStep):
        return entry.action
    if isinstance(entry, tuple):
        _key, *rest = entry
        return rest[0] if len(rest) == 1 else tuple(rest)
    return entry
