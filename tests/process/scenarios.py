"""What may happen to the mail room, in any size: each scenario checks its promise and returns the figures it saw.

The short form of each runs with the tests, the long one under `make soak`.
"""

import random
import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from redis import Redis

from gisttrial.embedded import redis
from reminders import readiness
from reminders.models import Reminder
from reminders.services import plan_reminders, send_reminders
from tests.process.killing import kill, kill_pool
from tests.process.reminder_processes import Mailroom, await_all_sent, due_reminders
from tests.process.smtp_sink import Sink
from tests.process.support import until
from tests.unit.reminder_cast import expected_visit

Figures = dict[str, object]
PATIENCE_SECONDS = 300.0


def copies(sink: Sink) -> int:
    """Messages that arrived beyond the first of their Message-ID."""
    return len(sink.messages) - len(sink.ids)


def nothing_lost(sink: Sink) -> None:
    assert set(sink.ids) == set(Reminder.objects.values_list("message_id", flat=True))


def arrivals(room: Mailroom, more: int) -> Callable[[], bool]:
    goal = min(len(room.sink.messages) + more, Reminder.objects.count())
    return lambda: len(room.sink.messages) >= goal


def killed_workers(room: Mailroom, *, reminders: int, kills: int) -> Figures:
    """R1: kill -9 at random moments; every other time the pool alone, whose worker stays."""
    due_reminders(reminders)
    room.claim_seconds, room.sink.seconds_a_message = 3.0, 0.01
    room.beat()
    worker, chance = room.worker(), random.Random(1)
    for number in range(kills):
        until(arrivals(room, chance.randrange(1, max(2, reminders // kills))), PATIENCE_SECONDS)
        time.sleep(chance.random() * 0.05)
        if number % 2:
            kill_pool(worker)
        else:
            kill(worker)
            worker = room.worker()
    await_all_sent(PATIENCE_SECONDS)
    nothing_lost(room.sink)
    marked = set(Reminder.objects.filter(maybe_sent=True).values_list("message_id", flat=True))
    assert {each for each, count in room.sink.ids.items() if count > 1} <= marked
    assert len(marked) <= kills
    assert copies(room.sink) <= kills
    return {
        "reminders": reminders,
        "kills": kills,
        "lost": 0,
        "twice": copies(room.sink),
        "marked": len(marked),
    }


def stopped_workers(room: Mailroom, *, reminders: int, stops: int) -> Figures:
    """R2: SIGTERM; what is in hand is finished, the rest waits."""
    due_reminders(reminders)
    room.sink.seconds_a_message = 0.01
    room.beat()
    for _ in range(stops):
        worker = room.worker()
        until(arrivals(room, max(1, reminders // (2 * stops))), PATIENCE_SECONDS)
        worker.terminate()
        worker.wait(60)
    room.worker()
    await_all_sent(PATIENCE_SECONDS)
    nothing_lost(room.sink)
    assert copies(room.sink) == 0
    assert not Reminder.objects.filter(maybe_sent=True).exists()
    return {"reminders": reminders, "stops": stops, "lost": 0, "twice": 0}


def emptied_broker(room: Mailroom, *, reminders: int, sweep_seconds: float) -> Figures:
    """R3: the broker forgets everything while messages are due; the next sweep finds them in the database."""
    due_reminders(reminders)
    room.sweep_seconds = sweep_seconds
    room.beat()
    until(lambda: broker(room).llen("gisttrial") > 0, 30)
    broker(room).flushall()
    room.worker()
    seconds = await_all_sent(120)
    nothing_lost(room.sink)
    assert copies(room.sink) == 0
    return {"reminders": reminders, "seconds": round(seconds, 1), "lost": 0, "twice": 0}


def broker(room: Mailroom) -> Redis:
    return Redis(unix_socket_path=str(redis.socket_path(room.data_dir)))


def killed_broker(room: Mailroom, *, reminders: int, kills: int) -> Figures:
    """R4: Redis killed under load; the worker goes on as soon as it is back."""
    due_reminders(reminders)
    room.sink.seconds_a_message = 0.01
    room.beat()
    room.worker()
    longest = 0.0
    for _ in range(kills):
        until(arrivals(room, max(1, reminders // (2 * kills))), PATIENCE_SECONDS)
        room.broker.kill()
        room.broker.wait()
        room.restart_broker()
        longest = max(longest, until(arrivals(room, 1), 30))
    await_all_sent(PATIENCE_SECONDS)
    nothing_lost(room.sink)
    assert copies(room.sink) == 0
    return {"reminders": reminders, "kills": kills, "longest wait": round(longest, 1), "lost": 0, "twice": 0}


def two_of_each(room: Mailroom, *, reminders: int) -> Figures:
    """R5: two beats and two workers."""
    due_reminders(reminders)
    for name in ("one", "two"):
        room.beat(name)
        room.worker()
    await_all_sent(PATIENCE_SECONDS)
    nothing_lost(room.sink)
    assert copies(room.sink) == 0
    return {"reminders": reminders, "lost": 0, "twice": 0}


def seven_days_down(room: Mailroom, *, visits_a_day: int) -> Figures:
    """R6: planned a week ago, nothing running since: what still makes sense goes once, the rest says why not."""
    today = timezone.localdate()
    week_ago = today - timedelta(days=7)
    for distance in range(-6, 8):
        for _ in range(visits_a_day):
            expected_visit(booked_on=today + timedelta(days=distance))
    plan_reminders(on=week_ago)
    rows = Reminder.objects.filter(due_at__lte=timezone.now())
    still_ahead = rows.filter(appointment_on__gte=today).values("visit").distinct().count()
    room.beat()
    room.worker()
    until(lambda: not rows.filter(state__in=["PLANNED", "CLAIMED"]).exists(), PATIENCE_SECONDS)
    assert len(room.sink.ids) == len(room.sink.messages) == still_ahead
    stale = rows.exclude(state="SENT")
    assert set(stale.values_list("state", flat=True)) == {"SUPERSEDED"}
    return {"rows": rows.count(), "sent once": still_ahead, "superseded": stale.count(), "twice": 0}


FAULTS = ("450 later", None, "550 no such user", "DROP", "421 closing", None)


def faulty_server(sink: Sink, *, reminders: int, hangs: int) -> Figures:
    """R7: answers of every kind in turn; each message ends as sent or as failed with its reason, after few attempts."""
    due_reminders(reminders)
    sink.fault = lambda number: "HANG" if number <= hangs else FAULTS[number % len(FAULTS)]
    at, rounds = timezone.now(), 0
    while Reminder.objects.filter(state__in=["PLANNED", "CLAIMED"]).exists():
        send_reminders(at=at)
        at, rounds = at + timedelta(minutes=10), rounds + 1
        assert rounds < 60, "an endless loop"
    states = dict.fromkeys(("SENT", "FAILED"), 0)
    for state, reason, attempts in Reminder.objects.values_list("state", "reason", "attempts"):
        states[state] += 1
        assert attempts <= 12
        assert (state == "FAILED") == bool(reason)
    doubted = Reminder.objects.filter(maybe_sent=True).count()
    assert copies(sink) <= sink.offered
    return {"reminders": reminders, **states, "rounds": rounds, "maybe sent": doubted}


def red_when_silent(room: Mailroom, *, who: str) -> Figures:
    """R12: the seconds from the end of a part until readiness names it."""
    processes = {"beat": room.beat(), "worker": room.worker()}
    until(lambda: readiness.parts()[who] == readiness.OK, 60)
    kill(processes[who])
    seconds = until(lambda: readiness.parts()[who] == readiness.FAILING, 120)
    return {"killed": who, "red after seconds": round(seconds, 1)}
