"""Data in and out: a cohort folder imported as one act, course summaries written as of a day."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import audit
from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from exchange import staging
from exchange.checks import check_rows
from exchange.comparing import FileCount, compare_rows, report_differences
from exchange.folder import CohortFolder, open_folder
from exchange.loading import load_folder
from exchange.progress import Progress, Silent
from exchange.rules.faults import Fault
from exchange.scope import foreign_sites
from exchange.supply import check_supply
from exchange.writing import write_rows

REASON = gettext_noop("Import of a cohort")
_ONE_IMPORT_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('gisttrial import of a cohort'))"
_SORT_IN_MEMORY = "SET LOCAL work_mem = '64MB'"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of the rows, a count a file, and the names in the folder that were passed over."""

    counts: tuple[FileCount, ...]
    ignored: tuple[str, ...]

    @property
    def total(self) -> FileCount:
        sums = [sum(column) for column in zip(*(count.numbers for count in self.counts), strict=True)]
        return FileCount("", *sums) if sums else FileCount("", 0, 0, 0)

    @property
    def is_new(self) -> bool:
        return bool(self.total.created or self.total.changed)


class FolderRefused(Exception):
    """Something is wrong with the folder; every fault was reported, nothing was written."""

    def __init__(self, faults: int, ignored: tuple[str, ...]) -> None:
        super().__init__(f"{faults} faults")
        self.faults = faults
        self.ignored = ignored


@transaction.atomic
def import_cohort(
    *,
    by: User,
    folder: Path,
    on: date,
    update: bool = False,
    reason: str = "",
    dry_run: bool = False,
    report: Callable[[Fault], None] = lambda fault: None,
    progress: Progress | None = None,
) -> ImportResult:
    """Import a cohort folder, all or nothing, as seen on the day `on`; every fault goes to `report`, in order.

    Rows that are stored already and say something else are faults unless `update`, which needs the reason. Raises
    NoFolder, FolderRefused, or PermissionDenied.
    """
    require(by, Permission.IMPORT_COHORT)
    if update and not reason.strip():
        raise ValueError("an update needs a reason")
    progress = progress or Silent()
    opened = open_folder(folder)
    _prepare()
    incomplete = _load(opened, by, on, progress)
    counts = _check(opened, incomplete, update, progress)
    progress.end()
    if number := staging.count_faults():
        for fault in staging.faults():
            report(fault)
        raise FolderRefused(number, opened.ignored)
    result = ImportResult(tuple(counts), opened.ignored)
    if result.is_new and not dry_run:
        with audit.recording(by=by, reason=reason or REASON, via="import"):
            write_rows(by=by, progress=progress)
    staging.drop_tables()
    return result


def _prepare() -> None:
    staging.execute(_ONE_IMPORT_AT_A_TIME)
    staging.execute(_SORT_IN_MEMORY)
    staging.create_tables()


def _load(opened: CohortFolder, by: User, on: date, progress: Progress) -> Collection[str]:
    """Read everything into temporary tables; what is said of a site's rows is only for people of that site."""
    incomplete = load_folder(opened, on=on, progress=progress)
    staging.analyze_tables()
    if foreign := foreign_sites(by):
        sites = ", ".join(foreign)
        raise PermissionDenied(
            _("You may not import for site %(sites)s. Ask for the delegation there.") % {"sites": sites}
        )
    return incomplete


def _check(
    opened: CohortFolder, incomplete: Collection[str], update: bool, progress: Progress
) -> list[FileCount]:
    """Judge everything; nothing is written."""
    progress.begin("Checking", 3)
    check_rows(incomplete)
    progress.advance(1)
    check_supply(incomplete)
    progress.advance(1)
    counts = compare_rows(opened.files)
    if not update:
        report_differences()
    progress.advance(1)
    return counts
