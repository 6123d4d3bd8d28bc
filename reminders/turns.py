"""One sender at a time on a machine: when a worker is killed, one message at most was in a server's hands."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

LOCK_FILE = "sending.lock"


@contextmanager
def only_sender(*, wait: bool) -> Iterator[bool]:
    """Whether it is this process's turn. The kernel gives the turn back when a process ends, however it ends."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / LOCK_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
