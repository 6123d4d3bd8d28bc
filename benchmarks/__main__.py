"""Run the benchmarks: `make bench`, `make bench ARGS=--large`."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figures import Figure

RESULTS = Path(__file__).resolve().parent / "results"
FEW, MANY, LARGE, LARGEST = 35, 1_000, 10_000, 100_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--patients", type=int, nargs="+", default=[FEW, MANY], help="sizes of the cohort")
    parser.add_argument(
        "--large",
        action="store_true",
        help=f"also with {LARGE:,} patients, and pages over {LARGEST:,}, which takes long",
    )
    parser.add_argument("--times", type=int, default=3, help="how often each; the quickest counts (3)")
    parser.add_argument(
        "--looks", type=int, default=15, help="how often a page is asked for; the median counts (15)"
    )
    return parser.parse_args()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    asked = arguments()
    import django

    django.setup()
    from django.utils import timezone

    from benchmarks.figures import save, table

    with _alone(), _server():
        figures = list(_measured(asked))
    path = save(figures, RESULTS, timezone.localtime())
    sys.stdout.write(f"\n{table(figures)}\n\n{path.relative_to(Path.cwd())}\n")


def _alone() -> AbstractContextManager[object]:
    """Two runs at once would measure each other."""
    from django.conf import settings

    from gisttrial.embedded.folders import private_folder
    from gisttrial.embedded.locks import EXCLUSIVE, FileLock

    private_folder(settings.STATIC_ROOT)
    lock = FileLock(private_folder(settings.DATA_DIR) / "bench.lock")
    if not lock.take(EXCLUSIVE, wait=0):
        sys.exit("error: another run of the benchmarks is under way")
    return lock


def _server() -> AbstractContextManager[object]:
    from django.conf import settings

    from gisttrial.embedded.membership import Membership

    return Membership(settings.DATA_DIR) if settings.ENVIRONMENT.embedded_postgres else nullcontext()


def _measured(asked: argparse.Namespace) -> Iterator["Figure"]:
    from django.utils import timezone

    from benchmarks import cohort_import, many, one_visit, pages, reminders, schedules, summaries
    from benchmarks.databases import database_copy, empty_database

    on = timezone.localdate()
    sizes = sorted({*asked.patients, *([LARGE] if asked.large else [])})
    with empty_database():
        for size in sizes:
            with database_copy("cohort"):
                yield from _told(size, "import", cohort_import.measure(size, on=on, times=asked.times))
                yield from _told(size, "summaries", summaries.measure(size, on=on, times=asked.times))
                yield from _told(size, "one visit", one_visit.measure(size, on=on, times=asked.times))
                if size in asked.patients:
                    yield from _told(size, "pages", pages.measure(size, on=on, times=asked.looks))
            yield from _told(size, "schedules", schedules.measure(size, on=on, times=asked.times))
            yield from _told(size, "reminders", reminders.measure(size, on=on, times=asked.times))
        if asked.large:
            yield from many.measure((LARGE, LARGEST), on=on, times=asked.looks, tell=_tell)


def _told(size: int, what: str, figures: Iterator["Figure"]) -> Iterator["Figure"]:
    began = time.monotonic()
    _tell(f"{size:,} patients: {what} …")
    yield from figures
    _tell(f"{size:,} patients: {what} took {time.monotonic() - began:.0f} s")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
