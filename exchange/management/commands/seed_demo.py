"""Fill an empty demo with invented patients and its logins."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from exchange.seeding import LOGINS, ensure_demo_logins, seed_patients
from exchange.seeding_events import seed_recent_events
from patients.models import Patient
from protocol import load_protocol


class Command(BaseCommand):
    help = "Invented patients and the demo's logins; refused where DEBUG is off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=28, help="how many (28)")
        parser.add_argument("--seed", type=int, default=1, help="the same number gives the same patients (1)")
        parser.add_argument("--if-empty", action="store_true", help="leave patients that are there alone")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("seed_demo invents patients: it works only where DEBUG is on")
        system, password = User.objects.system(), os.environ.get("GISTTRIAL_DEMO_PASSWORD")
        if password or not User.objects.filter(username__in=LOGINS).exists():
            ensure_demo_logins(
                by=system, password=password or self._invented(), from_on=load_protocol().study.starts_on
            )
        if options["if_empty"] and Patient.objects.exists():
            return
        seed_patients(
            by=system,
            patients=options["patients"],
            seed=options["seed"],
            today=timezone.localdate(),
            tell=self.stdout.write,
        )
        people = User.objects.in_bulk(["nurse", "pi"], field_name="username")
        seed_recent_events(nurse=people["nurse"], pi=people["pi"], at=timezone.now())

    def _invented(self) -> str:
        password = secrets.token_urlsafe(9)
        self.stdout.write(f"Password of {', '.join(LOGINS)}: {password} (shown this once)")
        return password
