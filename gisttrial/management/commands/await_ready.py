"""Wait until everything behind the web is ready, asked as /readyz asks it."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reminders import readiness

LOOK_SECONDS = 0.2


class Command(BaseCommand):
    help = "Returns once /readyz would answer 200; says what is missing when the time is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=30, help="how long to wait (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        end = time.monotonic() + options["seconds"]
        while not readiness.is_ready(parts := readiness.parts()):
            if time.monotonic() > end:
                # The pages may be of use all the same, and /readyz goes on saying what is missing.
                failing = sorted(name for name, state in parts.items() if state != readiness.OK)
                self.stderr.write(f"not ready: {', '.join(failing)}")
                return
            time.sleep(LOOK_SECONDS)
