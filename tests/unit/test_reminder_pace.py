"""No minute has more mails than the operator allows, however many workers there are."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from reminders import tasks
from reminders.models import Attempt, Reminder
from reminders.services import send_reminders
from reminders.services.claims import claim_due
from tests.unit.test_reminder_sending import DAY_BEFORE, planned

LIMIT = 3


@pytest.fixture(autouse=True)
def limit(settings):
    settings.MAILS_PER_MINUTE = LIMIT


@pytest.fixture
def clock(time_machine):
    """clock(seconds): so long after nine in the morning."""

    def move(seconds):
        time_machine.move_to(DAY_BEFORE + timedelta(seconds=seconds), tick=False)
        return DAY_BEFORE + timedelta(seconds=seconds)

    return move


@pytest.mark.django_db
def test_what_is_over_the_limit_waits_until_the_minute_is_over(clock):
    for _ in range(LIMIT + 2):
        planned()
    sent = [send_reminders(at=clock(seconds)).sent for seconds in (0, 20, 59, 60, 119)]
    assert sent == [LIMIT, 0, 0, 2, 0]


@pytest.mark.django_db
def test_no_minute_wherever_it_begins_has_more(clock):
    for _ in range(4 * LIMIT):
        planned()
    for seconds in range(0, 300, 7):
        send_reminders(at=clock(seconds))
    handed = list(Attempt.objects.values_list("at", flat=True))
    assert len(handed) == 4 * LIMIT
    assert all(sum(0 <= (at - first).total_seconds() < 60 for at in handed) <= LIMIT for first in handed)


@pytest.mark.django_db
def test_a_mail_that_was_put_off_counts_as_well(clock):
    planned()
    at = clock(0)
    Attempt.objects.bulk_create(
        Attempt(reminder=Reminder.objects.get(), at=at, verdict="NOT_NOW", answer="451 later")
        for _ in range(LIMIT)
    )
    assert send_reminders(at=at).sent == 0


@pytest.mark.django_db
def test_without_a_limit_nothing_is_counted(settings, clock):
    settings.MAILS_PER_MINUTE = None
    for _ in range(LIMIT + 1):
        planned()
    report = send_reminders(at=clock(0))
    assert (report.sent, report.pause) == (LIMIT + 1, None)


@pytest.mark.django_db
def test_the_next_sweep_is_asked_for_when_the_minute_is_over(clock, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.sweep, "apply_async", lambda **how: asked.append(how["countdown"]))
    for _ in range(LIMIT + 1):
        planned()
    for seconds in (0, 10):
        clock(seconds)
        tasks.sweep()
    assert (len(mail.outbox), asked) == (LIMIT, [60.0])


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_one_limit():
    for _ in range(2 * LIMIT):
        planned()
    claimed, start = [], threading.Barrier(2)

    def claim():
        start.wait(30)
        claimed.extend(claim_due(DAY_BEFORE))
        connection.close()

    workers = [threading.Thread(target=claim) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(claimed) == LIMIT
