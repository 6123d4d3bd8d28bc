"""Orders as a step function, and sums over patterns."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from course_walk import DAY, courses, days_of, mg_of, order
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing.rules.orders import daily_doses, days_by_dose, dose_periods, dosing_days, order_on, ordered_mg

JAN_1 = date(2025, 1, 1)
FULL = order(JAN_1, 400)
HOLD = order(date(2025, 2, 1), 0, reason="TOXICITY")
LOW = order(date(2025, 2, 15), 300, reason="RESUME")


def spans(periods):
    return [(period.order, period.from_on, period.to_on) for period in periods]


def test_dose_periods_each_order_holds_to_the_day_before_the_next():
    assert spans(dose_periods([LOW, FULL, HOLD], None)) == [
        (FULL, date(2025, 1, 1), date(2025, 1, 31)),
        (HOLD, date(2025, 2, 1), date(2025, 2, 14)),
        (LOW, date(2025, 2, 15), None),
    ]


@pytest.mark.parametrize(
    ("last_dose_on", "kept", "to_on"),
    [
        (date(2025, 3, 31), 3, date(2025, 3, 31)),
        (date(2025, 2, 15), 3, date(2025, 2, 15)),
        (date(2025, 2, 14), 2, date(2025, 2, 14)),
        (date(2025, 1, 31), 1, date(2025, 1, 31)),
        (date(2025, 1, 20), 1, date(2025, 1, 20)),
    ],
)
def test_dose_periods_end_with_the_last_dose(last_dose_on, kept, to_on):
    periods = dose_periods([FULL, HOLD, LOW], last_dose_on)
    assert len(periods) == kept
    assert periods[-1].to_on == to_on


def test_dose_periods_of_no_order_or_none_before_the_last_dose():
    assert dose_periods([], None) == ()
    assert dose_periods([FULL], JAN_1 - DAY) == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), FULL),
        (date(2025, 1, 31), FULL),
        (date(2025, 2, 1), HOLD),
        (date(2030, 1, 1), LOW),
    ],
)
def test_order_on(day, expected):
    assert order_on([LOW, HOLD, FULL], day) == expected


def test_order_on_is_none_after_the_last_dose():
    assert order_on([FULL], date(2025, 3, 1), date(2025, 3, 1)) == FULL
    assert order_on([FULL], date(2025, 3, 2), date(2025, 3, 1)) is None


@pytest.mark.parametrize(
    ("pattern_mg", "mean", "is_hold"),
    [
        ((400,), 400, False),
        ((400, 0), 200, False),
        ((400, 300), 350, False),
        ((0,), 0, True),
        ((0, 0), 0, True),
    ],
)
def test_an_order_knows_its_mean_and_whether_it_is_a_hold(pattern_mg, mean, is_hold):
    assert (order(JAN_1, *pattern_mg).mean_daily_mg, order(JAN_1, *pattern_mg).is_hold) == (mean, is_hold)


def test_mean_daily_mg_is_exact():
    assert order(JAN_1, 400, 0, 0).mean_daily_mg == Fraction(400, 3)


def test_mg_on_counts_the_pattern_from_its_anchor_also_backwards():
    alternating = order(JAN_1, 400, 300, anchor_on=date(2025, 1, 4))
    assert [alternating.mg_on(date(2025, 1, day)) for day in (1, 2, 3, 4, 5)] == [300, 400, 300, 400, 300]


def test_rdi7_the_anchor_outlives_a_split_at_month_end():
    periods = dose_periods([order(date(2025, 3, 1), 400, 0)], None)
    assert ordered_mg(periods, date(2025, 3, 1), date(2025, 3, 31)) == 6400
    assert periods[0].order.mg_on(date(2025, 4, 1)) == 0
    assert ordered_mg(periods, date(2025, 4, 1), date(2025, 4, 30)) == 6000


def test_days_by_dose_counts_days_off_but_not_days_without_an_order():
    periods = dose_periods([order(JAN_1, 400, 0)], date(2025, 1, 5))
    assert days_by_dose(periods, date(2024, 12, 1), date(2025, 1, 31)) == {400: 3, 0: 2}


def test_daily_doses_leaves_out_days_off_and_holds():
    periods = dose_periods(
        [order(JAN_1, 400, 0), order(date(2025, 1, 4), 0), order(date(2025, 1, 6), 300)], None
    )
    assert list(daily_doses(periods, JAN_1, date(2025, 1, 7))) == [
        (date(2025, 1, 1), 400),
        (date(2025, 1, 3), 400),
        (date(2025, 1, 6), 300),
        (date(2025, 1, 7), 300),
    ]


@settings(max_examples=300)
@given(courses())
def test_sums_over_patterns_equal_a_walk_over_days(course):
    start, orders, _, _, last_dose_on, on = course
    periods = dose_periods(orders, last_dose_on)
    walked = Counter(mg_of(orders, day, last_dose_on) for day in days_of(start, on))
    walked.pop(None, None)
    assert days_by_dose(periods, start, on) == walked
    assert ordered_mg(periods, start, on) == sum(mg * days for mg, days in walked.items())
    assert dosing_days(periods, start, on) == sum(days for mg, days in walked.items() if mg)


@given(courses(), st.integers(0, 520))
def test_splitting_a_span_anywhere_leaves_the_mg_unchanged(course, at):
    start, orders, _, _, last_dose_on, on = course
    periods = dose_periods(orders, last_dose_on)
    split = min(start + timedelta(days=at), on)
    halves = ordered_mg(periods, start, split - DAY) + ordered_mg(periods, split, on)
    assert halves == ordered_mg(periods, start, on)
