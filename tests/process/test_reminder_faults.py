"""Killed workers, an emptied broker, two beats: no reminder is lost, and one that went twice says so."""

import random

import pytest
from redis import Redis

from gisttrial.embedded import redis
from reminders.models import Heartbeat, Reminder
from tests.process.killing import kill, kill_pool
from tests.process.reminder_processes import await_all_sent, due_reminders, mailroom
from tests.process.support import until

pytestmark = [
    pytest.mark.process,
    pytest.mark.xdist_group("reminders"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def room(tmp_path, transactional_db):
    with mailroom(tmp_path) as room:
        yield room


def handed_over():
    return Reminder.objects.filter(state="CLAIMED", handed_at__isnull=False).exists()


def test_a_worker_killed_between_claim_and_send_leaves_exactly_one_message(room):
    due_reminders(1)
    room.claim_seconds = 3.0
    room.sink.seconds_a_message = 60.0  # the server has the text and says nothing yet
    room.beat()
    worker = room.worker()
    until(handed_over, 20)
    kill(worker)
    assert room.sink.messages == []
    room.sink.seconds_a_message = 0.0
    room.worker()
    await_all_sent()
    [message] = room.sink.messages
    [calendar] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert calendar.get_filename() == "appointment.ics"
    assert Reminder.objects.get().message_id == message["Message-ID"]
    assert Reminder.objects.get().maybe_sent


def test_a_worker_killed_again_and_again_loses_nothing_and_marks_what_went_twice(room):
    kills, reminders = 5, 60
    due_reminders(reminders)
    room.claim_seconds = 3.0
    room.sink.seconds_a_message = 0.03
    room.beat()
    worker = room.worker()
    for number in range(kills):
        goal = len(room.sink.messages) + 2 + random.Random(number).randrange(6)
        until(lambda goal=goal: len(room.sink.messages) >= goal, 30)
        if number == kills // 2:
            kill(worker)
            worker = room.worker()
        else:
            kill_pool(worker)
    await_all_sent(60)
    twice = {message_id for message_id, copies in room.sink.ids.items() if copies > 1}
    marked = set(Reminder.objects.filter(maybe_sent=True).values_list("message_id", flat=True))
    assert set(room.sink.ids) == set(Reminder.objects.values_list("message_id", flat=True))
    assert len(room.sink.ids) == reminders
    assert len(room.sink.messages) - reminders <= kills
    assert twice <= marked
    assert len(marked) <= kills


def test_a_worker_that_is_asked_to_stop_sends_nothing_twice(room):
    due_reminders(30)
    room.sink.seconds_a_message = 0.02
    room.beat()
    worker = room.worker()
    until(lambda: len(room.sink.messages) > 5, 20)
    worker.terminate()
    worker.wait(20)
    room.worker()
    await_all_sent()
    assert set(room.sink.ids.values()) == {1}
    assert not Reminder.objects.filter(maybe_sent=True).exists()


def heard_of():
    return set(Heartbeat.objects.values_list("name", flat=True))


def test_two_beats_two_workers_and_an_emptied_broker_send_everything_once(room):
    due_reminders(40)
    room.sink.seconds_a_message = 0.01
    broker = Redis(unix_socket_path=str(redis.socket_path(room.data_dir)))
    for name in ("one", "two"):
        room.beat(name)
    until(lambda: broker.llen("gisttrial") > 2, 30)
    assert heard_of() == {"beat"}
    broker.flushall()
    for _ in range(2):
        room.worker()
    await_all_sent()
    assert len(room.sink.messages) == 40
    assert set(room.sink.ids.values()) == {1}
    until(lambda: heard_of() == {"beat", "worker", "queue"})
