"""One child of the supervisor: started, started again when it ends, stopped with all it has started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gisttrial.embedded.folders import EmbeddedServiceError
from gisttrial.embedded.processes import child_setup

PROJECT = Path(__file__).resolve().parent.parent
FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 5.0
# Who has run for so long did not end because of the way it was started.
STEADY_SECONDS = 30.0

Process = subprocess.Popen[bytes]


def say(text: str) -> None:
    print(text, flush=True)


def spawn(*arguments: str, environment: dict[str, str]) -> Process:
    """A Python child in a process group of its own (Ctrl-C is the supervisor's alone), ended with us."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=child_setup(),
    )


def has_ended(process: Process) -> bool:
    """Asked without collecting it: until then its number, and its group's, belong to nobody else."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def finish(process: Process) -> None:
    """End what is left of its group, then collect it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Service:
    def __init__(self, name: str, start: Callable[[], Process], *, stop_seconds: float) -> None:
        self.name = name
        self._start = start
        self._stop_seconds = stop_seconds
        self._process: Process | None = None
        self._failures = 0
        self._started_at = 0.0
        self._next_start = 0.0

    def start(self) -> None:
        self._started_at = time.monotonic()
        self._process = self._start()

    def look(self) -> None:
        """Start it again if it has ended, after a pause that grows with every failure in a row."""
        if self._process is not None and has_ended(self._process):
            finish(self._process)
            self._plan_restart(f"ended with code {self._process.returncode}")
        if self._process is None and time.monotonic() >= self._next_start:
            try:
                self.start()
            except (OSError, EmbeddedServiceError, subprocess.SubprocessError) as error:
                self._plan_restart(str(error))

    def _plan_restart(self, reason: str) -> None:
        now = time.monotonic()
        self._failures = 0 if now - self._started_at > STEADY_SECONDS else self._failures + 1
        pause = min(FIRST_DELAY_SECONDS * 2**self._failures, LONGEST_DELAY_SECONDS)
        self._process, self._next_start = None, now + pause
        say(f"{self.name}: {reason}; starting again")

    def stop(self) -> None:
        """Ask it to end, wait, then end it and whatever it has started."""
        if self._process is None:
            return
        if not has_ended(self._process):
            self._process.terminate()
        end = time.monotonic() + self._stop_seconds
        while not has_ended(self._process) and time.monotonic() < end:
            time.sleep(0.05)
        finish(self._process)
        self._process = None
