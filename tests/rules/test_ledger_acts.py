"""What a person may do to a row: by its state, its reason, and whether its day has passed."""

import pytest

from reminders.rules.acts import is_open_to
from reminders.rules.states import Act, ReminderState


def is_open(act, state, reason="", *, is_over=False):
    return is_open_to(act, ReminderState(state), reason, is_over=is_over)


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
def test_nobody_is_written_to_about_what_is_over(state):
    assert is_open(Act.RESEND, state)
    assert not is_open(Act.RESEND, state, is_over=True)


def test_what_is_over_may_still_be_cancelled():
    assert is_open(Act.CANCEL, "PLANNED", is_over=True)
