"""Using the embedded PostgreSQL: join it, starting it where it does not run; leave it, and the last one out
turns off the light. How it is kept is told in keeper.py."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

from gisttrial.embedded import postgres
from gisttrial.embedded.folders import EmbeddedServiceError, open_private, private_folder
from gisttrial.embedded.keeper import KEPT, READY
from gisttrial.embedded.locks import EXCLUSIVE, SHARED, FileLock, is_free

PROJECT = Path(__file__).resolve().parent.parent.parent
ANSWER_SECONDS = 60.0
START_SECONDS = 120.0
LOOK_SECONDS = 0.05
LEAVE_SECONDS = 30.0
# A keeper that nobody holds back takes the lock within this time; if it did not, there are other users.
KEEPER_REACTS_SECONDS = 0.5
ROOT_HINT = (
    "\nStarted by root it runs as an ordinary user. Where this machine does not let that user pass the folders on"
    " its way, use a project folder and a GISTTRIAL_DATA_DIR open to all, an ordinary user, or DATABASE_URL."
)
LONGEST_LOG_BYTES = 5_000_000


class Membership:
    """One user of the embedded server, from `join` to `leave` or to the end of the process."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.folder = private_folder(postgres.service_folder(data_dir))
        self._users: FileLock | None = None

    def join(self) -> "Membership":
        """Hold the server; returns once it answers. Raises EmbeddedServiceError with the reason."""
        self._users = FileLock(self.folder / "users.lock")
        # Waits only for a keeper that is shutting down; from here on no keeper can.
        self._users.take(SHARED)
        try:
            self.ensure()
        except BaseException:
            self.leave()
            raise
        return self

    def ensure(self) -> None:
        """Make the server answer; for a long-lived member also after its keeper was killed."""
        with FileLock(self.folder / "start.lock") as starting:
            starting.take(EXCLUSIVE)
            end = time.monotonic() + ANSWER_SECONDS
            while (fault := self._connection_fault()) is not None:
                if time.monotonic() > end:
                    raise EmbeddedServiceError(f"the embedded PostgreSQL does not answer: {fault}")
                if self.keeper_is_gone():
                    self._start_keeper()
                else:
                    time.sleep(LOOK_SECONDS)

    def keeper_is_gone(self) -> bool:
        return is_free(self.folder / "keeper.lock")

    def leave(self) -> None:
        """Let go, and if nobody else uses the server wait until it is down."""
        if self._users is None:
            return
        self._users.release()
        self._users = None
        end = time.monotonic() + LEAVE_SECONDS
        others_since: float | None = None
        while not self.keeper_is_gone() and time.monotonic() < end:
            if not is_free(self.folder / "users.lock", SHARED):
                others_since = None  # the keeper has it: it is shutting down
            elif others_since is None:
                others_since = time.monotonic()
            elif time.monotonic() - others_since > KEEPER_REACTS_SECONDS:
                return
            time.sleep(LOOK_SECONDS)

    def __enter__(self) -> "Membership":
        return self.join()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _connection_fault(self) -> str | None:
        """None once the server answers and has the product's database."""
        try:
            with psycopg.connect(
                host=postgres.django_database(self.data_dir)["HOST"],
                user=postgres.USER,
                dbname="postgres",
                connect_timeout=5,
                autocommit=True,
            ) as connection:
                _make_database(connection)
        except psycopg.OperationalError as error:
            return str(error).strip()
        return None

    def _start_keeper(self) -> None:
        reader, writer = os.pipe()
        log = self.folder / "log"
        too_long = log.exists() and log.stat().st_size > LONGEST_LOG_BYTES
        output = open_private(log, os.O_WRONLY | os.O_APPEND | (os.O_TRUNC if too_long else 0))
        try:
            subprocess.run(
                [sys.executable, "-m", "gisttrial.embedded.keeper", str(self.data_dir), str(writer)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=PROJECT,
                pass_fds=[writer],
                start_new_session=True,
                check=True,
            )
            os.close(writer)
            writer = -1
            self._await_report(reader)
        finally:
            for descriptor in (reader, writer, output):
                if descriptor >= 0:
                    os.close(descriptor)

    def _await_report(self, reader: int) -> None:
        readable, _, _ = select.select([reader], [], [], START_SECONDS)
        text = os.read(reader, 4096).decode(errors="replace") if readable else "no answer in time"
        if text not in {READY, KEPT}:
            raise EmbeddedServiceError(
                f"the embedded PostgreSQL cannot start: {text or 'its keeper was killed'}\n"
                f"More in {self.folder / 'log'}" + (ROOT_HINT if os.geteuid() == 0 else "")
            )


def _make_database(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [postgres.DATABASE]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(postgres.DATABASE)))
