"""Temporary tables the folder is read into: a row of a file is a row here, typed, with the row a spreadsheet shows.

They vanish with the transaction. Everything that concerns several rows is asked of them together with what is stored,
so that no file is ever held in memory.
"""

from collections.abc import Iterator, Sequence

from django.db import connection
from psycopg import sql
from psycopg.sql import SQL, Composed, Identifier

from exchange.rules.cells import Value
from exchange.rules.cohort import BY_NAME, FILES
from exchange.rules.columns import CohortFile
from exchange.rules.faults import Fault

_AFTER_ALL_FILES = len(FILES)  # unknown files are reported last
_FAULTS = """
    CREATE TEMPORARY TABLE import_fault (
        file_no integer NOT NULL, file text NOT NULL, row_no integer NOT NULL, place integer NOT NULL,
        column_name text NOT NULL, message text NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE import_unsure (file text NOT NULL, row_no integer NOT NULL, cell text NOT NULL)
        ON COMMIT DROP
"""
FaultRow = tuple[int, int, str, str]  # row, place, column, message


def staged(file: CohortFile) -> Identifier:
    """The temporary table of a file."""
    return Identifier(f"import_{file.table}")


def names(columns: Sequence[str], alias: str = "") -> Composed:
    """Column names, with the alias of their table."""
    return SQL(", ").join(Identifier(alias, name) if alias else Identifier(name) for name in columns)


def key_of(file: CohortFile, alias: str) -> list[Composed | Identifier]:
    """What tells the rows of a file apart."""
    parts: list[Composed | Identifier] = [Identifier(alias, name) for name in file.key]
    if file.unnumbered:
        column, code, day = file.unnumbered
        case = SQL("CASE WHEN {} = {} THEN {} ELSE '-infinity' END")
        parts.append(case.format(Identifier(alias, column), sql.Literal(code), Identifier(alias, day)))
    return parts


def same_key(file: CohortFile, one: str, other: str) -> Composed:
    pairs = zip(key_of(file, one), key_of(file, other), strict=True)
    return SQL(" AND ").join(SQL("{} = {}").format(*pair) for pair in pairs)


def execute(statement: SQL | Composed | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def create_tables() -> None:
    execute(_FAULTS)
    for file in FILES:
        columns = SQL(", ").join(
            SQL("{} {}").format(Identifier(column.name), SQL(column.kind.sql_type)) for column in file.columns
        )
        statement = SQL(
            "CREATE TEMPORARY TABLE {} (row_no integer NOT NULL, faulty boolean NOT NULL, {}) ON COMMIT DROP"
        )
        execute(statement.format(staged(file), columns))


def drop_tables() -> None:
    """Room for another import in the same transaction."""
    execute("DISCARD TEMPORARY")


def analyze_tables() -> None:
    """The planner must know how large they are."""
    for file in FILES:
        execute(SQL("ANALYZE {}").format(staged(file)))


def copy_rows(file: CohortFile, rows: Sequence[Sequence[Value]]) -> None:
    """Rows of row number, whether something is wrong with it, and the values of all columns."""
    statement = SQL("COPY {} FROM STDIN").format(staged(file))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def copy_faults(file: str, rows: Sequence[FaultRow]) -> None:
    file_no = list(BY_NAME).index(file) if file in BY_NAME else _AFTER_ALL_FILES
    statement = "COPY import_fault (file_no, file, row_no, place, column_name, message) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((file_no, _storable(file), row[0], row[1], _storable(row[2]), _storable(row[3])))


def copy_unsure(file: CohortFile, rows: Sequence[tuple[int, str]]) -> None:
    """Cells of rows that could not be taken apart: what they may have named is not reported as unknown elsewhere."""
    with connection.cursor() as cursor, cursor.copy("COPY import_unsure FROM STDIN") as copy:
        for row_no, cell in rows:
            copy.write_row((file.name, row_no, _storable(cell)))


def add_faults(file: CohortFile, column: str, found: SQL | Composed) -> None:
    """Report what the query `found` (row_no, message) finds, at one column of a file."""
    statement = SQL(
        "INSERT INTO import_fault (file_no, file, row_no, place, column_name, message)"
        " SELECT {}, {}, found.row_no, {}, {}, found.message FROM ({}) AS found"
    )
    place = (list(BY_NAME).index(file.name), file.name, file.place(column), column)
    execute(statement.format(*map(sql.Literal, place), found))


def count_faults() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM import_fault")
        return int(cursor.fetchone()[0])


def faults() -> Iterator[Fault]:
    """Every fault in order of file, row and column."""
    query = """
        SELECT file, row_no, column_name, message FROM import_fault
        ORDER BY file_no, file COLLATE "C", row_no, place, column_name COLLATE "C", message COLLATE "C"
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        for row in cursor:
            yield Fault(*row)


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor the halves of broken characters."""
    return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
