"""`make run`: a login page in one command, every process back after a kill, nothing left after the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.process.support import (
    PROJECT,
    busy,
    environment,
    free_port,
    get,
    kill,
    nothing_left,
    parent,
    processes,
    running,
    until,
)

pytestmark = pytest.mark.process
COMMAND = (sys.executable, "-m", "gisttrial.supervisor", "--with-parent")
# What each child is known by, and how many of it there are.
CHILDREN = {
    "web": ("gunicorn", 3),
    "worker": ("celery --app=gisttrial --quiet worker", 3),
    "beat": ("celery --app=gisttrial --quiet beat", 1),
    "redis": ("redis-server", 1),
    "postgresql": ("bin/postgres -D", 1),
    "keeper": ("embedded.keeper", 1),
}


@dataclass
class Product:
    data_dir: Path
    port: int
    process: subprocess.Popen
    seconds: float
    text: str

    def is_well(self) -> bool:
        return get(self.port, "/readyz")[0] == 200

    def children(self, name: str) -> list[int]:
        return processes(self.data_dir, CHILDREN[name][0])


def read_until(process: subprocess.Popen, text: str) -> str:
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError("ended early:\n" + "".join(lines))


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("product")


@pytest.fixture(scope="module")
def product(data_dir: Path) -> Iterator[Product]:
    port = free_port()
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    start = time.monotonic()
    with running(*COMMAND, env=environment(data_dir, PORT=str(port)), cwd=PROJECT, **pipes) as process:
        text = read_until(process, "Ctrl-C stops everything")
        yield Product(data_dir, port, process, time.monotonic() - start, text)
    until(nothing_left(data_dir), 15)


def stop(product: Product) -> None:
    """Whatever test came before: one of them stops it on purpose."""
    if product.process.poll() is None:
        os.kill(product.process.pid, signal.SIGINT)
        product.process.communicate(timeout=60)


def start_second(data_dir: Path, port: int) -> subprocess.CompletedProcess:
    variables = environment(data_dir, PORT=str(port))
    return subprocess.run(COMMAND, env=variables, cwd=PROJECT, capture_output=True, text=True, timeout=60)


def test_one_command_leads_to_a_login_page(product: Product):
    assert product.seconds < 60 * busy()
    status, page = get(product.port, "/accounts/login/")
    assert (status, 'name="login"' in page) == (200, True)


def test_the_page_answers_only_when_everything_does(product: Product):
    status, body = get(product.port, "/readyz")
    assert status == 200, body
    assert get(product.port, "/healthz")[0] == 200


def test_address_and_logins_are_printed(product: Product):
    assert f"http://127.0.0.1:{product.port}" in product.text
    assert all(name in product.text for name in ("nurse", "nurse02", "pi", "datamanager", "monitor"))
    assert "(shown this once)" in product.text


def test_only_this_machine_can_reach_it(product: Product):
    listening = {line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]}
    assert f"0100007F:{product.port:04X}" in listening
    assert f"00000000:{product.port:04X}" not in listening


@pytest.mark.parametrize("name", CHILDREN)
def test_every_process_is_there(product: Product, name: str):
    assert len(product.children(name)) == CHILDREN[name][1]


def test_a_second_start_names_the_address_of_the_first(product: Product):
    done = start_second(product.data_dir, free_port())
    assert done.returncode == 1
    assert f"already runs at http://127.0.0.1:{product.port}" in done.stderr


def test_a_taken_port_is_said(product: Product, tmp_path: Path):
    done = start_second(tmp_path, product.port)
    assert done.returncode == 1
    assert f"port {product.port} cannot be used" in done.stderr


def test_a_command_beside_it_shares_the_server(product: Product):
    before = product.children("postgresql")
    command = (sys.executable, "manage.py", "showmigrations", "patients")
    done = subprocess.run(command, env=environment(product.data_dir), cwd=PROJECT, capture_output=True)
    assert done.returncode == 0
    assert product.children("postgresql") == before


@pytest.mark.parametrize("name", CHILDREN)
def test_a_killed_child_is_back_within_ten_seconds_and_its_own_children_are_gone(product: Product, name: str):
    before, count = product.children(name), CHILDREN[name][1]
    kill(*(number for number in before if parent(number) not in before))
    until(lambda: not set(before) & set(product.children(name)))
    until(lambda: len(product.children(name)) == count and product.is_well(), 10)


def test_ctrl_c_stops_everything_and_a_second_one_is_harmless(product: Product):
    os.kill(product.process.pid, signal.SIGINT)
    read_until(product.process, "stopping")
    os.kill(product.process.pid, signal.SIGINT)
    assert product.process.wait(60) == 0
    assert processes(product.data_dir) == []


def test_nothing_outlives_a_supervisor_killed_while_it_starts(product: Product, data_dir: Path):
    stop(product)
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    variables = environment(data_dir, PORT=str(product.port))
    with running(*COMMAND, env=variables, cwd=PROJECT, **pipes) as process:
        until(lambda: product.children("beat") and len(product.children("worker")) == 3, 60)
        kill(process.pid)
        until(nothing_left(data_dir), 10)
