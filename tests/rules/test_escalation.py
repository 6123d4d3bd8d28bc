"""Once when it arises, and again only while it stays open."""

from datetime import date, timedelta

import pytest

from reminders.rules.escalation import is_to_escalate

ON = date(2025, 9, 8)


@pytest.mark.parametrize(
    ("days_ago", "is_due"), [(None, True), (0, False), (1, False), (6, False), (7, True), (30, True)]
)
def test_a_matter_is_escalated_once_and_again_after_a_week(days_ago, is_due):
    last_on = None if days_ago is None else ON - timedelta(days=days_ago)
    assert is_to_escalate(last_on, timedelta(days=7), on=ON) is is_due
