"""The ledger in the database: states change by the table alone, and half-filled rows are refused."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reminders.models import Heartbeat, Reminder
from reminders.rules.states import TRANSITIONS, ReminderState
from reminders.services import plan_reminders, record_heartbeat
from tests.unit.reminder_cast import expected_visit

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 6, 23, tzinfo=UTC)
CLAIM = {
    "claim_token": uuid.UUID(int=1),
    "claimed_at": NOW,
    "claimed_until": NOW + timedelta(minutes=2),
}
FIELDS = {
    ReminderState.PLANNED: {},
    ReminderState.CLAIMED: CLAIM,
    ReminderState.SENT: {"sent_at": NOW, "handed_at": NOW},
    ReminderState.FAILED: {"reason": "REFUSED"},
    ReminderState.SKIPPED: {"reason": "DIED"},
    ReminderState.SUPERSEDED: {"reason": "MOVED"},
}


@pytest.fixture
def reminder():
    expected_visit()
    plan_reminders(on=date(2025, 6, 23))
    return Reminder.objects.earliest("due_at")


def row(reminder):
    return Reminder.objects.filter(pk=reminder.pk)


@pytest.mark.parametrize("source", list(ReminderState))
@pytest.mark.parametrize("target", list(ReminderState))
def test_a_state_changes_by_the_table_alone(reminder, source, target):
    row(reminder).update(state=source, **FIELDS[source])
    moved = row(reminder).transition(target, **FIELDS[target])
    assert moved == (target in TRANSITIONS[source])
    assert row(reminder).get().state == (target if moved else source)


def test_of_two_hands_one_finds_nothing(reminder):
    assert row(reminder).transition(ReminderState.CLAIMED, **CLAIM) == 1
    assert row(reminder).transition(ReminderState.CLAIMED, **CLAIM | {"claim_token": uuid.uuid4()}) == 0


def test_leaving_a_claim_clears_it(reminder):
    row(reminder).transition(ReminderState.CLAIMED, **CLAIM)
    row(reminder).transition(ReminderState.PLANNED)
    assert row(reminder).values_list("claim_token", "claimed_at", "claimed_until").get() == (None,) * 3


def test_a_reason_goes_with_the_state_it_explains(reminder):
    row(reminder).transition(ReminderState.SKIPPED, reason="DIED")
    row(reminder).transition(ReminderState.PLANNED)
    assert row(reminder).get().reason == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "LOST"},
        {"state": "CLAIMED"},
        {"claim_token": uuid.UUID(int=2)},
        {"state": "SENT"},
        {"state": "SENT", "sent_at": NOW},
        {"sent_at": NOW},
        {"state": "SKIPPED"},
        {"state": "FAILED"},
        {"reason": "DIED"},
        {"handed_at": NOW},
        {"state": "CLAIMED", **CLAIM, "claimed_until": NOW - timedelta(minutes=1)},
    ],
    ids=str,
)
def test_the_database_refuses_half_filled_rows(reminder, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        row(reminder).update(**fields)


def test_the_database_refuses_the_same_message_twice(reminder):
    twin = Reminder.objects.get(pk=reminder.pk)
    twin.pk, twin.message_id = None, "<other@example.org>"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_message_ids_differ_and_say_nothing(reminder, settings):
    settings.DEFAULT_FROM_EMAIL = "visits@hospital.example"
    expected_visit()
    plan_reminders(on=date(2025, 6, 23))
    ids = list(Reminder.objects.values_list("message_id", flat=True))
    assert len(set(ids)) == len(ids)
    assert ids[-1].endswith("@hospital.example>")


def test_a_heartbeat_is_one_row_that_moves(time_machine):
    time_machine.move_to("2025-07-01 09:00 +0900", tick=False)
    record_heartbeat("beat")
    time_machine.shift(20)
    record_heartbeat("beat")
    assert list(Heartbeat.objects.values_list("name", "at")) == [("beat", timezone.now())]
