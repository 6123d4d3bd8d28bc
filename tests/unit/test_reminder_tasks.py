"""What beat asks for and what people type: thin, and harmless when it comes twice."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from gisttrial.celery import app
from reminders import heartbeats, tasks
from reminders.models import Heartbeat, Reminder
from reminders.selectors import SILENT_AFTER
from tests.unit.reminder_cast import SUGGESTED_ON, expected_visit, seoul

pytestmark = pytest.mark.django_db

DAY_BEFORE = seoul(SUGGESTED_ON - timedelta(days=1))


@pytest.fixture
def asked(monkeypatch):
    """The tasks that were asked for, by name."""
    names = []
    for task in (tasks.sweep, tasks.plan):
        monkeypatch.setattr(task, "delay", lambda task=task: names.append(task.name.rpartition(".")[2]))
    return names


def test_plan_and_sweep_send_what_is_due(time_machine, asked):
    time_machine.move_to(DAY_BEFORE, tick=False)
    expected_visit()
    tasks.plan()
    tasks.sweep()
    assert (len(mail.outbox), asked) == (1, ["sweep"])


def test_a_sweep_that_did_not_finish_asks_for_the_next(time_machine, asked, monkeypatch):
    time_machine.move_to(DAY_BEFORE, tick=False)
    monkeypatch.setattr(tasks, "SWEEP_SECONDS", -1.0)
    expected_visit()
    tasks.plan()
    tasks.sweep()
    assert asked == ["sweep", "sweep"]


def test_a_worker_that_starts_takes_up_what_waits(asked):
    tasks.take_up_what_waits()
    assert asked == ["plan"]


@pytest.mark.parametrize(("task", "part"), [(tasks.beat_heartbeat, "queue"), (heartbeats.beat_turns, "beat")])
def test_each_part_writes_its_own_heartbeat(task, part):
    task()
    assert Heartbeat.objects.get().name == part


def test_a_heartbeat_that_cannot_be_written_stops_nobody(monkeypatch, caplog):
    from django.db import OperationalError

    def refuse(name):
        raise OperationalError("down")

    monkeypatch.setattr(heartbeats, "record_heartbeat", refuse)
    heartbeats.beat_turns()
    assert "heartbeat of beat was not written" in caplog.text


def test_beat_asks_for_what_the_rooms_have():
    from django.conf import settings

    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    app.loader.import_default_modules()
    assert asked <= set(app.tasks)
    assert {"reminders.tasks.sweep", "reminders.tasks.plan", "reminders.tasks.beat_heartbeat"} <= asked


def test_the_heartbeat_comes_often_enough_to_be_missed():
    from django.conf import settings

    every = settings.CELERY_BEAT_SCHEDULE["beat-heartbeat"]["schedule"]
    assert 3 * every <= SILENT_AFTER <= timedelta(seconds=100)
    assert SILENT_AFTER.total_seconds() >= 3 * heartbeats.WORKER_SECONDS


def run(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue().strip()


def test_commands_plan_and_send_by_hand_and_twice_does_nothing():
    expected_visit()
    assert run("plan_reminders", on=date(2025, 6, 23)) == "planned 2, changed 0, closed 0"
    assert run("plan_reminders", on=date(2025, 6, 23)) == "planned 0, changed 0, closed 0"
    due = DAY_BEFORE - timedelta(days=6)
    assert run("send_reminders", at=due) == "sent 1, postponed 0, failed 0, not sent 0"
    assert run("send_reminders", at=due) == "sent 0, postponed 0, failed 0, not sent 0"


@pytest.mark.parametrize(
    ("text", "utc_hour"), [("2025-07-06T09:00", 0), ("2025-07-06 09:00+09:00", 0), ("2025-07-06T09:00Z", 9)]
)
def test_an_instant_without_an_offset_is_the_clinics(text, utc_hour):
    from reminders.management.commands.send_reminders import instant

    assert instant(text).utctimetuple().tm_hour == utc_hour


@pytest.mark.parametrize(("command", "option"), [("plan_reminders", "--on"), ("send_reminders", "--at")])
def test_a_day_that_is_none_is_refused(command, option):
    with pytest.raises(CommandError):
        call_command(command, option, "soon")


def test_seven_days_of_silence_lose_nothing_that_still_matters(time_machine):
    """Planned before, nobody there for a week: what still matters goes out once, the rest says why not."""
    time_machine.move_to(seoul(date(2025, 6, 27)), tick=False)
    past = expected_visit(booked_on=date(2025, 7, 3), booked_at=seoul(date(2025, 5, 1)))
    tomorrow = expected_visit(booked_on=date(2025, 7, 5), booked_at=seoul(date(2025, 5, 1)))
    later = expected_visit(booked_on=date(2025, 7, 10), booked_at=seoul(date(2025, 5, 1)))
    run("plan_reminders")
    time_machine.move_to(seoul(date(2025, 7, 4), 10), tick=False)
    assert run("send_reminders") == "sent 2, postponed 0, failed 0, not sent 3"
    run("plan_reminders")
    assert run("send_reminders") == "sent 0, postponed 0, failed 0, not sent 0"

    def told(visit):
        rows = Reminder.objects.filter(visit=visit).order_by("due_at")
        return [(row.state, row.reason) for row in rows]

    assert told(past) == [("SUPERSEDED", "DAY_PASSED")] * 2
    assert told(tomorrow) == [("SUPERSEDED", "LATER_REMINDER"), ("SENT", "")]
    assert told(later) == [("SENT", ""), ("PLANNED", "")]
