"""Proves that every stored course summary, and every sum over them, is what the facts say."""

from argparse import ArgumentParser
from datetime import date
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from courses.services import rebuild_summaries, sum_up_tallies
from courses.services.proof import Difference, differing_summaries, differing_sums
from patients.models import Patient

PATIENTS_A_BATCH = 250
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Builds every course summary anew and compares it with the stored one, and the stored sums with both."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="day the summaries should stand for")
        parser.add_argument("--repair", action="store_true", help="build anew what differs")

    def handle(self, *, on: date | None, repair: bool, **options: Any) -> None:
        found, wrong, count = self._compare(on)
        sums = differing_sums()
        for difference in islice((*found, *sums), SHOWN):
            self.stdout.write(str(difference))
        if not found and not sums:
            self.stdout.write(f"{count} summaries and all sums are what the facts say.")
            return
        if not repair:
            raise CommandError(f"{len(found)} differences in {len(wrong)} summaries, {len(sums)} in sums.")
        rebuild_summaries(wrong, on=on or timezone.localdate())
        sum_up_tallies()
        self.stdout.write(f"Built anew: {len(wrong)} of the summaries, and all sums.")

    def _compare(self, on: date | None) -> tuple[list[Difference], list[int], int]:
        """The differences, whose they are, and how many patients were looked at."""
        ids = list(Patient.objects.order_by("pk").values_list("pk", flat=True))
        found: list[tuple[int, Difference]] = []
        with tqdm(total=len(ids), desc="Summaries", disable=None) as bar:
            for start in range(0, len(ids), PATIENTS_A_BATCH):
                batch = ids[start : start + PATIENTS_A_BATCH]
                found += differing_summaries(batch, on=on)
                bar.update(len(batch))
        return [each for _, each in found], sorted({pk for pk, _ in found}), len(ids)
