"""A mail server that misbehaves, over a real connection: tried again with a pause, or failed for all to see."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from reminders.models import Reminder
from reminders.services import send_reminders
from tests.process.reminder_processes import due_reminders
from tests.process.smtp_sink import running_sink
from tests.process.support import free_port

pytestmark = [pytest.mark.process, pytest.mark.django_db]


@pytest.fixture
def sink(settings):
    with running_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 1
        settings.SEND_HOURS = "00:00-24:00"
        yield sink


def send(after=timedelta(0)):
    return send_reminders(at=timezone.now() + after)


def reminder():
    return Reminder.objects.get()


def test_one_connection_carries_many_messages(sink):
    due_reminders(25)
    assert send().sent == 25
    assert len(sink.ids) == len(sink.messages) == 25
    assert len(sink.connections) == 1


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("450 greylisted, come back", "PLANNED", ""),
        ("421 closing", "PLANNED", ""),
        ("550 no such user here", "FAILED", "REFUSED"),
        ("554 rejected", "FAILED", "REFUSED"),
    ],
)
def test_answers_are_kept_and_told_apart(sink, answer, state, reason):
    due_reminders(1)
    sink.fault = lambda number: answer
    send()
    row = reminder()
    assert (row.state, row.reason, row.last_answer) == (state, reason, answer)
    assert (row.maybe_sent, row.attempts, sink.messages) == (False, 1, [])


def test_after_a_temporary_answer_the_next_attempt_brings_the_message_once(sink):
    due_reminders(1)
    sink.fault = lambda number: "451 later" if number == 1 else None
    assert send().postponed == 1
    assert send(timedelta(minutes=2)).sent == 1
    assert list(sink.ids.values()) == [1]


def test_a_connection_dropped_after_data_leaves_a_doubt_and_the_same_message_id(sink):
    due_reminders(1)
    sink.fault = lambda number: "DROP" if number == 1 else None
    send()
    assert (reminder().state, reminder().maybe_sent) == ("PLANNED", True)
    send(timedelta(minutes=2))
    assert (reminder().state, reminder().maybe_sent) == ("SENT", True)
    assert sink.ids == {reminder().message_id: 2}


def test_a_server_that_never_answers_is_left_after_the_time_out(sink):
    due_reminders(1)
    sink.fault = lambda number: "HANG"
    send()
    row = reminder()
    assert (row.state, row.maybe_sent) == ("PLANNED", True)
    assert "timed out" in row.last_answer


def test_a_server_that_refuses_to_talk_stops_the_sweep(sink, settings):
    due_reminders(3)
    settings.EMAIL_PORT = free_port()
    assert send().postponed == 1
    assert sorted(Reminder.objects.values_list("state", "attempts")) == [("PLANNED", 0)] * 2 + [
        ("PLANNED", 1)
    ]


def test_a_server_that_greets_nobody_stops_the_sweep(sink, settings):
    due_reminders(2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        assert send().postponed == 1
    assert (
        Reminder.objects.filter(attempts=1, maybe_sent=False, last_answer__contains="timed out").count() == 1
    )


def test_a_connection_ended_between_two_messages_is_opened_again(sink):
    due_reminders(4)
    sink.messages_a_connection = 2
    assert send().sent == 4
    assert not Reminder.objects.filter(maybe_sent=True).exists()
    assert len(sink.connections) == 2


def test_one_bad_address_does_not_hold_up_the_others(sink):
    due_reminders(3)
    sink.fault = lambda number: "550 no" if number == 2 else None
    report = send()
    assert (report.sent, report.failed) == (2, 1)
