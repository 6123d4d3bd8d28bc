"""What stands around the running processes: which command needs a database, when all is ready, how work is kept."""

import socket
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from kombu.exceptions import OperationalError

from gisttrial import supervisor
from gisttrial.celery import TASK_SECONDS, VISIBILITY_SECONDS, app
from gisttrial.embedded.folders import EmbeddedServiceError
from manage import needs_database
from reminders.management.commands import await_ready


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("migrate", True),
        ("import_cohort folder --by system", True),
        ("shell", True),
        ("help", False),
        ("help migrate", False),
        ("migrate --help", False),
        ("--version", False),
        ("makemessages --all", False),
        ("collectstatic --noinput", False),
        ("", False),
    ],
)
def test_only_commands_that_look_into_the_database_start_it(line: str, expected: bool):
    assert needs_database(line.split()) is expected


def test_no_task_runs_longer_than_its_message_stays_hidden():
    assert app.conf.task_time_limit == TASK_SECONDS < VISIBILITY_SECONDS
    assert app.conf.broker_transport_options["visibility_timeout"] == VISIBILITY_SECONDS


def test_a_lost_worker_loses_no_work():
    kept = ("task_acks_late", "task_reject_on_worker_lost", "task_ignore_result")
    assert all(app.conf[name] for name in kept)
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_a_broker_that_is_down_is_told_at_once():
    with (
        app.connection_for_write("redis+socket:///nowhere/redis.sock") as broker,
        pytest.raises(OperationalError),
    ):
        app.send_task("reminders.tasks.sweep", connection=broker)


def awaited(monkeypatch: pytest.MonkeyPatch, *silent: tuple[str, ...]) -> str:
    answers = iter(silent)
    monkeypatch.setattr(await_ready, "silent_parts", lambda now: dict.fromkeys(next(answers)))
    said = StringIO()
    call_command(await_ready.Command(), seconds=0.3, stderr=said)
    return said.getvalue()


def test_worker_and_beat_are_waited_for(monkeypatch: pytest.MonkeyPatch):
    assert awaited(monkeypatch, ("worker", "beat"), ()) == ""


def test_who_gives_no_sign_of_life_is_named(monkeypatch: pytest.MonkeyPatch):
    assert "worker" in awaited(monkeypatch, *[("worker",)] * 9)


def test_a_taken_port_is_refused_with_another_proposed():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedServiceError, match=f"port {port} cannot be used"):
            supervisor.check_port(port)
    supervisor.check_port(port)


def test_a_data_folder_has_one_supervisor(tmp_path):
    with (
        supervisor.claim(tmp_path, "http://127.0.0.1:8000"),
        pytest.raises(EmbeddedServiceError, match="already runs at http"),
    ):
        supervisor.claim(tmp_path, "http://127.0.0.1:8001")
    supervisor.claim(tmp_path, "http://127.0.0.1:8001").release()
