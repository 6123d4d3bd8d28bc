"""Who is alive, said by each for itself, so that the one that is missing can be named.

beat    written by beat whenever it asks for the heartbeat task: its scheduler turns
worker  written by the worker's main process on a clock of its own: it has not been killed
queue   written by the task when it is carried out: what beat asks for arrives and is done
"""

import logging
import threading
from typing import Any

from celery.signals import before_task_publish, worker_ready, worker_shutting_down
from django.db import Error, connection, connections

from reminders.models import Part
from reminders.services import record_heartbeat

log = logging.getLogger(__name__)

HEARTBEAT_TASK = "reminders.tasks.beat_heartbeat"
WORKER_SECONDS = 15.0

_stop = threading.Event()


def say_alive(part: Part) -> None:
    """A heartbeat never stops the part that it tells about."""
    try:
        record_heartbeat(part.value)
    except Error as error:
        connection.close_if_unusable_or_obsolete()
        log.warning("heartbeat of %s was not written: %s", part.value, type(error).__name__)


@before_task_publish.connect(sender=HEARTBEAT_TASK)
def beat_turns(**_: Any) -> None:
    say_alive(Part.BEAT)


@worker_ready.connect
def worker_started(**_: Any) -> None:
    _stop.clear()
    threading.Thread(target=_tell_of_worker, name="heartbeat", daemon=True).start()


@worker_shutting_down.connect
def worker_stops(**_: Any) -> None:
    _stop.set()


def _tell_of_worker() -> None:
    while True:
        say_alive(Part.WORKER)
        connections.close_all()  # pool processes are forked from here: they are not to inherit a connection
        if _stop.wait(WORKER_SECONDS):
            return
