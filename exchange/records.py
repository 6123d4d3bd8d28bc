"""CSV records of a text file, one at a time, whatever the file contains.

A record is a row of a spreadsheet: quoted line breaks belong to it, an empty line is one. Python's reader does the
work up to a size no honest row reaches; beyond it a slower one takes over that keeps only the beginning of every
cell, so that a cell of 100 MB costs no memory and is still reported under its column.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from exchange.rules.cells import LONGEST_TEXT

LONGEST_RECORD = 100_000
_MOST_CELLS = 1000  # of a record that is too long: more than any file has columns
_PART = re.compile(r'[^",\r\n]+|\r\n|.', re.DOTALL)
_ENDLESS = "a quote is opened and never closed, expected a closing quote"


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that could not be taken apart; after an `endless` one nothing of the file is left."""

    message: str
    endless: bool = False


class _LongRecord(Exception):
    """A record longer than any honest one."""


class _Lines:
    """The lines of a file for csv.reader, and those of the record it is reading."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.record: list[str] = []
        self.size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.more()
        if not line:
            raise StopIteration
        self.record.append(line)
        self.size += len(line)
        if self.size >= LONGEST_RECORD:
            raise _LongRecord
        return line

    def more(self) -> str:
        return self.file.readline(LONGEST_RECORD)

    def begin_record(self) -> None:
        self.record.clear()
        self.size = 0


def records(file: TextIO) -> Iterator[list[str] | Broken]:
    """Every record of the file in order; an empty line is an empty list. The file is opened with `newline=""`."""
    lines = _Lines(file)
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begin_record()
        try:
            record: list[str] | Broken = next(reader)
        except StopIteration:
            return
        except _LongRecord:
            record = _LongRecordReader(lines).read()
        except csv.Error as error:
            endless = "unexpected end of data" in str(error)
            record = Broken(
                _ENDLESS if endless else f"its quotes do not fit ({error}), expected CSV", endless
            )
        yield record


class _LongRecordReader:
    """Reads on from a record's beginning to its end, keeping of every cell just enough to see that it is too long."""

    def __init__(self, lines: _Lines) -> None:
        self.lines = lines
        self.cells: list[str] = []
        self.cell = ""
        self.in_quotes = False
        self.may_open = True  # at the beginning of a cell a quote opens
        self.may_reopen = False  # right after a closing quote another one stands for a quote in the text

    def read(self) -> list[str] | Broken:
        chunk = "".join(self.lines.record)
        while chunk:
            if self._ends_in(chunk):
                return self.cells
            chunk = self.lines.more()
        self._end_cell()
        return Broken(_ENDLESS, endless=True) if self.in_quotes else self.cells

    def _ends_in(self, chunk: str) -> bool:
        return any(self._take(match[0]) for match in _PART.finditer(chunk))

    def _take(self, part: str) -> bool:
        """Whether the record ends with this part of its text."""
        if part == '"':
            self._quote()
            return False
        self.may_reopen = False
        if self.in_quotes or part not in (",", "\r", "\n", "\r\n"):
            self._keep(part)
            return False
        self._end_cell()
        return part != ","

    def _quote(self) -> None:
        if self.in_quotes:
            self.in_quotes, self.may_reopen = False, True
        elif self.may_open or self.may_reopen:
            if self.may_reopen:
                self._keep('"')
            self.in_quotes, self.may_open, self.may_reopen = True, False, False
        else:
            self._keep('"')

    def _keep(self, text: str) -> None:
        self.may_open = False
        if len(self.cell) <= LONGEST_TEXT:
            self.cell += text[: LONGEST_TEXT + 1]

    def _end_cell(self) -> None:
        if len(self.cells) < _MOST_CELLS:
            self.cells.append(self.cell)
        self.cell, self.may_open, self.may_reopen = "", True, False
