"""Working days in Korea, and where an appointment is suggested."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.holidays import clinic_working_days, is_korean_working_day, korean_holidays
from visits.rules.working_days import (
    add_working_days,
    next_working_day,
    previous_working_day,
    suggested_appointment,
    working_day_on_or_before,
)


def suggested(target_on, before=14, after=14, is_working_day=is_korean_working_day):
    opens_on, closes_on = target_on - timedelta(days=before), target_on + timedelta(days=after)
    return suggested_appointment(target_on, opens_on, closes_on, is_working_day)


@pytest.mark.parametrize(
    ("target_on", "expected"),
    [
        (date(2024, 9, 7), date(2024, 9, 6)),
        (date(2025, 9, 7), date(2025, 9, 8)),
        (date(2025, 10, 5), date(2025, 10, 2)),
        (date(2025, 5, 5), date(2025, 5, 7)),
        (date(2026, 5, 1), date(2026, 4, 30)),
        (date(2027, 2, 7), date(2027, 2, 5)),
        (date(2025, 9, 10), date(2025, 9, 10)),
    ],
)
def test_nearest_working_day(target_on, expected):
    assert suggested(target_on) == expected


def test_of_two_working_days_the_later():
    open_days = {date(2025, 9, 9), date(2025, 9, 11)}
    assert suggested(date(2025, 9, 10), is_working_day=open_days.__contains__) == date(2025, 9, 11)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(0, 14, date(2025, 9, 8)), (14, 0, date(2025, 9, 5)), (0, 0, date(2025, 9, 7))],
)
def test_suggestion_stays_in_the_window(before, after, expected):
    assert suggested(date(2025, 9, 7), before, after) == expected


@pytest.mark.parametrize("day", [date(2025, 1, 27), date(2025, 5, 6), date(2025, 6, 3), date(2026, 5, 1)])
def test_substitute_temporary_and_election_days_are_holidays(day):
    assert day in korean_holidays(day.year)
    assert not is_korean_working_day(day)


def test_own_calendar_stands_above_the_public_one():
    is_working_day = clinic_working_days({date(2025, 9, 8): False, date(2025, 9, 6): True})
    assert not is_working_day(date(2025, 9, 8))
    assert is_working_day(date(2025, 9, 6))
    assert not is_working_day(date(2025, 9, 7))
    assert suggested(date(2025, 9, 8), is_working_day=is_working_day) == date(2025, 9, 9)


@pytest.mark.parametrize(
    ("day", "following", "preceding"),
    [
        (date(2025, 9, 7), date(2025, 9, 8), date(2025, 9, 5)),
        (date(2025, 9, 5), date(2025, 9, 8), date(2025, 9, 4)),
        (date(2025, 10, 2), date(2025, 10, 10), date(2025, 10, 1)),
    ],
)
def test_next_and_previous_working_day(day, following, preceding):
    assert next_working_day(day, is_korean_working_day) == following
    assert previous_working_day(day, is_korean_working_day) == preceding


def test_a_task_moves_to_the_working_day_before():
    assert working_day_on_or_before(date(2025, 9, 7), is_korean_working_day) == date(2025, 9, 5)
    assert working_day_on_or_before(date(2025, 9, 5), is_korean_working_day) == date(2025, 9, 5)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(5, date(2025, 9, 12)), (0, date(2025, 9, 5)), (-5, date(2025, 8, 29)), (1, date(2025, 9, 8))],
)
def test_counting_working_days(count, expected):
    assert add_working_days(date(2025, 9, 5), count, is_korean_working_day) == expected


def test_a_calendar_without_working_days_is_an_error():
    with pytest.raises(ValueError, match="no working day within a year of 2025-09-05"):
        next_working_day(date(2025, 9, 5), lambda day: False)


@given(
    st.dates(date(2019, 1, 1), date(2030, 12, 31)),
    st.integers(0, 28),
    st.integers(0, 28),
    st.integers(1, 127),
)
def test_no_working_day_of_the_window_is_nearer(target_on, before, after, week):
    def is_working_day(day):
        return bool(week >> day.weekday() & 1)

    found = suggested(target_on, before, after, is_working_day)
    window = [target_on + timedelta(days=offset) for offset in range(-before, after + 1)]
    working = [day for day in window if is_working_day(day)]
    nearest = min(working, key=lambda day: (abs(day - target_on), target_on - day), default=target_on)
    assert found == nearest
