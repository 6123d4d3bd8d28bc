"""Proves that every stored entry of the worklist is what the facts say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from agenda.services import PATIENTS_A_BATCH, differing_patient_ids, rebuild_agendas, stale_patient_ids
from patients.models import Patient

SHOWN = 20


class Command(BaseCommand):
    help = "Builds the worklist's entries of every patient anew and compares them with the stored ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="build anew what differs")

    def handle(self, *, repair: bool, **options: Any) -> None:
        ids = list(Patient.objects.order_by("pk").values_list("pk", flat=True))
        wrong = self._differing(ids)
        if not wrong:
            self.stdout.write(f"The entries of {len(ids)} patients are what the facts say.")
            return
        for subject_id in Patient.objects.filter(pk__in=wrong[:SHOWN]).values_list("subject_id", flat=True):
            self.stdout.write(f"{subject_id}: the stored entries are not those of the facts")
        if not repair:
            raise CommandError(f"The entries of {len(wrong)} patients differ.")
        rebuild_agendas(wrong, on=timezone.localdate())
        self.stdout.write(f"Built anew: the entries of {len(wrong)} patients.")

    def _differing(self, ids: list[int]) -> list[int]:
        """Those of another content, and those that were never built or have run out."""
        found = set(stale_patient_ids(on=timezone.localdate()))
        with tqdm(total=len(ids), desc="Agendas", disable=None) as bar:
            for start in range(0, len(ids), PATIENTS_A_BATCH):
                batch = ids[start : start + PATIENTS_A_BATCH]
                found |= set(differing_patient_ids(batch))
                bar.update(len(batch))
        return sorted(found)
