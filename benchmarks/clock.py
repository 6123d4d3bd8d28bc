"""Two clocks: the one on the wall, and that of the processors, which other work on the machine does not slow down."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection


@dataclass(slots=True)
class Spent:
    """`processor` is the time that this process and its server process worked; NaN with a server of elsewhere."""

    seconds: float = 0.0
    processor: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Spent]:
    """Filled when the block ends, which must not change the connection."""
    spent = Spent()
    worked, began = _worked(), time.monotonic()
    yield spent
    spent.seconds = time.monotonic() - began
    spent.processor = _worked() - worked


def least(rounds: Iterable[Spent]) -> Spent:
    """The quickest of some rounds, on either clock: what makes one slower is other work on the machine."""
    known = list(rounds)
    return Spent(min(spent.seconds for spent in known), min(spent.processor for spent in known))


def _worked() -> float:
    if not settings.ENVIRONMENT.embedded_postgres:
        return float("nan")
    connection.ensure_connection()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(server.read_text().split()[0]) / 1e9
