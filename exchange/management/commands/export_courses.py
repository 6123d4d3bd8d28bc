"""Course summaries as JSON: to a file, or to the terminal."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.models import User
from exchange.output import write_whole
from exchange.quiet import without_query_log
from exchange.rules import cells
from exchange.rules.faults import CellFault
from exchange.rules.json_array import json_array
from exchange.selectors import course_summaries
from patients.models import Patient


class Command(BaseCommand):
    help = "Write what the product makes of every patient's course as of a day, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", required=True, metavar="DATE", help="only what is dated up to it counts"
        )
        parser.add_argument("--subject", metavar="ID", help="only this subject")
        parser.add_argument("--out", type=Path, metavar="FILE", help="instead of the terminal")

    @no_translations
    def handle(self, *args: Any, as_of: str, subject: str | None, out: Path | None, **options: Any) -> None:
        day = _day(as_of)
        try:
            with without_query_log():
                pieces = json_array(course_summaries(User.objects.system(), on=day, subject_id=subject))
                self._write(pieces, out)
        except Patient.DoesNotExist as error:
            raise CommandError(f"There is no subject {subject!r}.") from error
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error

    def _write(self, pieces: Any, out: Path | None) -> None:
        if out:
            write_whole(out, pieces)
        else:
            for piece in pieces:
                self.stdout.write(piece, ending="")


def _day(text: str) -> date:
    try:
        return cells.day(text)
    except CellFault as fault:
        raise CommandError(f"--as-of {fault}.") from fault
