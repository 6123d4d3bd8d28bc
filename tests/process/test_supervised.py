"""One supervised child: started again when it ends, stopped with everything it has started."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from gisttrial import supervised
from gisttrial.embedded.folders import EmbeddedServiceError
from tests.process.support import PROJECT, environment, kill, nothing_left, processes, running, until

pytestmark = pytest.mark.process
SLEEPER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
)
PARENT = (
    f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); time.sleep(600)"
)
SUPERVISOR = f"""
import os, time
from gisttrial.supervised import spawn
spawn("-c", {SLEEPER!r}, environment=dict(os.environ))
time.sleep(600)
"""


def child(text: str, data_dir: Path) -> Callable[[], subprocess.Popen]:
    return lambda: supervised.spawn("-c", text, environment=environment(data_dir))


def service(start: Callable[[], subprocess.Popen], stop_seconds: float = 5) -> supervised.Service:
    return supervised.Service("child", start, stop_seconds=stop_seconds)


def test_a_child_that_was_killed_is_started_again(tmp_path: Path):
    under_test = service(child(SLEEPER, tmp_path))
    under_test.start()
    first = processes(tmp_path)
    kill(*first)
    until(lambda: under_test.look() or processes(tmp_path) not in ([], first))
    under_test.stop()
    assert processes(tmp_path) == []


def test_what_a_killed_child_had_started_does_not_stay(tmp_path: Path):
    under_test = service(child(PARENT, tmp_path))
    under_test.start()
    until(lambda: len(processes(tmp_path)) == 2)
    kill(*processes(tmp_path, "Popen"))
    until(lambda: under_test.look() or len(processes(tmp_path)) == 2)
    under_test.stop()
    assert processes(tmp_path) == []


def test_a_child_that_will_not_stop_is_ended(tmp_path: Path):
    under_test = service(child(STUBBORN, tmp_path), stop_seconds=0.3)
    under_test.start()
    until(lambda: processes(tmp_path))
    under_test.stop()
    assert processes(tmp_path) == []


def test_stopping_what_was_never_started_is_harmless(tmp_path: Path):
    service(child(SLEEPER, tmp_path)).stop()


def test_the_pause_grows_while_it_keeps_failing(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> subprocess.Popen:
        starts.append(now[0])
        raise EmbeddedServiceError("no")

    starts: list[float] = []
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    under_test = service(fail)
    while now[0] < 130:
        under_test.look()
        now[0] += 0.1
    pauses = [round(later - earlier, 1) for earlier, later in pairwise(starts)]
    assert pauses == sorted(pauses) and 4.9 < pauses[-1] < 5.2
    assert "child: no; starting again" in capsys.readouterr().out


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path):
    with running(sys.executable, "-c", SUPERVISOR, env=environment(tmp_path), cwd=PROJECT) as process:
        until(lambda: len(processes(tmp_path)) == 2)
        kill(process.pid)
        until(nothing_left(tmp_path))


@pytest.mark.parametrize(("command", "code"), [("pass", 0), ("raise SystemExit(3)", 3)])
def test_the_end_is_seen_before_it_is_collected(tmp_path: Path, command: str, code: int):
    process = child(command, tmp_path)()
    until(lambda: supervised.has_ended(process))
    os.kill(process.pid, 0)  # its number is still its own
    supervised.finish(process)
    assert process.returncode == code
    assert supervised.has_ended(process)
