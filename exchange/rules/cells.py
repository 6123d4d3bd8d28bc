"""From the text of a cell to its value: one function a kind of value, each saying what it expected.

Every function takes a text that is not blank and raises `CellFault`. Limits are those of the records: a number has
at most 18 digits before the point and 12 after it, a day lies in a span in which calendar arithmetic is possible.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from exchange.rules.faults import CellFault, quoted

Value = str | int | bool | date | datetime | Decimal | list[str] | list[int] | None
Parser = Callable[[str], Value]

LONGEST_TEXT = 1000
LARGEST_WHOLE = 2**31 - 1
EARLIEST, LATEST = date(1850, 1, 1), date(2999, 12, 31)
NOT_KNOWN = "UNK"
NO_EVENT = "none"

_WHOLE = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_STORABLE = re.compile(r"0*[0-9]{1,18}(?:\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_APPOINTMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([01][0-9]|2[0-3]):[0-5][0-9])?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
_LONGEST_INDEXED = 2600  # bytes that an index of PostgreSQL takes, with room to spare


def text(cell: str) -> str:
    return cell


def identifier(cell: str) -> str:
    """Any text that shows something; it is looked up by an index."""
    if not cell.strip():
        raise CellFault("is blank, expected a text that can be read")
    if len(cell.encode()) > _LONGEST_INDEXED:
        raise CellFault(f"{quoted(cell)} is too long, expected at most {_LONGEST_INDEXED} bytes in UTF-8")
    return cell


def whole_number(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise CellFault(f"{quoted(cell)} is not a whole number, expected plain digits such as 28")
    if len(cell.lstrip("0")) > 10 or int(cell) > LARGEST_WHOLE:
        raise CellFault(f"{quoted(cell)} is too large, expected at most {LARGEST_WHOLE}")
    return int(cell)


def whole_from(low: int, high: int) -> Parser:
    """Parser of a whole number from `low` to `high`, both allowed."""

    def parse(cell: str) -> int:
        if not _WHOLE.fullmatch(cell) or not low <= whole_number(cell) <= high:
            raise CellFault(f"{quoted(cell)} is not possible, expected a whole number from {low} to {high}")
        return int(cell)

    return parse


def number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise CellFault(f"{quoted(cell)} is not a number, expected plain digits such as 1.5")
    if not _STORABLE.fullmatch(cell):
        raise CellFault(
            f"{quoted(cell)} has too many digits, expected at most 18 before the point and 12 after it"
        )
    return Decimal(cell)


def day(cell: str) -> date:
    try:
        found = date.fromisoformat(cell) if _DATE.fullmatch(cell) else None
    except ValueError:
        found = None
    if found is None:
        raise CellFault(f"{quoted(cell)} is not a date, expected YYYY-MM-DD such as 2025-03-15")
    if not EARLIEST <= found <= LATEST:
        raise CellFault(f"{quoted(cell)} is not possible, expected a date from {EARLIEST} to {LATEST}")
    return found


def day_or_none(cell: str) -> str:
    """The day of an event as written, or the word for "there was none"."""
    return cell if cell == NO_EVENT else day(cell).isoformat()


def appointment(cell: str) -> str:
    """A day, or a day and a time of the clinic, as written."""
    match = _APPOINTMENT.fullmatch(cell)
    if not match:
        raise CellFault(f"{quoted(cell)} is no appointment, expected 2026-12-07 or 2026-12-07T10:30")
    day(match[1])
    return cell


def instant(cell: str) -> datetime:
    """An instant in UTC, from a date and time that names its offset."""
    try:
        found = datetime.fromisoformat(cell).astimezone(UTC) if _INSTANT.fullmatch(cell) else None
    except (ValueError, OverflowError):
        found = None
    if found is None or not EARLIEST < found.date() < LATEST:
        raise CellFault(
            f"{quoted(cell)} is no date and time with offset, expected one such as 2025-03-15T10:30:00+09:00"
        )
    return found


def yes_no(cell: str) -> bool:
    if cell not in ("yes", "no"):
        raise CellFault(f"{quoted(cell)} is not known, expected yes or no")
    return cell == "yes"


def only_yes(cell: str) -> bool:
    if cell != "yes":
        raise CellFault(f"{quoted(cell)} is not known, expected yes or blank")
    return True


def code(values: Iterable[str], expected: str = "") -> Parser:
    """Parser of one of `values`; `expected` names them where the list is too long for a message."""
    known = frozenset(values)
    shown = expected or f"one of {', '.join(values)}"

    def parse(cell: str) -> str:
        if cell not in known:
            raise CellFault(f"{quoted(cell)} is not known, expected {shown}")
        return cell

    return parse


def whole_code(values: Iterable[int]) -> Parser:
    """Parser of one of a few whole numbers."""
    parse_code = code([str(value) for value in values])

    def parse(cell: str) -> int:
        return int(str(parse_code(cell)))

    return parse


def codes(values: Iterable[str]) -> Parser:
    """Parser of several of `values` with ";" between them; in the order of the list, each once."""
    order = list(values)

    def parse(cell: str) -> list[str]:
        given = cell.split(";")
        if unknown := [one for one in given if one not in order]:
            raise CellFault(
                f"{quoted(unknown[0])} is not known, expected {', '.join(order)}, ';' between several"
            )
        return [one for one in order if one in given]

    return parse


def codes_or_not_known(values: Iterable[str]) -> Parser:
    """As `codes`; the word for "not known", alone, is None."""
    parse_codes = codes(values)
    order = list(values)

    def parse(cell: str) -> Value:
        if cell == NOT_KNOWN:
            return None
        try:
            return parse_codes(cell)
        except CellFault:
            several = f"expected {', '.join(order)}, ';' between several, or {NOT_KNOWN} alone"
            raise CellFault(f"{quoted(cell)} is not known, {several}") from None

    return parse


def pattern(cell: str) -> list[int]:
    """Milligrams a day, repeated; "/" between the days."""
    days = cell.split("/")
    if not all(_WHOLE.fullmatch(mg) for mg in days):
        raise CellFault(f"{quoted(cell)} is no dose pattern, expected mg a day such as 400, 0 or 400/300")
    return [whole_number(mg) for mg in days]
