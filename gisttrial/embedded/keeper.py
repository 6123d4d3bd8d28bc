"""The keeper: a small process that holds PostgreSQL as its child for as long as somebody uses it.

    users.lock    shared by every process that uses the server; the keeper waits for it alone
    keeper.lock   held by the one keeper
    server.lock   inherited by postgres and its children: free means that none of them is alive

A user that is killed gives its lock back, so it blocks nobody. A user that arrives while the keeper shuts
down waits for its lock until all is down, and starts anew. When the keeper itself is killed the kernel
sends postgres the signal for a fast shutdown; the next keeper waits for server.lock before it starts one.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from gisttrial.embedded import postgres
from gisttrial.embedded.folders import EmbeddedServiceError
from gisttrial.embedded.locks import EXCLUSIVE, FileLock
from gisttrial.embedded.processes import child_setup

READY, KEPT = "ready", "kept by another"
LOOK_SECONDS = 0.1
OLD_SERVER_SECONDS = 30.0
START_SECONDS = 60.0
FAST_STOP_SECONDS = 20.0
# A server that fails this often in a row will fail again: give up, and say why.
MOST_FAILURES = 5
STEADY_SECONDS = 30.0


class Keeper:
    def __init__(self, server: postgres.Server) -> None:
        self.server = server
        self.users = FileLock(server.folder / "users.lock")
        self.process: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False
        self.failures = 0
        self.started_at = 0.0

    def start(self) -> None:
        """Start postgres and wait until it takes connections."""
        with FileLock(self.server.folder / "server.lock") as lock:
            if not lock.take(EXCLUSIVE, wait=OLD_SERVER_SECONDS):
                raise EmbeddedServiceError("an earlier PostgreSQL of this folder does not end")
            self.server.prepare()
            self.process = subprocess.Popen(
                self.server.command(),
                stdin=subprocess.DEVNULL,
                env=postgres.server_environment(),
                cwd="/",
                pass_fds=[lock.descriptor],
                process_group=0,
                preexec_fn=child_setup(signal.SIGINT, run_as=self.server.account),
            )
        self.started_at = time.monotonic()
        self._await_ready()

    def _await_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self.server.is_ready():
            if self.process is None or self.process.poll() is not None:
                raise EmbeddedServiceError("PostgreSQL ended while starting")
            if time.monotonic() > end:
                self.stop()
                raise EmbeddedServiceError("PostgreSQL does not become ready")
            time.sleep(LOOK_SECONDS / 4)

    def keep(self) -> None:
        """Until nobody uses the server: start it again whenever it ends by itself."""
        while not self.asked_to_stop and not self.users.take(EXCLUSIVE, wait=0):
            if self.process is not None and self.process.poll() is not None:
                self._start_again()
            time.sleep(LOOK_SECONDS)

    def _start_again(self) -> None:
        steady = time.monotonic() - self.started_at > STEADY_SECONDS
        self.failures = 1 if steady else self.failures + 1
        if self.failures > MOST_FAILURES:
            raise EmbeddedServiceError("PostgreSQL ends again and again")
        time.sleep(LOOK_SECONDS * self.failures)
        self.start()

    def stop(self) -> None:
        """Fast shutdown (open transactions are rolled back), then harder, until it has ended."""
        process = self.process
        if process is None:
            return
        for how, patience in (
            (signal.SIGINT, FAST_STOP_SECONDS),
            (signal.SIGQUIT, 5.0),
            (signal.SIGKILL, 5.0),
        ):
            if process.poll() is None:
                process.send_signal(how)
            try:
                process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        self.server.clean_up()


def report(descriptor: int, text: str) -> None:
    """Tell the starter how it went; it may be gone by now."""
    with contextlib.suppress(OSError):
        os.write(descriptor, text.encode())
    os.close(descriptor)


def run(data_dir: Path, descriptor: int) -> None:
    server = postgres.Server.below(data_dir)
    alone = FileLock(server.folder / "keeper.lock")
    if not alone.take(EXCLUSIVE, wait=1.0):
        report(descriptor, KEPT)  # by one whose starter was killed before it could see it
        return
    keeper = Keeper(server)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: setattr(keeper, "asked_to_stop", True))
    try:
        keeper.start()
        report(descriptor, READY)
        keeper.keep()
    finally:
        keeper.stop()
    os._exit(0)  # the locks go with the process: who sees keeper.lock free sees no keeper either


def main() -> None:
    data_dir, descriptor = Path(sys.argv[1]), int(sys.argv[2])
    if os.fork():
        os._exit(0)  # the starter waits for this process only; the keeper belongs to nobody
    os.set_inheritable(descriptor, False)
    os.chdir("/")
    try:
        run(data_dir, descriptor)
    except (EmbeddedServiceError, OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"keeper: {error}\n")
        report(descriptor, str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
