"""manage.py plan_reminders [--on DATE]: what beat does, by hand; idempotent."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reminders.services import plan_notices, plan_reminders


class Command(BaseCommand):
    help = "Plan the reminders of all coming visits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="instead of today")

    def handle(self, *args: Any, on: date | None, **options: Any) -> None:
        report = plan_reminders(on=on or timezone.localdate())
        if on is None:
            plan_notices(now=timezone.now())
        self.stdout.write(f"planned {report.planned}, changed {report.changed}, closed {report.closed}")
