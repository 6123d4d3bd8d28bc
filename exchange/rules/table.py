"""A file's header against its columns, and its rows read cell by cell.

Made for millions of rows: what a cell was found to mean is remembered by its text, so that a row of known values
costs one look-up a cell.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from exchange.rules.cells import LONGEST_TEXT, Value
from exchange.rules.columns import CohortFile, Column, RowRule
from exchange.rules.faults import CellFault, quoted

_REMEMBERED, _LONGEST_REMEMBERED = 20_000, 64
_UNKNOWN_PLACE = 1000  # unknown columns of a header are reported after the known ones


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault within a row: `place` orders the columns, `column` names it; `is_readable`: its value still counts."""

    place: int
    column: str
    message: str
    is_readable: bool = False


class CellReader(dict[str, Value]):
    """The values of one column by the text of the cell; a short new text is remembered while there is room."""

    def __init__(self, column: Column, on: date) -> None:
        super().__init__()
        self.column = column
        self.on = on

    def __missing__(self, cell: str) -> Value:
        value = self.read(cell)
        if len(self) < _REMEMBERED and len(cell) <= _LONGEST_REMEMBERED:
            self[cell] = value
        return value

    def read(self, cell: str) -> Value:
        if cell == "":
            if self.column.never_blank:
                raise CellFault("is blank, expected a value")
            return self.column.kind.blank
        if len(cell) > LONGEST_TEXT:
            raise CellFault(f"{quoted(cell)} is too long, expected at most {LONGEST_TEXT} characters")
        if "\0" in cell:
            raise CellFault(f"{quoted(cell)} contains a NUL, expected text")
        value = self.column.kind.parse(cell)
        if self.column.never_future and isinstance(value, date) and value > self.on:
            raise CellFault(f"{value} is in the future, expected a day up to {self.on}", value)
        return value


class Absent(dict[str, Value]):
    """Stands in for a column the header does not have once: nothing is known of it."""

    def __missing__(self, cell: str) -> Value:
        return None


class Table:
    """One file with a known header: reads its rows into values in the order of the file's columns."""

    def __init__(self, file: CohortFile, header: Sequence[str], on: date) -> None:
        self.file = file
        self.width = len(header)
        self.header_faults = tuple(_header_faults(file, header))
        counts = Counter(header)
        self.absent = frozenset(name for name in file.column_names if counts[name] != 1)
        self._cells = [
            (Absent(), 0)
            if column.name in self.absent
            else (CellReader(column, on), header.index(column.name))
            for column in file.columns
        ]

    def read(self, record: Sequence[str]) -> tuple[list[Value], list[PlacedFault]]:
        """The values of a row, None where nothing is known, and everything wrong with it."""
        try:
            values = [reader[record[index]] for reader, index in self._cells]
            faults: list[PlacedFault] = []
        except CellFault:
            values, faults = self._read_each(record)
        if self.file.rules:
            faults += self._between(
                values, {fault.column for fault in faults if not fault.is_readable} | self.absent
            )
        return values, faults

    def _read_each(self, record: Sequence[str]) -> tuple[list[Value], list[PlacedFault]]:
        values: list[Value] = []
        faults = []
        for place, (column, (reader, index)) in enumerate(
            zip(self.file.columns, self._cells, strict=True), start=1
        ):
            try:
                values.append(reader[record[index]])
            except CellFault as fault:
                values.append(fault.value)
                faults.append(
                    PlacedFault(place, column.name, str(fault), is_readable=fault.value is not None)
                )
        return values, faults

    def _between(self, values: Sequence[Value], unusable: set[str]) -> Iterator[PlacedFault]:
        for rule in self.file.rules:
            if unusable.isdisjoint(rule.of) and (message := self._broken(rule, values)):
                yield PlacedFault(self.file.place(rule.at), rule.at, message)

    def _broken(self, rule: RowRule, values: Sequence[Value]) -> str | None:
        return rule.check(*(values[self.file.place(name) - 1] for name in rule.of))


def _header_faults(file: CohortFile, header: Sequence[str]) -> Iterator[PlacedFault]:
    counts = Counter(header)
    for place, name in enumerate(file.column_names, start=1):
        if name not in counts:
            yield PlacedFault(place, name, "is missing, expected this column")
    for name, count in counts.items():
        if name not in file.column_names:
            expected = f"expected {', '.join(file.column_names)}"
            yield PlacedFault(_UNKNOWN_PLACE, name, f"is unknown, {expected}")
        elif count > 1:
            yield PlacedFault(file.place(name), name, f"is there {count} times, expected once")
