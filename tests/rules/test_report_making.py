"""How a report comes about, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.rules.making import MOST_ATTEMPTS, NEXT, SILENCE, ReportState, is_given_up, is_to_be_taken_up

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def test_every_state_is_in_the_table():
    assert set(NEXT) == set(ReportState)


def test_what_is_over_stays_over():
    assert NEXT[ReportState.DONE] == NEXT[ReportState.FAILED] == frozenset()


@pytest.mark.parametrize(
    ("state", "silent_for", "taken"),
    [
        (ReportState.WAITING, timedelta(0), True),
        (ReportState.RUNNING, SILENCE, False),
        (ReportState.RUNNING, SILENCE + timedelta(seconds=1), True),
        (ReportState.DONE, timedelta(days=1), False),
        (ReportState.FAILED, timedelta(days=1), False),
    ],
)
def test_taken_up_is_what_nobody_works_on(state, silent_for, taken):
    assert is_to_be_taken_up(state, NOW - silent_for, NOW) is taken


def test_a_report_that_ends_every_worker_is_given_up():
    assert not is_given_up(MOST_ATTEMPTS - 1)
    assert is_given_up(MOST_ATTEMPTS)
