"""Sending: what is due goes out once, what no longer holds does not, and every answer of the server is kept."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from patients.services import opt_out
from reminders.models import Reminder
from reminders.postman import Answer, Postman, Verdict
from reminders.rules.retries import MOST_ATTEMPTS
from reminders.services import plan_reminders, send_reminders
from reminders.services.claims import ROWS_A_CLAIM, claim_due, take_back_expired_claims
from tests.unit.reminder_cast import expected_visit, seoul
from tests.unit.test_reminder_planning import BOOKED_ON, CLOSED, LONG_AGO

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 1)
DAY_BEFORE = seoul(BOOKED_ON - timedelta(days=1))


def planned(**fields):
    """A booked visit whose reminders are planned; the one of the day before is what the tests look at."""
    visit = expected_visit(booked_on=BOOKED_ON, booked_at=LONG_AGO, **fields)
    plan_reminders(on=ON, patient_ids=[visit.patient_id])
    Reminder.objects.filter(visit=visit, lead_days=7).delete()
    return Reminder.objects.get(visit=visit)


def send(at=DAY_BEFORE):
    return send_reminders(at=at)


def test_nothing_goes_out_before_it_is_due():
    planned()
    assert send(DAY_BEFORE - timedelta(minutes=1)).sent == 0
    assert mail.outbox == []


def test_a_due_reminder_goes_out_once():
    reminder = planned()
    assert [send().sent, send().sent, send(DAY_BEFORE + timedelta(hours=1)).sent] == [1, 0, 0]
    reminder.refresh_from_db()
    assert [message.to for message in mail.outbox] == [[reminder.recipient]]
    assert (reminder.state, reminder.attempts, reminder.maybe_sent) == ("SENT", 1, False)
    assert reminder.sent_at is not None
    assert (reminder.language, reminder.template_version) == ("ko", "1")


@pytest.mark.parametrize(("hour", "sent"), [(7, 0), (8, 1), (20, 1), (21, 0), (23, 0)])
def test_nothing_goes_out_at_night(hour, sent):
    planned(booked_time=None)
    Reminder.objects.update(due_at=seoul(ON))
    assert send(seoul(BOOKED_ON - timedelta(days=1), hour)).sent == sent


def test_operators_may_widen_the_hours_and_never_narrow_them(settings):
    planned()
    settings.SEND_HOURS = "00:00-24:00"
    assert send(DAY_BEFORE.replace(hour=23, minute=59)).sent == 1
    planned()
    settings.SEND_HOURS = "12:00-13:00"
    assert send(DAY_BEFORE.replace(hour=20)).sent == 1


@pytest.mark.parametrize(
    ("close", "state", "reason"), CLOSED, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_no_longer_holds_is_found_at_the_moment_of_sending(close, state, reason, monkeypatch):
    """Also when nobody has planned anew since."""
    reminder = planned()
    monkeypatch.setattr("reminders.receivers.plan_reminders", lambda **_: None)
    close(type(reminder.visit).objects.select_related("patient__contact").get(pk=reminder.visit_id))
    report = send()
    reminder.refresh_from_db()
    assert (reminder.state, reminder.reason, reminder.attempts) == (state, reason, 0)
    assert (mail.outbox, report.closed) == ([], 1)


@pytest.mark.parametrize(
    ("booked_time", "at", "sent"),
    [
        (None, seoul(BOOKED_ON, 20), 1),
        (None, seoul(BOOKED_ON + timedelta(days=1), 8), 0),
        ("14:00", seoul(BOOKED_ON, 13, 59), 1),
        ("14:00", seoul(BOOKED_ON, 14), 0),
    ],
)
def test_a_late_reminder_goes_out_while_the_appointment_is_to_come(booked_time, at, sent):
    reminder = planned(booked_time=booked_time)
    send(at)
    reminder.refresh_from_db()
    assert len(mail.outbox) == sent
    assert reminder.reason == ("" if sent else "DAY_PASSED")


def test_of_two_that_are_due_only_the_later_goes_out():
    visit = expected_visit(booked_on=BOOKED_ON, booked_at=LONG_AGO)
    plan_reminders(on=ON)
    send()
    rows = Reminder.objects.filter(visit=visit).order_by("due_at").values_list("state", "reason")
    assert list(rows) == [("SUPERSEDED", "LATER_REMINDER"), ("SENT", "")]


def test_more_than_one_claim_is_worked_through():
    for _ in range(ROWS_A_CLAIM + 2):
        planned()
    assert send().sent == ROWS_A_CLAIM + 2
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == ROWS_A_CLAIM + 2


def test_a_sweep_stops_when_its_time_is_over_and_says_so():
    for _ in range(ROWS_A_CLAIM + 1):
        planned()
    report = send_reminders(at=DAY_BEFORE, seconds=0)
    assert (report.sent, report.is_complete) == (ROWS_A_CLAIM, False)


@pytest.fixture
def answers(monkeypatch):
    """answers(*each): what the mail server says, one message after the other; the last one again and again."""

    def say(*given):
        queue = list(given)
        answer = lambda self, *_: queue.pop(0) if len(queue) > 1 else queue[0]  # noqa: E731
        monkeypatch.setattr(Postman, "deliver", answer)

    return say


NOT_NOW = Answer(Verdict.NOT_NOW, "451 later")
REFUSED = Answer(Verdict.REFUSED, "550 no such user")
AWAY = Answer(Verdict.UNREACHABLE, "connection refused")
LOST = Answer(Verdict.NOT_NOW, "connection lost", maybe_accepted=True)


def test_a_refusal_for_good_fails_at_once(answers):
    reminder = planned()
    answers(REFUSED)
    assert send().failed == 1
    reminder.refresh_from_db()
    assert (reminder.state, reminder.reason, reminder.last_answer) == (
        "FAILED",
        "REFUSED",
        "550 no such user",
    )


def test_not_now_is_tried_again_after_a_pause(answers):
    reminder = planned()
    answers(NOT_NOW)
    assert [send().postponed, send().postponed] == [1, 0]
    reminder.refresh_from_db()
    pause = reminder.next_attempt_at - DAY_BEFORE
    assert timedelta(minutes=1) <= pause <= timedelta(seconds=80)
    answers(Answer(Verdict.ACCEPTED))
    assert send(reminder.next_attempt_at).sent == 1


def test_not_now_has_a_last_attempt(answers):
    reminder = planned()
    answers(NOT_NOW)
    for _ in range(MOST_ATTEMPTS + 3):
        send()
        Reminder.objects.update(next_attempt_at=None)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.reason, reminder.attempts) == ("FAILED", "GAVE_UP", MOST_ATTEMPTS)


def test_a_server_that_is_away_stops_the_sweep_and_gives_the_rest_back(answers):
    for _ in range(3):
        planned()
    answers(AWAY)
    report = send()
    assert (report.postponed, report.is_complete) == (1, True)
    assert list(Reminder.objects.order_by("pk").values_list("state", "attempts")) == [
        ("PLANNED", 1),
        ("PLANNED", 0),
        ("PLANNED", 0),
    ]


def test_a_server_that_stays_away_is_asked_until_the_day_has_passed(answers):
    reminder = planned()
    answers(AWAY)
    for _ in range(MOST_ATTEMPTS + 3):
        send()
        Reminder.objects.update(next_attempt_at=None)
    reminder.refresh_from_db()
    assert reminder.state == "PLANNED"
    send(seoul(BOOKED_ON + timedelta(days=1)))
    reminder.refresh_from_db()
    assert reminder.reason == "DAY_PASSED"


def test_a_lost_connection_leaves_a_doubt_in_the_ledger(answers):
    reminder = planned()
    answers(LOST, Answer(Verdict.ACCEPTED))
    send()
    Reminder.objects.update(next_attempt_at=None)
    send()
    reminder.refresh_from_db()
    assert (reminder.state, reminder.maybe_sent, reminder.attempts) == ("SENT", True, 2)


def test_a_mail_that_cannot_be_written_fails_alone(monkeypatch):
    first, second = planned(), planned()
    from reminders.services import desks

    write = desks.reminder_mail
    monkeypatch.setattr(
        desks, "reminder_mail", lambda row, *a, **k: 1 / 0 if row.pk == first.pk else write(row, *a, **k)
    )
    assert (send().failed, len(mail.outbox)) == (1, 1)
    second.refresh_from_db()
    assert second.state == "SENT"


def test_the_patient_opts_out_between_claim_and_hand_over(monkeypatch):
    reminder = planned()
    from reminders.services import desks

    write = desks.reminder_mail

    def opt_out_meanwhile(row, *args, **named):
        opt_out(row.patient.contact.opt_out_token)
        return write(row, *args, **named)

    monkeypatch.setattr(desks, "reminder_mail", opt_out_meanwhile)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: ON)
    send()
    reminder.refresh_from_db()
    assert (mail.outbox, reminder.state, reminder.reason) == ([], "SKIPPED", "OPTED_OUT")


def expire(**fields):
    past = Now() - timedelta(hours=1)
    Reminder.objects.update(claimed_at=past, claimed_until=past, **fields)


def test_the_claim_of_a_dead_worker_ends_and_nothing_is_in_doubt():
    reminder = planned()
    claim_due(DAY_BEFORE)
    assert send().sent == 0
    expire()
    assert send().sent == 1
    reminder.refresh_from_db()
    assert (reminder.maybe_sent, reminder.attempts) == (False, 1)


def test_what_a_dead_worker_had_handed_over_goes_out_again_marked():
    reminder = planned()
    claim_due(DAY_BEFORE)
    expire(handed_at=Now())
    assert send().sent == 1
    reminder.refresh_from_db()
    assert (reminder.state, reminder.maybe_sent, reminder.attempts) == ("SENT", True, 2)
    assert mail.outbox[0].extra_headers["Message-ID"] == reminder.message_id


def test_a_claim_that_still_stands_is_left_alone():
    planned()
    claim_due(DAY_BEFORE)
    assert take_back_expired_claims() == 0
    assert claim_due(DAY_BEFORE) == []
