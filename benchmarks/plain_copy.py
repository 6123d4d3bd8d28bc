"""The floor: a bare COPY of rows into tables that have columns and nothing else, no key, no index, no trigger."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction
from psycopg.sql import SQL, Composed, Identifier

from benchmarks.clock import Spent, least, stopwatch
from exchange.rules.cohort import BY_NAME
from exchange.rules.columns import CohortFile

SCHEMA = "plain"
CHUNK = 1 << 20
TIMES = 5
_RAW_CSV = " (FORMAT csv, HEADER)"


@dataclass(frozen=True, slots=True)
class Copied:
    rows: int
    spent: Spent


def copy_folder(folder: Path) -> Copied:
    """The files of a cohort folder as they are, into tables of the same columns."""
    files = [BY_NAME[path.name] for path in sorted(folder.glob("*.csv"))]
    tables = {file.table: _columns(file) for file in files}
    return _copy({file.table: folder / file.name for file in files}, tables, _RAW_CSV)


def copy_stored(tables: Sequence[str]) -> Copied:
    """Whole tables of the product, the rows as they are stored."""
    alike = {table: SQL("LIKE {}").format(Identifier("public", table)) for table in tables}
    with tempfile.TemporaryDirectory() as name:
        dumps = {table: Path(name) / table for table in tables}
        for table, dump in dumps.items():
            _dump(table, dump)
        return _copy(dumps, alike)


def stored_rows() -> dict[str, int]:
    """How many rows each table of the product has."""
    tables = connection.introspection.table_names()
    return {table: _count(Identifier("public", table)) for table in tables}


def _columns(file: CohortFile) -> Composed:
    """Typed as the import types them; a list stays the text it is in the file."""
    return SQL(", ").join(
        SQL("{} {}").format(Identifier(c.name), SQL("text" if c.kind.joined_by else c.kind.sql_type))
        for c in file.columns
    )


def _copy(sources: dict[str, Path], columns: dict[str, Composed], options: str = "") -> Copied:
    """The quickest of some times, each into new tables; the commit is part of it."""
    rounds, rows = [], 0
    for _ in range(TIMES):
        with _plain_tables(columns):
            with stopwatch() as spent, transaction.atomic():
                for table, path in sources.items():
                    _load(path, table, options)
            rounds.append(spent)
            rows = sum(_count(Identifier(SCHEMA, table)) for table in sources)
    return Copied(rows, least(rounds))


@contextmanager
def _plain_tables(columns: dict[str, Composed]) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(SQL("CREATE SCHEMA {}").format(Identifier(SCHEMA)))
        for table, definition in columns.items():
            cursor.execute(SQL("CREATE TABLE {} ({})").format(Identifier(SCHEMA, table), definition))
        yield
        cursor.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(SCHEMA)))


def _load(path: Path, table: str, options: str) -> None:
    statement = SQL("COPY {} FROM STDIN" + options).format(Identifier(SCHEMA, table))
    with path.open("rb") as file, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for chunk in _chunks(file):
            copy.write(chunk)


def _dump(table: str, path: Path) -> None:
    statement = SQL("COPY {} TO STDOUT").format(Identifier("public", table))
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for data in copy:
            file.write(data)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _count(table: Identifier) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT count(*) FROM {}").format(table))
        return int(cursor.fetchone()[0])
