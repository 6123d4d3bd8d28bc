"""Whatever a folder holds, it comes in whole or is refused with its faults: never an error of another kind."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from exchange.rules.cohort import BY_NAME
from tests.cohort_maker import make_cohort
from tests.small_cohort import ROWS, SmallCohort

pytestmark = pytest.mark.django_db

CELLS = [
    "", " ", "0", "1", "-1", "400", "01-001", "02-001", "K1", "K2", "W2", "UNS", "yes", "no", "none", "UNK", "R1;N2",
    "2025-01-06", "2025-08-02", "2999-12-31", "1850-01-01", "2026-12-07T10:30", "2025-02-21T09:30:00+09:00", "400/0",
    "1e9", "999999999999999999", "2147483647", "DEATH", "TREATMENT", "PARTICIPATION", "Anemia", "서", "\0", "\n", '"',
    "\\N", "\t", "a" * 1001,
]  # fmt: skip


def damage(cohort, random):
    """A few cells anywhere become something that fits somewhere else."""
    for _ in range(random.randrange(1, 6)):
        file = random.choice(list(ROWS))
        row = random.randrange(len(ROWS[file])) + 2
        column = random.choice(BY_NAME[file].column_names)
        cohort.set(file, row, **{column: random.choice(CELLS)})
    return cohort


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_folder_comes_in_or_is_refused(cohort, system, seed):
    faults = damage(cohort, Random(seed)).reported(system)
    assert all(fault.row > 1 and "expected" in fault.message for fault in faults)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_folder_updates_what_is_stored_or_is_refused(stored, system, seed):
    damaged = damage(stored, Random(seed))
    if not damaged.reported(system, update=True, reason="Correction"):
        assert damaged.import_(system).total.numbers[:2] == (0, 0)


@pytest.mark.parametrize("seed", range(40))
def test_bytes_anywhere_are_refused_or_read(cohort, system, seed):
    random = Random(seed)
    file = random.choice(list(ROWS))
    content = bytearray(cohort.text(file).encode())
    for _ in range(random.randrange(1, 5)):
        content[random.randrange(len(content))] = random.choice(b'",\n\r\0\xff\xc3 0a')
    cohort.write_raw(file, bytes(content)).reported(system)


def test_a_cohort_of_every_kind_has_no_fault(system, tmp_path):
    cohort = SmallCohort(tmp_path)
    make_cohort(tmp_path, patients=20, seed=7)
    cohort.write = lambda: tmp_path
    assert cohort.reported(system) == []


def test_the_maker_of_cohorts_is_repeatable():
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        make_cohort(Path(one), patients=3)
        make_cohort(Path(other), patients=3)
        assert [p.read_text() for p in sorted(Path(one).iterdir())] == [
            p.read_text() for p in sorted(Path(other).iterdir())
        ]
