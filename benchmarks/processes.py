"""Work done in processes of their own that begin together, with the time and the memory it took."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import django
from django.db import connection

from benchmarks.clock import Spent, stopwatch
from protocol import load_protocol

START_SECONDS = 120
_gates: list[Barrier] = []  # in a process of a team: the gate for one, for two, …


@dataclass(frozen=True, slots=True)
class Share:
    """What one process did. `began` and `ended` are of the one clock of the machine, memory is in MiB."""

    answer: Any
    began: float
    ended: float
    processor: float
    mib_before: float
    mib_peak: float


@contextmanager
def team(size: int) -> Iterator[Callable[..., list[Share]]]:
    """New processes, each with a connection to the database that this one is connected to.

    What is yielded takes a task and a tuple of arguments for every process that is to do it, and gives their shares.
    """
    context = get_context("spawn")  # memory and connections of this process stay out of it
    gates = [context.Barrier(number + 1) for number in range(size)]
    database = dict(connection.settings_dict)
    connection.close()
    with ProcessPoolExecutor(size, context, initializer=_set_up, initargs=(gates, database)) as pool:
        yield lambda task, shares: list(pool.map(_do_share, repeat(task), shares, repeat(len(shares))))


def spent(shares: Sequence[Share]) -> Spent:
    """From the first beginning to the last end, and the processor time of all."""
    seconds = max(share.ended for share in shares) - min(share.began for share in shares)
    return Spent(seconds, sum(share.processor for share in shares))


def _set_up(gates: list[Barrier], database: dict[str, Any]) -> None:
    _gates.extend(gates)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    connection.settings_dict.update(database)
    connection.ensure_connection()
    load_protocol()  # a worker has read it long ago


def _do_share(task: Callable[..., Any], arguments: tuple[Any, ...], together: int) -> Share:
    _gates[together - 1].wait(START_SECONDS)
    before, began = _peak_mib(), time.monotonic()
    with stopwatch() as own:
        answer = task(*arguments)
    return Share(answer, began, began + own.seconds, own.processor, before, _peak_mib())


def _peak_mib() -> float:
    """The most memory this process ever held. Not from getrusage, which a parent's size shines through."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
