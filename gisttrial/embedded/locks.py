"""Locks the kernel gives back by itself when their holder dies, however it dies (flock)."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from gisttrial.embedded.folders import open_private

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX
STEP_SECONDS = 0.05


class FileLock:
    """One open lock file. `release` (or the end of the process) gives it back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = open_private(path)

    def take(self, kind: int, *, wait: float | None = None) -> bool:
        """Take it; `wait` is how many seconds to try (None: as long as it takes)."""
        if wait is None:
            fcntl.flock(self.descriptor, kind)
            return True
        end = time.monotonic() + wait
        while not self._try(kind):
            if time.monotonic() >= end:
                return False
            time.sleep(STEP_SECONDS)
        return True

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        # Closing, not LOCK_UN: a child that inherited the descriptor keeps the lock for its own life.
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_free(path: Path, kind: int = EXCLUSIVE) -> bool:
    """Whether `kind` could be taken at this moment."""
    with FileLock(path) as lock:
        return lock.take(kind, wait=0)
