"""Under which heading a visit stands; and that every expected visit near its window stands under one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.holidays import is_korean_working_day
from visits.rules.agenda import Section, last_day_of_week_ahead, visit_section

TARGET = date(2025, 7, 9)  # a Wednesday
WINDOW = {"target_on": TARGET, "opens_on": date(2025, 6, 25), "closes_on": date(2025, 7, 23)}


def place(on, booked_on=None, **window):
    return visit_section(
        **{**WINDOW, **window},
        booked_on=booked_on,
        on=on,
        is_working_day=is_korean_working_day,
        closing_working_days=5,
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 7, 2), None),  # a week ahead
        (date(2025, 7, 3), (Section.THIS_WEEK, TARGET)),
        (date(2025, 7, 8), (Section.THIS_WEEK, TARGET)),
        (date(2025, 7, 9), (Section.TODAY, TARGET)),
        (date(2025, 7, 10), (Section.WINDOW_CLOSING, date(2025, 7, 23))),  # the suggested day has passed
        (date(2025, 7, 23), (Section.WINDOW_CLOSING, date(2025, 7, 23))),
    ],
)
def test_a_visit_nobody_booked_counts_on_its_suggested_day(on, expected):
    assert place(on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 7, 13), None),
        (date(2025, 7, 14), (Section.THIS_WEEK, date(2025, 7, 20))),
        (date(2025, 7, 20), (Section.TODAY, date(2025, 7, 20))),
    ],
)
def test_a_booked_visit_counts_on_its_day(on, expected):
    assert place(on, booked_on=date(2025, 7, 20)) == expected


def test_a_target_on_a_weekend_counts_on_the_working_day_beside_it():
    assert place(date(2025, 7, 7), target_on=date(2025, 7, 6)) == (Section.TODAY, date(2025, 7, 7))


def test_a_short_window_closes_soon():
    window = {"opens_on": date(2025, 7, 8), "closes_on": date(2025, 7, 10)}
    assert place(date(2025, 7, 8), **window) == (Section.WINDOW_CLOSING, date(2025, 7, 10))


def test_the_week_ahead_is_today_and_six_days():
    assert last_day_of_week_ahead(date(2025, 7, 7)) == date(2025, 7, 13)


@given(days=st.integers(min_value=0, max_value=28), booked=st.none() | st.integers(0, 28))
def test_an_open_window_is_never_forgotten_after_the_suggested_day(days, booked):
    on = WINDOW["opens_on"] + timedelta(days=days)
    booked_on = None if booked is None else on + timedelta(days=booked)
    found = place(on, booked_on)
    if booked_on is None and on >= TARGET:
        assert found is not None
    if booked_on is not None:
        assert (found is not None) == (booked_on <= last_day_of_week_ahead(on))
