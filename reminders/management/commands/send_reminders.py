"""manage.py send_reminders [--at INSTANT]: what beat does, by hand; idempotent."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from reminders.services import send_reminders


def instant(text: str) -> datetime:
    """An ISO instant; without an offset on the clinic's clock."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=settings.CLINIC_ZONE)


class Command(BaseCommand):
    help = "Send the reminders that are due and not sent yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", type=instant, metavar="INSTANT", help="instead of now")

    def handle(self, *args: Any, at: datetime | None, **options: Any) -> None:
        report = send_reminders(at=at or timezone.now())
        self.stdout.write(
            f"sent {report.sent}, postponed {report.postponed}, failed {report.failed}, not sent {report.closed}"
        )
