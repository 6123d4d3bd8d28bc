"""What may happen to the mail room, in any size: each scenario checks its promise and returns the figures it saw.

The short form of each runs with the tests, the long one under `make soak`.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from subprocess import Popen

from django.db import connection
from django.utils import timezone
from redis import Redis

from gisttrial.embedded import redis
from gisttrial.supervised import Service
from reminders.models import Attempt, Heartbeat, Part, Reminder, Verdict
from reminders.services import plan_reminders, send_reminders
from tests.process.killing import kill, kill_pool
from tests.process.reminder_processes import Mailroom, await_all_sent, due_reminders
from tests.process.smtp_sink import Sink
from tests.process.support import busy, get, until
from tests.unit.reminder_cast import expected_visit

Figures = dict[str, object]
PATIENCE_SECONDS = 300.0
# What is promised.
CONSUMING_SECONDS = 30.0
RED_SECONDS = 120.0
# Beat asks for a heartbeat twice a second: after so long without one nothing is in anybody's hands.
SILENCE = timedelta(seconds=1.5)
EPOCH = datetime.fromtimestamp(0, UTC)


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
    """R4: Redis killed under load; soon after it is back, what beat asks for is carried out.

    Celery's worker now and then ends when Redis goes while a task is being acknowledged; so it is supervised here, as
    it is in the product.
    """
    due_reminders(reminders)
    room.sink.seconds_a_message = 0.01
    room.beat()
    started: list[Popen] = []
    worker = Service("worker", lambda: started.append(room.worker()) or started[-1], stop_seconds=10)
    worker.start()
    more = max(1, reminders // (2 * kills))
    waits = [_broker_gone_and_back(room, worker, more) for _ in range(kills)]
    assert max(waits) < CONSUMING_SECONDS * busy()
    await_all_sent(PATIENCE_SECONDS)
    nothing_lost(room.sink)
    assert copies(room.sink) == 0
    return {
        "reminders": reminders,
        "kills": kills,
        "longest until consuming": f"{max(waits):.1f} s",
        "workers ended": len(started) - 1,
        "lost": 0,
        "twice": 0,
    }


def _broker_gone_and_back(room: Mailroom, worker: Service, more: int) -> float:
    """The seconds until a task that was asked for after the return has been carried out.

    Tasks that the worker had in hand are done while Redis is away: it comes back only when none is left.
    """
    until(arrivals(room, more), PATIENCE_SECONDS)
    room.stop_broker()
    until(lambda: timezone.now() - last_task_at() > SILENCE, 30)
    room.restart_broker()
    back_at = timezone.now()
    return until(lambda: worker.look() or last_task_at() > back_at, PATIENCE_SECONDS)


def last_task_at() -> datetime:
    """When a worker last carried out the heartbeat that beat asks for twice a second."""
    heard = Heartbeat.objects.filter(name=Part.QUEUE).values_list("at", flat=True).first()
    return heard or EPOCH


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
    given: list[str | None] = []

    def fault(number: int) -> str | None:
        given.append("HANG" if number <= hangs else FAULTS[number % len(FAULTS)])
        return given[-1]

    sink.fault = fault
    at, rounds = timezone.now(), 0
    while Reminder.objects.filter(state__in=["PLANNED", "CLAIMED"]).exists():
        send_reminders(at=at)
        at, rounds = at + timedelta(minutes=10), rounds + 1
        assert rounds < 60, "an endless loop"
    assert copies(sink) <= given.count("DROP")
    rows = list(Reminder.objects.all())
    for row in rows:
        _ended_as_the_ledger_says(row, sink.ids[row.message_id])
    assert len(sink.messages) == sum(sink.ids[row.message_id] for row in rows)
    handed = Attempt.objects.exclude(verdict=Verdict.UNREACHABLE)
    assert handed.count() == len(given)
    assert handed.filter(verdict=Verdict.ACCEPTED).count() == given.count(None)
    states = Counter(row.state for row in rows)
    return {
        "reminders": reminders,
        "answers": len(given),
        **states,
        "rounds": rounds,
        "lost": 0,
        "twice": copies(sink),
        "maybe sent": sum(row.maybe_sent for row in rows),
    }


def _ended_as_the_ledger_says(row: Reminder, arrived: int) -> None:
    """Sent: it is there. Failed: it is not, or the ledger doubts it. Twice: only what the ledger doubts."""
    assert row.state in {"SENT", "FAILED"}
    assert (row.state == "FAILED") == bool(row.reason)
    assert arrived >= (row.state == "SENT")
    assert arrived <= (row.state == "SENT") or row.maybe_sent
    assert row.attempts == row.attempt_rows.count() <= 12


def red_when_silent(room: Mailroom, *, who: str) -> Figures:
    """R12: the seconds from the end of a part until `/readyz` names it."""
    port, beat, worker = room.web(), room.beat(), room.worker()
    end = {
        "beat": lambda: kill(beat),
        "worker": lambda: kill(worker),
        "database": lambda: no_more_database(room.stack),
        "smtp": room.sink.stop,
        "redis": room.stop_broker,
    }
    until(lambda: get(port, "/readyz")[0] == 200, 60)
    end[who]()
    seconds = until(lambda: who in failing(port), RED_SECONDS)
    return {"ended": who, "red after": f"{seconds:.1f} s"}


def failing(port: int) -> list[str]:
    status, body = get(port, "/readyz")
    return json.loads(body)["failing"] if status == 503 else []


def no_more_database(stack: ExitStack) -> None:
    """For everybody but this test: sessions are ended, and nobody is let in."""
    connection.ensure_connection()
    name, own = connection.settings_dict["NAME"], connection.connection.info.backend_pid
    letting_in = f"ALTER DATABASE {connection.ops.quote_name(name)} ALLOW_CONNECTIONS"
    stack.callback(_run_from_outside, f"{letting_in} true")
    _run_from_outside(f"{letting_in} false")
    _run_from_outside(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> {own}"
    )


def _run_from_outside(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
