"""Ending processes without a word."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.process.support import parent


def kill(process):
    """The worker and every process of its pool, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_pool(process):
    """The processes that carry tasks out; the worker itself puts new ones in their place."""
    for number in processes_below(process.pid):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def processes_below(parent_id):
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _parent(folder) == parent_id]


def _parent(folder):
    with suppress(OSError):
        return parent(int(folder.name))
    return None
