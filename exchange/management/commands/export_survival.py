"""Recurrence-free and overall survival as a table: to a file, or to the terminal."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.models import User
from audit.exports import csv_text
from exchange.output import write_whole
from exchange.quiet import without_query_log
from exchange.rules import cells
from exchange.rules.faults import CellFault
from exchange.selectors import survival_rows


class Command(BaseCommand):
    help = "Write both survivals of every patient from every origin as of a day, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", required=True, metavar="DATE", help="only what is dated up to it counts"
        )
        parser.add_argument("--out", type=Path, metavar="FILE", help="instead of the terminal")

    @no_translations
    def handle(self, *args: Any, as_of: str, out: Path | None, **options: Any) -> None:
        day = _day(as_of)
        with without_query_log():
            lines = csv_text(survival_rows(User.objects.system(), on=day))
            if out is None:
                for line in lines:
                    self.stdout.write(line, ending="")
                return
            try:
                write_whole(out, lines)
            except OSError as error:
                raise CommandError(f"{out} cannot be written: {error.strerror}.") from error


def _day(text: str) -> date:
    try:
        return cells.day(text)
    except CellFault as fault:
        raise CommandError(f"--as-of {fault}.") from fault
