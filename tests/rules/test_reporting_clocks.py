"""Reporting clocks: hours between instants, calendar days from the day of awareness."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules.clocks import awareness_day, sae_report_due_at, unexpected_reaction_clock
from protocol import load_protocol

CLOCKS = load_protocol().adverse_events
SEOUL = ZoneInfo("Asia/Seoul")
AWARE = datetime(2025, 10, 2, 16, 30, tzinfo=SEOUL)


def test_24_hours_run_over_a_holiday():
    assert sae_report_due_at(AWARE, CLOCKS) == datetime(2025, 10, 3, 16, 30, tzinfo=SEOUL)


def test_the_due_time_is_told_in_the_zone_of_awareness():
    assert sae_report_due_at(AWARE, CLOCKS).isoformat() == "2025-10-03T16:30:00+09:00"


def test_hours_are_counted_between_instants_also_when_clocks_change():
    aware_at = datetime(2025, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert sae_report_due_at(aware_at, CLOCKS).isoformat() == "2025-03-30T13:00:00+02:00"


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        sae_report_due_at(datetime(2025, 10, 2, 16, 30), CLOCKS)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("aware_at", "day"),
    [
        (AWARE, date(2025, 10, 2)),
        (datetime(2025, 10, 2, 14, 59, tzinfo=UTC), date(2025, 10, 2)),
        (datetime(2025, 10, 2, 15, 0, tzinfo=UTC), date(2025, 10, 3)),
    ],
)
def test_day_0_is_a_day_of_the_clinics_calendar(aware_at, day):
    assert awareness_day(aware_at, SEOUL) == day


@pytest.mark.parametrize(
    ("fatal", "report_by", "complete_by"),
    [(True, date(2025, 10, 9), date(2025, 10, 17)), (False, date(2025, 10, 17), date(2025, 10, 17))],
)
def test_unexpected_reactions_are_reported_in_calendar_days(fatal, report_by, complete_by):
    clock = unexpected_reaction_clock(date(2025, 10, 2), CLOCKS, fatal_or_life_threatening=fatal)
    assert (clock.report_by, clock.complete_by) == (report_by, complete_by)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(SEOUL)))  # noqa: DTZ001
def test_the_sponsor_always_has_the_same_time(aware_at):
    assert sae_report_due_at(aware_at, CLOCKS) - aware_at == timedelta(hours=24)
