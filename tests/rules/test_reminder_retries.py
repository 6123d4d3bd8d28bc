"""Pauses between attempts: they grow, they vary, they end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.retries import (
    FIRST_PAUSE,
    JITTER,
    LONGEST_PAUSE,
    LONGEST_PAUSE_UNREACHABLE,
    MOST_ATTEMPTS,
    pause_before_next,
    pause_while_unreachable,
)

CHANCES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (7, 64), (8, 120), (MOST_ATTEMPTS - 1, 120)]
)
def test_each_pause_is_twice_the_one_before_up_to_the_longest(attempts, minutes):
    assert pause_before_next(attempts, 0.0) == timedelta(minutes=minutes)


def test_there_is_a_last_attempt():
    assert pause_before_next(MOST_ATTEMPTS, 0.5) is None


@given(attempts=st.integers(1, MOST_ATTEMPTS - 1), chance=CHANCES)
def test_chance_makes_a_pause_longer_by_a_quarter_at_most(attempts, chance):
    plain = pause_before_next(attempts, 0.0)
    assert plain <= pause_before_next(attempts, chance) <= plain * (1 + JITTER)


@given(attempts=st.integers(1, 100_000), chance=CHANCES)
def test_a_server_that_is_away_is_asked_again_soon_and_for_ever(attempts, chance):
    pause = pause_while_unreachable(attempts, chance)
    assert FIRST_PAUSE <= pause <= LONGEST_PAUSE_UNREACHABLE * (1 + JITTER) < LONGEST_PAUSE


@pytest.mark.parametrize("pause", [pause_before_next, pause_while_unreachable])
def test_a_pause_follows_an_attempt(pause):
    with pytest.raises(ValueError, match="failed attempt"):
        pause(0, 0.0)
