"""`make run`: every process of the product under one roof.

Started in this order: PostgreSQL, migrations, the demo's patients, Redis, worker, beat, and the web last;
stopped in the opposite order. A child that ends is started again; none outlives the supervisor.
"""

import argparse
import http.client
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.core.exceptions import ImproperlyConfigured

from gisttrial import environment
from gisttrial.embedded import redis
from gisttrial.embedded.folders import EmbeddedServiceError, private_folder
from gisttrial.embedded.locks import EXCLUSIVE, FileLock
from gisttrial.embedded.membership import Membership
from gisttrial.embedded.processes import die_with_parent
from gisttrial.supervised import Process, Service, finish, has_ended, say, spawn

HOST = "127.0.0.1"
LOGINS = "nurse (site 01), nurse02 (site 02), pi, datamanager, monitor"
LOOK_SECONDS = 0.1
WEB_SECONDS = 60.0


class Stopped(Exception):
    """Somebody asked to stop."""


class Supervisor:
    def __init__(self, here: environment.Environment) -> None:
        self.here = here
        self.address = f"http://{HOST}:{here.port}"
        self.variables = os.environ | {
            "GISTTRIAL_DATA_DIR": str(here.data_dir),
            "DJANGO_SETTINGS_MODULE": "gisttrial.settings",
            "PYTHONUNBUFFERED": "1",
        }
        self.membership = Membership(here.data_dir) if here.embedded_postgres else None
        self.services: list[Service] = []
        self.stopping = False
        self.new_password: str | None = None

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)  # a second one finds nothing new to do
        try:
            self._start()
            self._announce()
            while True:
                self._look()
        except Stopped:
            say("stopping")
        finally:
            self._stop()

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _look(self) -> None:
        """One round: has anybody asked to stop, has anything ended."""
        if self.stopping:
            raise Stopped
        if self.membership is not None and self.membership.keeper_is_gone():
            try:
                self.membership.ensure()
            except EmbeddedServiceError as error:
                say(f"postgresql: {error}")
        for service in self.services:
            service.look()
        time.sleep(LOOK_SECONDS)

    def _start(self) -> None:
        if self.membership is not None:
            self.membership.join()
        self._command("migrate", "--verbosity=0")
        if not self.here.debug:
            self._command("collectstatic", "--noinput", "--verbosity=0")
        if self.here.demo:
            self._seed()
        if self.here.embedded_redis:
            self._add("redis", lambda: redis.start(self.here.data_dir), stop_seconds=10)
        self._add("worker", self._celery("worker", "--concurrency=2", "--without-mingle"), stop_seconds=15)
        self._add("beat", self._celery("beat", "--pidfile="), stop_seconds=5)
        self._command("await_ready", "--seconds=30")
        self._add("web", self._web, stop_seconds=15)
        self._await_login_page()

    def _add(self, name: str, start: Callable[[], Process], *, stop_seconds: float) -> None:
        if self.stopping:
            raise Stopped
        service = Service(name, start, stop_seconds=stop_seconds)
        service.start()
        self.services.append(service)

    def _celery(self, *words: str) -> Callable[[], Process]:
        command = ("-m", "celery", "--app=gisttrial", "--quiet", *words, "--loglevel=WARNING")
        return lambda: spawn(*command, environment=self.variables)

    def _web(self) -> Process:
        command = ("-m", "gunicorn", "--config=python:gisttrial.gunicorn_config")
        return spawn(*command, f"--bind={HOST}:{self.here.port}", environment=self.variables)

    def _command(self, *words: str, **variables: str) -> None:
        """Run a manage.py command to its end, the services looked after meanwhile."""
        process = spawn("manage.py", *words, environment=self.variables | variables)
        try:
            while not has_ended(process):
                self._look()
        finally:
            finish(process)
        if process.returncode != 0:
            raise EmbeddedServiceError(f"`manage.py {words[0]}` failed")

    def _seed(self) -> None:
        """The demo's logins and patients where they are missing, with a password made up for new logins."""
        if self.here.demo_password is None and self._has_no_logins():
            self.new_password = secrets.token_urlsafe(9)
        password = self.here.demo_password or self.new_password
        self._command(
            "seed_demo", "--if-empty", **({"GISTTRIAL_DEMO_PASSWORD": password} if password else {})
        )

    def _has_no_logins(self) -> bool:
        host, user, name = (str(self.here.database[key]) for key in ("HOST", "USER", "NAME"))
        with psycopg.connect(host=host, user=user, dbname=name) as connection:
            found = connection.execute("SELECT FROM accounts_user WHERE username = 'nurse'")
            return found.fetchone() is None

    def _await_login_page(self) -> None:
        end = time.monotonic() + WEB_SECONDS
        while not self._login_page_answers():
            if time.monotonic() > end:
                raise EmbeddedServiceError("the web server does not answer")
            self._look()

    def _login_page_answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.here.port, timeout=5)
        try:
            connection.request("GET", "/accounts/login/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _announce(self) -> None:
        say(f"\ngisttrial is at {self.address}")
        if self.here.demo:
            say(f"logins: {LOGINS}")
            self._announce_password()
        say("Ctrl-C stops everything")

    def _announce_password(self) -> None:
        if self.new_password:
            say(f"password: {self.new_password} (shown this once)")
        elif self.here.demo_password:
            say("password: the one in GISTTRIAL_DEMO_PASSWORD")
        else:
            say("password: as shown at the first start (GISTTRIAL_DEMO_PASSWORD sets a new one)")
        self.new_password = None

    def _stop(self) -> None:
        if self.new_password:  # stopped before the end of the first start
            self._announce_password()
        for service in reversed(self.services):
            service.stop()
        if self.here.embedded_redis:
            redis.remove_sockets(self.here.data_dir)
        if self.membership is not None:
            self.membership.leave()


def claim(data_dir: Path, address: str) -> FileLock:
    """One supervisor per data folder; a second one is told where the first serves."""
    lock = FileLock(private_folder(data_dir) / "serve.lock")
    if not lock.take(EXCLUSIVE, wait=0):
        raise EmbeddedServiceError(
            f"this copy already runs at {lock.path.read_text() or 'another port'}; for a second one beside "
            "it set PORT and GISTTRIAL_DATA_DIR"
        )
    os.ftruncate(lock.descriptor, 0)
    os.pwrite(lock.descriptor, address.encode(), 0)
    return lock


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise EmbeddedServiceError(
                f"port {port} cannot be used ({error.strerror}); choose another: make run PORT={port + 80}"
            ) from error


def main() -> None:
    parser = argparse.ArgumentParser(description="Run web, worker and beat with all they need.")
    parser.add_argument("--with-parent", action="store_true", help="stop when the parent process ends")
    if parser.parse_args().with_parent:
        die_with_parent(signal.SIGTERM)
    try:
        supervisor = Supervisor(environment.read())
        lock = claim(supervisor.here.data_dir, supervisor.address)
        check_port(supervisor.here.port)
        supervisor.run()
        lock.release()
    except (EmbeddedServiceError, ImproperlyConfigured) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
