"""Checks the returns of the folder, patient by patient, against what was out."""

from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter

from django.db import connection

from exchange.rules.cohort import DISPENSING, RETURNS
from exchange.rules.supply import KitRow, ReturnRow, excesses
from exchange.staging import FaultRow, copy_faults

_KITS_AND_RETURNS = """
    WITH given AS (
        SELECT DISTINCT ON (kit_id) row_no, kit_id, subject_id, tablets_returned, tablets_lost, tablets_kept
        FROM import_returns WHERE kit_id IS NOT NULL ORDER BY kit_id, row_no
    ), back AS (
        SELECT row_no, kit_id, subject_id, tablets_returned, tablets_lost, tablets_kept FROM given
        UNION ALL
        SELECT NULL, k.kit_id, p.subject_id, r.tablets_returned, r.tablets_lost, r.tablets_kept
        FROM dosing_kitreturn r JOIN dosing_kit k ON k.id = r.kit_id JOIN patients_patient p ON p.id = k.patient_id
        WHERE NOT EXISTS (SELECT FROM given g WHERE g.kit_id = k.kit_id)
    )
    SELECT k.subject_id, k.row_no, COALESCE(k.kit_id, 'row ' || k.row_no), k.dispensed_on, k.strength_mg, k.tablets,
        b.kit_id IS NOT NULL, b.row_no, b.tablets_returned, b.tablets_lost, b.tablets_kept
    FROM import_kit k LEFT JOIN back b USING (kit_id, subject_id)
    WHERE k.subject_id IN (SELECT subject_id FROM import_returns UNION SELECT subject_id FROM import_dispensing)
    AND k.subject_id IN (SELECT subject_id FROM back)
    AND k.subject_id NOT IN (SELECT cell FROM import_unsure WHERE file IN ('dispensing.csv', 'returns.csv'))
    ORDER BY k.subject_id, k.row_no NULLS FIRST
"""
_FAULTS_A_BATCH = 10_000


def check_supply(incomplete: Collection[str]) -> None:
    """Report every row of the folder that brings back more tablets than were out, if all of them could be read."""
    if DISPENSING.name in incomplete or RETURNS.name in incomplete:
        return
    found: dict[str, list[FaultRow]] = {RETURNS.name: [], DISPENSING.name: []}
    for kits in _kits_by_subject():
        for excess in excesses(kits):
            file, column = (RETURNS, "tablets_returned") if excess.in_returns else (DISPENSING, "tablets")
            found[file.name].append((excess.row, file.place(column), column, excess.message))
        _report(found, at_least=_FAULTS_A_BATCH)
    _report(found, at_least=1)


def _kits_by_subject() -> Iterator[list[KitRow]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_KITS_AND_RETURNS)
        for _, rows in groupby(cursor, key=itemgetter(0)):
            yield [_kit_row(*row[1:]) for row in rows]


def _kit_row(
    row: int | None,
    name: str,
    dispensed_on: object,
    strength_mg: object,
    tablets: object,
    is_back: bool,
    *back: object,
) -> KitRow:
    return KitRow(row, name, dispensed_on, strength_mg, tablets, ReturnRow(*back) if is_back else None)  # type: ignore[arg-type]


def _report(found: dict[str, list[FaultRow]], *, at_least: int) -> None:
    for file, rows in found.items():
        if len(rows) >= at_least:
            copy_faults(file, rows)
            rows.clear()
