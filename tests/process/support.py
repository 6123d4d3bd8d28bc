"""Real processes under test: started with nothing of the caller's environment, found and awaited."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gisttrial.embedded.processes import Account, child_setup

PROJECT = Path(__file__).resolve().parents[2]
OWN = (
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DEBUG", "PORT", "DJANGO_SETTINGS_MODULE"),
    *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "PYTEST_CURRENT_TEST"),
)
MEMBER = """
import sys
from pathlib import Path
from gisttrial.embedded.membership import Membership
with Membership(Path(sys.argv[1])):
    print("joined", flush=True)
    sys.stdin.read()
"""


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    """The caller's environment without anything the product reads from it."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    kept = {
        name: value for name, value in kept.items() if not name.startswith(("GISTTRIAL_", "PYTEST_XDIST"))
    }
    return kept | {"GISTTRIAL_DATA_DIR": str(data_dir), "PYTHONPATH": str(PROJECT), **variables}


def busy() -> float:
    """How many times slower than idle this machine is: a promise in seconds is made for an idle one."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def until(condition: Callable[[], object], seconds: float = 10.0) -> float:
    """Wait for it; how long it took. Looks often, gives up at the deadline."""
    start = time.monotonic()
    while not condition():
        waited = time.monotonic() - start
        assert waited < seconds * busy(), f"not within {seconds} s: {condition.__qualname__}"
        time.sleep(0.02)
    return time.monotonic() - start


@contextmanager
def running(*command: str, run_as: Account | None = None, **options: object) -> Iterator[subprocess.Popen]:
    """A process in a group of its own, surely ended with the test."""
    process = subprocess.Popen(
        command, process_group=0, text=True, preexec_fn=child_setup(run_as=run_as), **options
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@contextmanager
def member(
    data_dir: Path, run_as: Account | None = None, prelude: str = "", **variables: str
) -> Iterator[subprocess.Popen]:
    """A process that uses the embedded PostgreSQL until its standard input ends."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = (sys.executable, "-c", prelude + MEMBER, str(data_dir))
    with running(
        *command, run_as=run_as, env=environment(data_dir, **variables), cwd="/", **pipes
    ) as process:
        yield process


def joined(process: subprocess.Popen) -> bool:
    return process.stdout.readline() == "joined\n"


def _belongs(number: str, data_dir: bytes) -> bool:
    folder = Path("/proc") / number
    try:
        words = (folder / "cmdline").read_bytes()
        place = os.fsencode((folder / "cwd").readlink())
        variables = (folder / "environ").read_bytes()
    except OSError:
        return False
    return data_dir in words or place.startswith(data_dir) or b"GISTTRIAL_DATA_DIR=" + data_dir in variables


def processes(data_dir: Path, word: str = "") -> list[int]:
    """Every process of this data folder whose command line holds `word`."""
    numbers = [p.name for p in Path("/proc").iterdir() if p.name.isdigit() and int(p.name) != os.getpid()]
    return [int(n) for n in numbers if _belongs(n, os.fsencode(data_dir)) and word in command_line(int(n))]


def command_line(number: int) -> str:
    try:
        return (Path("/proc") / str(number) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def parent(number: int) -> int:
    return int((Path("/proc") / str(number) / "stat").read_text().rpartition(")")[2].split()[1])


def nothing_left(data_dir: Path) -> Callable[[], bool]:
    return lambda: not processes(data_dir)


def kill(*numbers: int) -> None:
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    """Status and text of a page on this machine; 0 where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
