"""Calls to patients who do not come: when the next one is due, when they count as lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from visits.holidays import is_korean_working_day
from visits.rules.contacts import Attempt, contact_due_on, failed_attempts, is_lost_proposed

TODAY = date(2025, 11, 3)
RULE = load_protocol().follow_up
M3, M6 = date(2025, 7, 20), date(2025, 10, 20)  # the last days of two missed windows


def calls(*days, reached=()):
    return [Attempt(date(2025, 10, day), day in reached) for day in days]


@pytest.mark.parametrize(
    ("attempts", "missed", "seen", "expected"),
    [
        (calls(21, 22, 23), [M3, M6], [], True),
        (calls(21, 22), [M3, M6], [], False),
        (calls(21, 22, 23), [M6], [], False),
        (calls(21, 22, 23, 24, reached=[24]), [M3, M6], [], False),
        (calls(21, 22, 23, reached=[21]), [M3, M6], [], False),
        (calls(21, 22, 23), [M3, M6], [date(2025, 10, 22)], False),
        (calls(21, 22, 23), [M3, M6], [date(2025, 4, 7)], True),
        (calls(21, 22, 23), [M3, date(2025, 11, 3)], [], False),
    ],
    ids=[
        "enough",
        "two calls",
        "one window",
        "reached",
        "reached first",
        "seen",
        "seen before",
        "still open",
    ],
)
def test_lost_to_follow_up_is_proposed(attempts, missed, seen, expected):
    assert is_lost_proposed(attempts, missed, seen, RULE, on=TODAY) is expected


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ([], date(2025, 10, 21)),  # the window closed on a Monday
        (calls(24), date(2025, 10, 27)),  # a Friday
        (calls(24, reached=[24]), None),
    ],
)
def test_the_next_call_is_due_on_the_working_day_after(attempts, expected):
    assert contact_due_on(attempts, M6, [], is_korean_working_day) == expected


def test_who_was_reached_before_the_visit_is_called_when_it_is_missed():
    assert contact_due_on([Attempt(M3, True)], M6, [], is_korean_working_day) == date(2025, 10, 21)


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8))
def test_only_failures_after_the_last_word_count(found):
    attempts = [Attempt(M6 + timedelta(days=days), reached) for days, reached in found]
    failed = failed_attempts(attempts, [])
    assert not any(each.reached for each in failed)
    heard = [each.on for each in attempts if each.reached]
    assert all(each.on > max(heard) for each in failed if heard)
