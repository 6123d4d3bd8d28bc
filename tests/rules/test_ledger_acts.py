"""What a person may do to a row: by its state, its reason and the hour."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from reminders.rules.acts import is_open_to
from reminders.rules.kinds import Kind
from reminders.rules.plan import PlannedReminder
from reminders.rules.states import Act, ReminderState

SEOUL = ZoneInfo("Asia/Seoul")
DAY = date(2025, 7, 10)
ROW = PlannedReminder(
    kind=Kind.APPOINTMENT,
    recipient="p@example.org",
    lead_days=1,
    due_on=date(2025, 7, 9),
    due_at=datetime(2025, 7, 9, 9, tzinfo=SEOUL),
    appointment_on=DAY,
    appointment_time=time(10),
)
BEFORE, AFTER = datetime(2025, 7, 10, 9, 59, tzinfo=SEOUL), datetime(2025, 7, 10, 10, tzinfo=SEOUL)


def is_open(act, state, reason="", now=BEFORE):
    return is_open_to(act, ReminderState(state), reason, ROW, now=now, zone=SEOUL)


@pytest.mark.parametrize(
    ("state", "reason", "resend", "cancel"),
    [
        ("PLANNED", "", False, True),
        ("CLAIMED", "", False, False),
        ("SENT", "", True, False),
        ("FAILED", "REFUSED", True, False),
        ("FAILED", "GAVE_UP", True, False),
        ("SKIPPED", "CANCELLED_BY_HAND", True, False),
        ("SKIPPED", "OPTED_OUT", False, False),
        ("SKIPPED", "DIED", False, False),
        ("SUPERSEDED", "MOVED", False, False),
    ],
)
def test_each_state_is_open_to_its_acts(state, reason, resend, cancel):
    assert is_open(Act.RESEND, state, reason) is resend
    assert is_open(Act.CANCEL, state, reason) is cancel


@pytest.mark.parametrize("state", ["SENT", "FAILED"])
def test_nobody_is_reminded_of_what_is_over(state):
    assert is_open(Act.RESEND, state)
    assert not is_open(Act.RESEND, state, now=AFTER)


def test_what_is_over_may_still_be_cancelled():
    assert is_open(Act.CANCEL, "PLANNED", now=AFTER)
