"""manage.py await_ready: wait until worker and beat have said that they are alive."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reminders.selectors import silent_parts

LOOK_SECONDS = 0.2


class Command(BaseCommand):
    help = "Wait until worker and beat are at work; says who is missing when the time is over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=60.0)

    def handle(self, *args: Any, seconds: float, **options: Any) -> None:
        end = time.monotonic() + seconds
        while silent := silent_parts(timezone.now()):
            if time.monotonic() > end:
                # The pages work without them, and say so themselves.
                self.stderr.write(f"no sign of life yet: {', '.join(sorted(silent))}")
                return
            time.sleep(LOOK_SECONDS)
