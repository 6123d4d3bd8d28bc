"""A cohort folder into the records: all or nothing, every fault reported."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import DatabaseError
from django.utils.timezone import localdate

from accounts.models import SYSTEM_USERNAME, User
from exchange.comparing import FileCount
from exchange.folder import NoFolder
from exchange.progress import Bar
from exchange.quiet import without_query_log
from exchange.rules.faults import Fault, printable
from exchange.services import FolderRefused, ImportResult, import_cohort


class Command(BaseCommand):
    help = "Import a cohort folder of CSV files: all of it, or nothing and every fault with file, row and column."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="who imports; in the demo, system if left out")
        parser.add_argument("--update", action="store_true", help="change rows that are stored differently")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; it goes into the trail")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        if options["update"] and not options["reason"].strip():
            raise CommandError("--update needs --reason: it goes into the trail.")
        try:
            with without_query_log():
                result = self._import(_actor(options["by"]), options)
        except FolderRefused as refused:
            self._name_ignored(refused.ignored)
            noun = "fault" if refused.faults == 1 else "faults"
            raise CommandError(f"{refused.faults} {noun}: nothing was written.") from None
        except (NoFolder, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused it, nothing was written: {error}") from error
        self._report(result, dry_run=options["dry_run"])

    def _import(self, by: User, options: dict[str, Any]) -> ImportResult:
        with Bar() as progress:
            return import_cohort(
                by=by,
                folder=options["folder"],
                on=localdate(),
                update=options["update"],
                reason=options["reason"],
                dry_run=options["dry_run"],
                report=self._report_fault,
                progress=progress,
            )

    def _report_fault(self, fault: Fault) -> None:
        self.stderr.write(str(fault))

    def _name_ignored(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.stdout.write(f"{printable(name)}: ignored, it is not a CSV file")

    def _report(self, result: ImportResult, *, dry_run: bool) -> None:
        self._name_ignored(result.ignored)
        for count in result.counts:
            self.stdout.write(f"{count.file}: {_words(count)}")
        self.stdout.write(
            f"total: {_words(result.total)}{' (dry run: nothing was written)' if dry_run else ''}"
        )


def _words(count: FileCount) -> str:
    return f"{count.created} created, {count.changed} changed, {count.unchanged} unchanged"


def _actor(username: str | None) -> User:
    if username is None and not settings.DEMO:
        raise CommandError("Name who imports: --by USERNAME.")
    user = User.objects.filter(username=username or SYSTEM_USERNAME).first()
    if user is None or not (user.is_active or user.is_service):
        raise CommandError(f"There is no active user {username!r}.")
    return user
