"""When a reminder is due and within which hours it may go."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from reminders.rules.due import (
    SendHours,
    appointment_ends_at,
    due_at,
    is_send_time,
    next_send_time,
    parse_send_hours,
    planning_horizon_on,
    send_hours,
)

SEOUL = ZoneInfo("Asia/Seoul")
REMINDERS = load_protocol().reminders
APPOINTMENT_ON = date(2025, 9, 8)
INSTANTS = st.integers(1_700_000_000, 1_800_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
DAYTIME = SendHours(8 * 60, 21 * 60)


def seoul(day, hour, minute=0):
    return datetime(2025, 9, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("lead_days", "expected"),
    [
        (7, datetime(2025, 9, 1, tzinfo=UTC)),
        (3, datetime(2025, 9, 5, tzinfo=UTC)),
        (1, datetime(2025, 9, 7, tzinfo=UTC)),
    ],
)
def test_due_at_nine_in_seoul_also_on_a_sunday(lead_days, expected):
    assert due_at(APPOINTMENT_ON, lead_days, REMINDERS, SEOUL) == expected


@pytest.mark.parametrize(("at", "expected"), [(time(10, 30), seoul(8, 10, 30)), (None, seoul(9, 0))])
def test_appointment_without_a_time_lasts_to_the_end_of_its_day(at, expected):
    assert appointment_ends_at(APPOINTMENT_ON, at, SEOUL) == expected


def test_horizon_reaches_the_first_reminder():
    assert REMINDERS.lead_days == (7, 1)
    assert planning_horizon_on(date(2025, 9, 1), REMINDERS, 14) == date(2025, 9, 22)
    assert planning_horizon_on(date(2025, 9, 1), replace(REMINDERS, lead_days=()), 0) == date(2025, 9, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08:00-21:00", SendHours(480, 1260)),
        ("00:00-24:00", SendHours(0, 1440)),
        (" 09:30-10:15 ", SendHours(570, 615)),
    ],
)
def test_hours_are_read(text, expected):
    assert parse_send_hours(text) == expected


@pytest.mark.parametrize(
    "text", ["", "8-21", "08:00", "21:00-08:00", "08:00-08:00", "08:00-24:01", "08:60-21:00"]
)
def test_hours_that_make_no_sense_are_refused(text):
    with pytest.raises(ValueError, match="hours"):
        parse_send_hours(text)


def test_hours_of_the_protocol():
    assert send_hours(REMINDERS.earliest, REMINDERS.latest) == DAYTIME


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (seoul(7, 9), seoul(7, 9)),
        (seoul(7, 8), seoul(7, 8)),
        (seoul(7, 7, 59), seoul(7, 8)),
        (seoul(7, 20, 59), seoul(7, 20, 59)),
        (seoul(7, 21), seoul(8, 8)),
        (datetime(2025, 9, 7, 16, 0, tzinfo=UTC), seoul(8, 8)),
        (datetime(2025, 9, 7, 14, 0, tzinfo=UTC), seoul(8, 8)),
    ],
)
def test_next_allowed_instant(instant, expected):
    assert next_send_time(instant, DAYTIME, SEOUL) == expected


def test_whole_day_never_waits():
    assert is_send_time(seoul(7, 23, 59), parse_send_hours("00:00-24:00"), SEOUL)


@given(INSTANTS, st.integers(0, 1438))
def test_next_allowed_instant_is_allowed_and_within_a_day(instant, from_minute):
    hours = SendHours(from_minute, from_minute + 1)
    found = next_send_time(instant, hours, SEOUL)
    assert is_send_time(found, hours, SEOUL)
    assert timedelta() <= found - instant < timedelta(days=1)
