"""Work done in processes of their own that begin together, with the time and the memory it took."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import django
from django.db import connection

from protocol import load_protocol

START_SECONDS = 120
_gate: Barrier | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one process did. `began` and `ended` are of the one clock of the machine, memory is in MiB."""

    answer: Any
    began: float
    ended: float
    mib_before: float
    mib_peak: float


def work_together(task: Callable[..., Any], shares: Sequence[tuple[Any, ...]]) -> list[Share]:
    """`task` once for each tuple of arguments, each in a new process with a connection to the same database."""
    context = get_context("spawn")  # memory and connections of this process stay out of it
    gate = context.Barrier(len(shares))
    database = dict(connection.settings_dict)
    connection.close()
    with ProcessPoolExecutor(
        len(shares), mp_context=context, initializer=_set_up, initargs=(gate, database)
    ) as pool:
        return list(pool.map(_do_share, [task] * len(shares), shares))


def seconds(shares: Sequence[Share]) -> float:
    """From the first beginning to the last end."""
    return max(share.ended for share in shares) - min(share.began for share in shares)


def _set_up(gate: Barrier, database: dict[str, Any]) -> None:
    global _gate
    _gate = gate
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    connection.settings_dict.update(database)
    connection.ensure_connection()
    load_protocol()  # a worker has read it long ago


def _do_share(task: Callable[..., Any], arguments: tuple[Any, ...]) -> Share:
    if _gate:
        _gate.wait(START_SECONDS)
    before, began = _peak_mib(), time.monotonic()
    answer = task(*arguments)
    return Share(answer, began, time.monotonic(), before, _peak_mib())


def _peak_mib() -> float:
    """The most memory this process ever held. Not from getrusage, which a parent's size shines through."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
