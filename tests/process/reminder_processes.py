"""A real worker, beat, Redis and mail server around the ledger of a test."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen

from django.db import connection
from django.utils import timezone

from gisttrial.embedded import redis
from reminders.models import Reminder
from reminders.services import plan_reminders
from tests.process.smtp_sink import Sink, running_sink
from tests.process.support import PROJECT, environment, free_port, get, running, until
from tests.unit.reminder_cast import expected_visit


# Short, so that a test sees within seconds what the product does within minutes.
def schedule(sweep_seconds: float) -> dict[str, dict[str, object]]:
    return {
        "sweep": {"task": "reminders.tasks.sweep", "schedule": sweep_seconds},
        "heartbeat": {"task": "reminders.tasks.beat_heartbeat", "schedule": 0.5},
    }


CELERY = (sys.executable, "-m", "celery", "--app=gisttrial", "--quiet")


def due_reminders(count: int) -> None:
    """So many booked visits of tomorrow, the reminder of the day before due by now."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    for _ in range(count):
        expected_visit(booked_on=tomorrow, booked_time=time(10, 30))
    plan_reminders(on=timezone.localdate())
    Reminder.objects.filter(lead_days=7).delete()
    Reminder.objects.update(due_at=timezone.now() - timedelta(minutes=1))


@dataclass
class Mailroom:
    """Everything around the ledger; each process is started by the test when it wants it."""

    data_dir: Path
    sink: Sink
    broker: Popen
    stack: ExitStack
    claim_seconds: float = 30.0
    sweep_seconds: float = 0.5

    def restart_broker(self) -> None:
        self.broker = redis.start(self.data_dir)
        self.stack.callback(self.broker.wait)
        self.stack.callback(self.broker.terminate)

    def stop_broker(self) -> None:
        self.broker.kill()
        self.broker.wait()

    def web(self) -> int:
        """The port at which pages are answered."""
        port = free_port()
        self._run(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "gisttrial.wsgi")
        until(lambda: get(port, "/healthz")[0] == 200, 60)
        return port

    def worker(self) -> Popen:
        return self._celery("worker", "--concurrency=2", "--without-mingle", "--without-gossip")

    def beat(self, name: str = "beat") -> Popen:
        return self._celery("beat", "--pidfile=", f"--schedule={self.data_dir / name}")

    def _celery(self, *words: str) -> Popen:
        return self._run(*CELERY, *words, "--loglevel=ERROR")

    def _run(self, *command: str) -> Popen:
        variables = environment(
            self.data_dir,
            DJANGO_SETTINGS_MODULE="tests.process.worker_settings",
            GISTTRIAL_SEND_HOURS="00:00-24:00",
            TEST_SETTINGS=json.dumps(self._settings()),
        )
        return self.stack.enter_context(
            running(*command, env=variables, cwd=PROJECT, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
        )

    def _settings(self) -> dict[str, object]:
        keys = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
        return {
            "DATABASES": {"default": {key: connection.settings_dict[key] for key in keys}},
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.sink.port,
            "EMAIL_TIMEOUT": 5,
            "REMINDER_CLAIM_SECONDS": self.claim_seconds,
            "CELERY_BEAT_SCHEDULE": schedule(self.sweep_seconds),
            # Nobody plans anew: it would move the instants that the test has set.
            "CELERY_TASK_ROUTES": {"reminders.tasks.plan": {"queue": "nobody"}},
        }


@contextmanager
def mailroom(data_dir: Path) -> Iterator[Mailroom]:
    with ExitStack() as stack:
        sink = stack.enter_context(running_sink())
        broker = redis.start(data_dir)
        stack.callback(broker.wait)
        stack.callback(broker.terminate)
        yield Mailroom(data_dir, sink, broker, stack)


def all_sent() -> bool:
    return not Reminder.objects.exclude(state="SENT").exists()


def await_all_sent(seconds: float = 30.0) -> float:
    return until(all_sent, seconds)
