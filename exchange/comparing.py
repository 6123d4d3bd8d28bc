"""The folder against what is stored: which rows are new, which say something else, which are there already."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from exchange.rules.cells import NOT_KNOWN
from exchange.rules.cohort import FILES
from exchange.rules.columns import SUBJECT, CohortFile, Column
from exchange.staging import add_faults, execute, same_key, staged
from exchange.stored import STORED

_TALLY = """
    CREATE TEMPORARY TABLE import_tally (
        file text NOT NULL, subject_id text NOT NULL,
        created integer NOT NULL, changed integer NOT NULL, unchanged integer NOT NULL
    ) ON COMMIT DROP
"""
# A blank anchor is the first day of the order: the two ways of saying it are one.
_ANCHORS = "UPDATE import_dose_orders SET anchor_on = from_on WHERE anchor_on IS NULL"
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of the rows of one file."""

    file: str
    created: int
    changed: int
    unchanged: int

    @property
    def numbers(self) -> tuple[int, int, int]:
        return self.created, self.changed, self.unchanged


def compare_rows(files: Sequence[str]) -> list[FileCount]:
    """Count the rows of these files, and remember per subject what is to be written."""
    execute(_TALLY)
    execute(_ANCHORS)
    for file in FILES:
        _tally(file)
    execute("ANALYZE import_tally")
    counts = {row[0]: FileCount(*row) for row in _totals()}
    return [counts.get(name, FileCount(name, 0, 0, 0)) for name in files]


def report_differences() -> None:
    """Every row that says something else than what is stored, at the first column that differs."""
    for file in FILES:
        if columns := _said(file):
            _report_differences(file, columns)


def _said(file: CohortFile) -> list[Column]:
    """The columns that say something of the row that its key names."""
    return [column for column in file.columns if column.name not in (SUBJECT, *file.key)]


def _tally(file: CohortFile) -> None:
    statement = SQL("""
        INSERT INTO import_tally
        SELECT {name}, g.subject_id, count(*) FILTER (WHERE s.subject_id IS NULL),
            count(*) FILTER (WHERE s.subject_id IS NOT NULL AND {differs}),
            count(*) FILTER (WHERE s.subject_id IS NOT NULL AND NOT {differs})
        FROM {table} g LEFT JOIN ({stored}) s ON {same} WHERE NOT g.faulty GROUP BY g.subject_id
    """)
    execute(statement.format(name=Literal(file.name), differs=_differs(file), **_sources(file)))


def _sources(file: CohortFile) -> dict[str, Composed | Identifier]:
    same = [same_key(file, "g", "s")]
    if SUBJECT not in file.key:  # a kit of somebody else is reported where it is named
        same.append(SQL("g.subject_id = s.subject_id").format())
    stored = SQL(STORED[file.name]).format()
    return {"table": staged(file), "stored": stored, "same": SQL(" AND ").join(same)}


def _differs(file: CohortFile) -> Composed:
    columns = _said(file)
    if not columns:
        return SQL("FALSE").format()
    rows = [SQL(", ").join(Identifier(alias, column.name) for column in columns) for alias in "gs"]
    return SQL("((ROW({}) IS DISTINCT FROM ROW({})))").format(*rows)


def _report_differences(file: CohortFile, columns: Sequence[Column]) -> None:
    candidates = SQL(", ").join(_candidate(file, column) for column in columns)
    found = SQL("""
        SELECT g.row_no, first.place, format('differs from what is stored, expected %s, not %s (or --update)',
            first.stored, first.given) AS message
        FROM {table} g JOIN ({stored}) s ON {same} CROSS JOIN LATERAL (
            SELECT * FROM (VALUES {candidates}) AS c (place, stored, given, differs)
            WHERE differs ORDER BY place LIMIT 1
        ) first WHERE NOT g.faulty AND {differs}
    """).format(candidates=candidates, differs=_differs(file), **_sources(file))
    execute(SQL("CREATE TEMPORARY TABLE import_difference ON COMMIT DROP AS {}").format(found))
    for column in columns:
        at_column = SQL("SELECT row_no, message FROM import_difference WHERE place = {}")
        add_faults(file, column.name, at_column.format(Literal(file.place(column.name))))
    execute("DROP TABLE import_difference")


def _candidate(file: CohortFile, column: Column) -> Composed:
    given, stored = Identifier("g", column.name), Identifier("s", column.name)
    return SQL("({}, {}, {}, {} IS DISTINCT FROM {})").format(
        Literal(file.place(column.name)), _shown(column, stored), _shown(column, given), given, stored
    )


def _shown(column: Column, value: Identifier) -> Composed:
    """A value as the folder writes it."""
    if column.kind.joined_by:
        text = SQL("COALESCE(array_to_string({}, {}), {})").format(
            value, Literal(column.kind.joined_by), Literal(NOT_KNOWN)
        )
    elif column.kind.sql_type == "boolean":
        text = SQL("CASE {} WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END").format(value)
    elif column.kind.sql_type == "numeric":
        text = SQL("trim_scale({})::text").format(value)
    else:
        text = SQL("{}::text").format(value)
    return SQL("""COALESCE('"' || left(NULLIF({}, ''), {}) || '"', 'blank')""").format(
        text, Literal(_LONGEST_SHOWN)
    )


def _totals() -> list[tuple[str, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT file, sum(created), sum(changed), sum(unchanged) FROM import_tally GROUP BY file"
        )
        return [
            (file, int(created), int(changed), int(same))
            for file, created, changed, same in cursor.fetchall()
        ]
