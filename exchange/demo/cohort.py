"""A whole invented cohort, written as a cohort folder."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from random import Random

from exchange.demo.course import DemoPatient
from exchange.demo.profile import story
from exchange.rules.cohort import BY_NAME
from protocol import load_protocol


def demo_patients(patients: int, seed: int, today: date) -> Iterator[DemoPatient]:
    """`patients` invented patients of sites 01 and 02; the same seed and day give the same ones."""
    protocol = load_protocol()
    longest = max((today - protocol.study.starts_on).days, 30)
    counts = {"01": 0, "02": 0}
    for number in range(patients):
        random = Random(f"{seed}-{number}")  # noqa: S311
        site_id = "02" if number % 4 == 3 else "01"
        counts[site_id] += 1
        subject_id = f"{site_id}-{counts[site_id]:03d}"
        yield DemoPatient(subject_id, site_id, story(number, random, longest), random, protocol, today)


def write_demo_cohort(folder: Path, *, patients: int, seed: int, today: date) -> None:
    """Write the cohort folder a patient at a time; `folder` must exist. A file without rows is not made."""
    tables: dict[str, csv.DictWriter[str]] = {}
    with ExitStack() as stack:
        for patient in demo_patients(patients, seed, today):
            for name, rows in patient.rows.items():
                if name not in tables:
                    file = stack.enter_context(
                        (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
                    )
                    tables[name] = csv.DictWriter(file, BY_NAME[f"{name}.csv"].column_names)
                    tables[name].writeheader()
                tables[name].writerows(rows)
