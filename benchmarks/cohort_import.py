"""Import of an invented cohort, beside a bare COPY of the same rows."""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from accounts.models import User
from benchmarks.clock import Spent, least, stopwatch
from benchmarks.databases import database_copy
from benchmarks.figures import Figure, beside, same, timed
from benchmarks.plain_copy import copy_folder, copy_stored, stored_rows
from benchmarks.processes import Share, spent, team
from exchange.demo.cohort import demo_patients, write_demo_cohort
from exchange.progress import Bar
from exchange.services import import_cohort

SEED = 1
MORE = 35


def measure(patients: int, *, on: date, times: int) -> Iterator[Figure]:
    """The last import goes into the database the connection is to, and stays; those before it into copies."""
    figure = partial(Figure, "import", patients)
    before = stored_rows()
    with cohort_folder(patients, on) as folder:
        shares = [*(_import_into_copy(folder, on) for _ in range(times - 1)), _import(folder, on)]
        plain = copy_folder(folder)
    rows, took = shares[-1].answer, least(spent([share]) for share in shares)
    yield figure("rows of the folder", "rows", same(rows, plain.rows))
    yield figure("imported", "rows/s", rows / took.seconds)
    yield figure("bare COPY of them", "rows/s", rows / plain.spent.seconds)
    yield from beside(figure, "import : bare COPY", took, plain.spent)
    yield from _beside_everything_stored(figure, before, took)
    yield from _memory(figure, shares)
    more = min(patients, MORE)
    yield from timed(figure, f"{more} patients more", "ms", _with_more(patients, more, on))


def _beside_everything_stored(
    figure: partial[Figure], before: dict[str, int], took: Spent
) -> Iterator[Figure]:
    """It also stores schedules, summaries, reminders, queries, and an event in the trail for nearly every row."""
    after = stored_rows()
    grown = [table for table, rows in after.items() if rows > before[table]]
    stored = copy_stored(grown)
    yield figure(
        "rows stored, trail included", "rows", same(sum(after[table] for table in grown), stored.rows)
    )
    yield from beside(figure, "import : bare COPY of these", took, stored.spent)


def _memory(figure: partial[Figure], shares: list[Share]) -> Iterator[Figure]:
    yield figure("memory, before the import", "MiB", shares[0].mib_before)
    yield figure("memory, at its peak", "MiB", max(share.mib_peak for share in shares))


def _with_more(patients: int, more: int, on: date) -> Spent:
    """What a small folder takes in a database with `patients`: it should not depend on them."""
    known = {patient.subject_id for patient in demo_patients(patients, SEED, on)}
    with cohort_folder(patients + more, on) as everybody, tempfile.TemporaryDirectory() as name:
        _leave_out(everybody, known, Path(name))
        with database_copy("import"):
            with stopwatch() as took:
                import_folder(Path(name), on)
            return took


def import_folder(folder: Path, on: date) -> int:
    """What the measured process does; returns how many rows of the folder are new."""
    with Bar() as progress:
        result = import_cohort(by=User.objects.system(), folder=folder, on=on, progress=progress)
    return result.total.created


def _import(folder: Path, on: date) -> Share:
    with team(1) as work:
        return work(import_folder, [(folder, on)])[0]


def _import_into_copy(folder: Path, on: date) -> Share:
    with database_copy("import"):
        return _import(folder, on)


@contextmanager
def cohort_folder(patients: int, on: date) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        write_demo_cohort(Path(name), patients=patients, seed=SEED, today=on)
        yield Path(name)


def _leave_out(folder: Path, subjects: set[str], target: Path) -> None:
    """The same folder without these subjects."""
    for path in folder.glob("*.csv"):
        with (
            path.open(encoding="utf-8", newline="") as source,
            (target / path.name).open("w", encoding="utf-8", newline="") as copy,
        ):
            rows = csv.DictReader(source)
            writer = csv.DictWriter(copy, rows.fieldnames or [])
            writer.writeheader()
            writer.writerows(row for row in rows if row["subject_id"] not in subjects)
