"""Reads the files of a folder, row by row, into the staging tables, and reports what is wrong within rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TextIO

from exchange.folder import CohortFolder
from exchange.progress import Progress
from exchange.records import Broken, records
from exchange.rules.cells import Value
from exchange.rules.cohort import ADVERSE_EVENTS, BY_NAME, DISPENSING, PATIENTS, RETURNS
from exchange.rules.columns import SUBJECT, CohortFile
from exchange.rules.table import PlacedFault, Table
from exchange.staging import FaultRow, copy_faults, copy_rows, copy_unsure

_ROWS_A_BATCH, _CHARACTERS_A_BATCH = 10_000, 4_000_000
_WHOLE_ROW = 0
# What their rows name (subjects, kits, events) rows of other files refer to.
_NAMING_OTHERS = (PATIENTS, DISPENSING, RETURNS, ADVERSE_EVENTS)
NumberedRecords = Iterator[tuple[int, list[str] | Broken]]


@dataclass
class Batch:
    """What was read since the last COPY."""

    rows: list[Sequence[Value]] = field(default_factory=list)
    faults: list[FaultRow] = field(default_factory=list)
    unsure: list[tuple[int, str]] = field(default_factory=list)
    characters: int = 0

    def store(self, file: CohortFile) -> None:
        copy_rows(file, self.rows)
        copy_faults(file.name, self.faults)
        copy_unsure(file, self.unsure)
        self.rows.clear()
        self.faults.clear()
        self.unsure.clear()
        self.characters = 0

    def is_full(self) -> bool:
        rows = len(self.rows) + len(self.faults)
        return rows >= _ROWS_A_BATCH or self.characters >= _CHARACTERS_A_BATCH


@dataclass
class Reader:
    """Tells how far into its file the reading is, in bytes."""

    text: TextIO
    progress: Progress
    told: int = 0

    def tell(self) -> None:
        self.told += self.progress.advance(self.text.buffer.tell() - self.told)


def load_folder(folder: CohortFolder, *, on: date, progress: Progress) -> frozenset[str]:
    """Load every file; returns the files of which not every row could be recognised."""
    incomplete = set()
    progress.begin("Reading", folder.size)
    for fault in folder.faults:
        copy_faults(fault.file, [(fault.row, _WHOLE_ROW, fault.column, fault.message)])
        incomplete.add(fault.file)
    for name in folder.files:
        if not _load_file(folder, BY_NAME[name], on, progress):
            incomplete.add(name)
    return frozenset(incomplete)


def _load_file(folder: CohortFolder, file: CohortFile, on: date, progress: Progress) -> bool:
    """Whether every row was recognised: no key column missing, no quote that swallows the rest."""
    batch = Batch()
    with folder.open(file.name) as text:
        rows = enumerate(records(text), start=1)
        table = _table(file, rows, on, batch)
        complete = table is not None and _load_rows(table, rows, batch, Reader(text, progress))
    batch.store(file)
    return complete


def _load_rows(table: Table, rows: NumberedRecords, batch: Batch, reader: Reader) -> bool:
    complete = table.absent.isdisjoint({SUBJECT, *table.file.key})
    for row_no, record in rows:
        complete &= not (isinstance(record, Broken) and record.endless)
        _read_row(table, row_no, record, batch)
        if batch.is_full():
            batch.store(table.file)
            reader.tell()
    reader.tell()
    return complete


def _table(file: CohortFile, rows: NumberedRecords, on: date, batch: Batch) -> Table | None:
    row_no, header = next(rows)
    if isinstance(header, Broken):
        batch.faults.append((row_no, _WHOLE_ROW, "", header.message))
        return None
    if not any(header):
        batch.faults.append((row_no, _WHOLE_ROW, "", "has a blank first row, expected a header row"))
        return None
    table = Table(file, header, on)
    batch.faults.extend(_located(row_no, table.header_faults))
    return table


def _read_row(table: Table, row_no: int, record: list[str] | Broken, batch: Batch) -> None:
    if isinstance(record, Broken):
        batch.faults.append((row_no, _WHOLE_ROW, "", record.message))
    elif record and len(record) != table.width:
        message = f"has {len(record)} fields, expected {table.width} as in the header"
        batch.faults.append((row_no, _WHOLE_ROW, "", message))
        if table.file in _NAMING_OTHERS:
            batch.unsure.extend((row_no, cell) for cell in {*record})
            batch.characters += sum(map(len, record))
    elif record:
        batch.characters += sum(map(len, record))
        values, faults = table.read(record)
        batch.rows.append((row_no, bool(faults or table.header_faults), *values))
        batch.faults.extend(_located(row_no, faults))


def _located(row_no: int, faults: Iterable[PlacedFault]) -> Iterator[FaultRow]:
    return ((row_no, fault.place, fault.column, fault.message) for fault in faults)
