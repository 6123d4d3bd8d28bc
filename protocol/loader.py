"""Reads a protocol definition (TOML) into the typed, frozen `Protocol`.

A definition is edited by people who are no programmers, so every error names the file and the dotted key.
A new amendment is a new file; a file that patients were treated under is never edited.
"""

import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from protocol.binding import NONE_WORD, BindingError, ProtocolError, bind
from protocol.codes import LabTest
from protocol.definition import Anchor, ModificationAction, Protocol, Unit, VisitCondition
from protocol.numbering import visit_numbers

DEFINITIONS = Path(__file__).with_name("definitions")
CURRENT_VERSION = "amc2202_v1"
_ANCHOR_ORDER: tuple[Anchor, ...] = ("ENTRY", "FIRST_DOSE", "LAST_DOSE", "RECURRENCE")
_DAYS_PER_MONTH = Decimal("30.4375")  # only to put days and months into one order


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """One entry of the file's schedule: a visit `at` one or several offsets (`{at}` in code and names)."""

    code: str
    name_en: str
    name_ko: str
    epoch: str
    anchor: Anchor
    at: tuple[int, ...]
    unit: Unit
    before_days: int
    after_days: int
    procedures: tuple[str, ...]
    only_if: VisitCondition | None = None
    to_study_completion: bool = False


@lru_cache
def load_protocol(version: str = CURRENT_VERSION) -> Protocol:
    """The protocol of that version; ProtocolError names file and key of whatever is wrong with it."""
    path = DEFINITIONS / f"{version}.toml"
    if not path.is_file():
        raise ProtocolError(path.name, "", "no such protocol definition")
    return parse_protocol(path.read_text(encoding="utf-8"), version)


def parse_protocol(text: str, version: str) -> Protocol:
    """The protocol written in `text`; `version` must be the one it names itself."""
    source = f"{version}.toml"
    try:
        written: Protocol = bind(Protocol, _expanded(tomllib.loads(text, parse_float=Decimal)))
        _check(written, version)
        protocol = _numbered(written)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(source, "", f"not a TOML file: {error}") from error
    except BindingError as error:
        raise ProtocolError(source, error.key, error.problem) from error
    return protocol


def _expanded(data: dict[str, Any]) -> dict[str, Any]:
    """The file's short forms (repeated visits, one line per event) written out as `Protocol` has them."""
    data = dict(data)
    if "schedule" in data:
        data["schedule"] = _expand_schedule(bind(tuple[ScheduleEntry, ...], data["schedule"], "schedule"))
    if "modifications" in data:
        data["modifications"] = _expand_modifications(data["modifications"])
    return data


def _expand_schedule(entries: tuple[ScheduleEntry, ...]) -> list[dict[str, Any]]:
    visits = sorted(((entry, at) for entry in entries for at in entry.at), key=_schedule_order)
    return [_visit(entry, at) for entry, at in visits]


def _schedule_order(visit: tuple[ScheduleEntry, int]) -> tuple[int, Decimal]:
    entry, at = visit
    return _ANCHOR_ORDER.index(entry.anchor), at * (_DAYS_PER_MONTH if entry.unit == "MONTH" else Decimal(1))


def _visit(entry: ScheduleEntry, at: int) -> dict[str, Any]:
    return {
        "code": entry.code.replace("{at}", str(at)),
        "number": 0,  # given when the order of all is known
        "name_en": entry.name_en.replace("{at}", str(at)),
        "name_ko": entry.name_ko.replace("{at}", str(at)),
        "epoch": entry.epoch,
        "anchor": entry.anchor,
        "offset": at,
        "unit": entry.unit,
        "before_days": entry.before_days,
        "after_days": entry.after_days,
        "procedures": [_procedure(text) for text in entry.procedures],
        "only_if": entry.only_if,
        "to_study_completion": entry.to_study_completion,
    }


def _procedure(text: str) -> dict[str, str]:
    code, _, condition = text.partition(" if ")
    return {"code": code, "condition": condition or "none"}


def _expand_modifications(table: Any) -> list[dict[str, Any]]:
    lines: tuple[tuple[str, tuple[ModificationAction, ...]], ...] = bind(
        tuple[tuple[str, tuple[ModificationAction, ...]], ...], table, "modifications"
    )
    return [
        {"event": event, "occurrence": occurrence, "action": action}
        for event, actions in lines
        for occurrence, action in enumerate(actions, start=1)
    ]


def _numbered(protocol: Protocol) -> Protocol:
    """The schedule with its numbers: those of the version it amends stay, a visit that is added stands between them."""
    earlier = _amended_by(protocol)
    taken = {visit.code: visit.number for visit in earlier.schedule} if earlier else {}
    numbers = visit_numbers([visit.code for visit in protocol.schedule], taken)
    schedule = (
        replace(visit, number=number) for visit, number in zip(protocol.schedule, numbers, strict=True)
    )
    return replace(protocol, schedule=tuple(schedule))


def _amended_by(protocol: Protocol) -> Protocol | None:
    """The version before this one; BindingError if there is none of that name, or it is the later one."""
    follows = protocol.edition.follows
    if follows is None:
        return None
    if protocol.version in _ancestors(follows):
        raise BindingError(
            "edition.follows", f"{protocol.version} and {follows} follow each other in a circle"
        )
    earlier = load_protocol(follows)
    if protocol.edition.approved_on < earlier.edition.approved_on:
        raise BindingError("edition.approved_on", f"lies before that of {follows}, which it amends")
    return earlier


def _ancestors(version: str) -> list[str]:
    """The versions a file names, back to the first, read without looking at anything else in them."""
    found: list[str] = []
    while version not in (*found, NONE_WORD):
        found.append(version)
        path = DEFINITIONS / f"{version}.toml"
        if not path.is_file():
            raise BindingError("edition.follows", f"there is no definition {version!r}")
        edition = tomllib.loads(path.read_text(encoding="utf-8")).get("edition", {})
        version = edition.get("follows", NONE_WORD)
    return found


def _check(protocol: Protocol, version: str) -> None:
    """What types cannot say: references that must resolve and codes that must be unique."""
    if protocol.version != version:
        raise BindingError(
            "version", f"expected {version!r} as the file is named, found {protocol.version!r}"
        )
    codes = [visit.code for visit in protocol.schedule]
    for code in codes:
        if codes.count(code) > 1:
            raise BindingError("schedule", f"the visit {code} is there more than once")
    known = {code for code, _, _ in protocol.procedures}
    for visit in protocol.schedule:
        for procedure in visit.procedures:
            if procedure.code not in known:
                raise BindingError("schedule", f"visit {visit.code}: unknown procedure {procedure.code!r}")
    _check_doses(protocol)


def _check_doses(protocol: Protocol) -> None:
    regimen = protocol.regimen
    levels = [level.dose_mg for level in regimen.dose_levels]
    for name, dose_mg in (
        ("planned_dose_mg", regimen.planned_dose_mg),
        ("minimum_dose_mg", regimen.minimum_dose_mg),
    ):
        if dose_mg not in levels:
            raise BindingError(f"regimen.{name}", f"{dose_mg} mg is not one of the dose levels")
    for index, rule in enumerate(protocol.label_rules):
        for test, _ in rule.hold_when + rule.resume_when:
            if test not in list(LabTest):
                raise BindingError(f"label_rules[{index}]", f"unknown laboratory test {test!r}")
