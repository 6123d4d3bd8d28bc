"""The states of a reminder: the table is whole, and the ends are ends."""

import pytest

from reminders.rules.reasons import Reason
from reminders.rules.states import EXPLAINED, OPEN, TRANSITIONS, ReminderState, sources_of

STATES = list(ReminderState)


def reachable(state):
    seen, waiting = {state}, [state]
    while waiting:
        new = TRANSITIONS[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def test_every_state_is_in_the_table():
    assert set(TRANSITIONS) == set(STATES)


def test_every_state_can_be_reached_from_the_first():
    assert reachable(ReminderState.PLANNED) == set(STATES)


@pytest.mark.parametrize("state", [ReminderState.SENT, ReminderState.FAILED])
def test_what_was_sent_or_failed_stays_so(state):
    assert TRANSITIONS[state] == frozenset()


@pytest.mark.parametrize("state", STATES)
def test_only_a_claimed_reminder_is_sent_or_fails(state):
    ends = {ReminderState.SENT, ReminderState.FAILED}
    assert bool(TRANSITIONS[state] & ends) == (state is ReminderState.CLAIMED)


@pytest.mark.parametrize("state", STATES)
def test_sources_are_the_table_read_backwards(state):
    assert sources_of(state) == {source for source in STATES if state in TRANSITIONS[source]}


def test_a_state_is_still_to_be_sent_or_explained_or_sent():
    assert OPEN | EXPLAINED | {ReminderState.SENT} == set(STATES)
    assert not OPEN & EXPLAINED


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_explains_a_state_that_needs_one(reason):
    assert reason.state in EXPLAINED


def test_every_explained_state_has_a_reason():
    assert {reason.state for reason in Reason} == EXPLAINED
