"""The commands of docker-compose.yml, started by hand against real services named by their addresses."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller

from gisttrial.embedded import postgres, redis
from gisttrial.embedded.membership import Membership
from tests.process.containers import command, instructions, variables
from tests.process.support import PROJECT, environment, free_port, get, kill, running, until

pytestmark = pytest.mark.process
GIVEN = {
    "SECRET_KEY": "a long random text for this test",
    "POSTGRES_PASSWORD": "x",
    "ALLOWED_HOSTS": "trial.example",
}


class Sink:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.mails.append(envelope.content)
        return "250 taken"


@dataclass
class Stack:
    environment: dict[str, str]
    port: int
    sink: Sink

    def command(self, service: str) -> list[str]:
        """As compose would run it, at a free port of this machine."""
        words = [word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}") for word in command(service)]
        if words[0] == "python":
            return [sys.executable, *words[1:]]
        return [sys.executable, "-m", *words]

    def run(self, *words: str) -> str:
        done = subprocess.run(
            words,
            env=self.environment,
            cwd=PROJECT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    services, own = tmp_path_factory.mktemp("services"), tmp_path_factory.mktemp("own")
    sink = Sink()
    mail_server = Controller(sink, hostname="127.0.0.1", port=free_port())
    with Membership(services), ExitStack() as end:
        process = redis.start(services)
        end.callback(process.wait)
        end.callback(kill, process.pid)
        mail_server.start()
        end.callback(mail_server.stop)
        sockets = quote(postgres.django_database(services)["HOST"], safe="")
        addresses = {
            "DATABASE_URL": f"postgres://gisttrial@{sockets}/gisttrial",
            "REDIS_URL": f"unix://{redis.socket_path(services)}",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        }
        yield Stack(environment(own, **(variables("web", GIVEN) | addresses)), free_port(), sink)


@pytest.fixture(scope="module")
def product(stack: Stack) -> Iterator[Stack]:
    """Migrated first, then web, worker and beat side by side."""
    (collect,) = [run for run in instructions("RUN") if "collectstatic" in run]
    assert "python manage.py collectstatic --noinput" in collect
    stack.run(sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
    stack.run(*stack.command("migrate"))
    with ExitStack() as processes:
        for service in ("worker", "beat", "web"):
            processes.enter_context(running(*stack.command(service), env=stack.environment, cwd=PROJECT))
        until(lambda: get(stack.port, "/healthz")[0] == 200, 30)
        yield stack


def test_it_becomes_ready(product: Stack):
    until(lambda: get(product.port, "/readyz")[0] == 200, 30)


def test_it_speaks_https_only(product: Stack):
    assert get(product.port, "/accounts/login/", Host="trial.example")[0] == 301
    secure = {"Host": "trial.example", "X-Forwarded-Proto": "https"}
    assert get(product.port, "/accounts/login/", **secure)[0] == 200


def test_it_answers_to_its_own_name_only(product: Stack):
    assert get(product.port, "/accounts/login/", Host="other.example")[0] == 400


def test_it_serves_its_own_files(product: Stack):
    secure = {"Host": "trial.example", "X-Forwarded-Proto": "https"}
    _, page = get(product.port, "/accounts/login/", **secure)
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert sheets and all(get(product.port, sheet, **secure)[0] == 200 for sheet in sheets)


def test_mail_goes_to_the_server_that_was_named(product: Stack):
    product.run(sys.executable, "manage.py", "sendtestemail", "somebody@example.org")
    assert b"somebody@example.org" in product.sink.mails[-1]


def test_the_demo_is_not_offered(product: Stack):
    command_line = [sys.executable, "manage.py", "seed_demo"]
    done = subprocess.run(command_line, env=product.environment, cwd=PROJECT, capture_output=True)
    assert done.returncode != 0


def test_nothing_embedded_was_started(product: Stack):
    own = Path(product.environment["GISTTRIAL_DATA_DIR"])
    assert not (own / "postgres").exists() and not (own / "redis").exists()
