"""Flags: doses under 300 mg and over the plan, long holds, overuse."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from course_walk import DAY, back, courses, kit, order, walk_holds
from hypothesis import given, settings

from dosing.rules.accountability import accountability_intervals
from dosing.rules.flags import dose_flag_code, dose_flags, hold_days, holds
from dosing.rules.orders import dose_periods
from protocol import load_protocol
from protocol.codes import FlagCode

REGIMEN = load_protocol().regimen
JAN_1 = date(2025, 1, 1)
ON = date(2026, 12, 31)


def flags_of(orders, on=ON, last_dose_on=None, kits=(), returns=()):
    periods = dose_periods(orders, last_dose_on)
    intervals = accountability_intervals(kits, returns, periods, last_dose_on)
    found = dose_flags(periods, intervals, on, REGIMEN, Decimal(120))
    return [(flag.code.value, flag.from_on, flag.to_on, flag.mean_daily_mg) for flag in found]


@pytest.mark.parametrize(
    ("pattern_mg", "expected"),
    [
        ((400,), None),
        ((300,), None),
        ((200,), "DOSE_BELOW_300"),
        ((400, 0), "DOSE_BELOW_300"),
        ((400, 200), None),
        ((400, 199), "DOSE_BELOW_300"),
        ((0,), None),
        ((600,), "DOSE_ABOVE_PLAN"),
        ((600, 200), None),
        ((401, 400), "DOSE_ABOVE_PLAN"),
    ],
)
def test_dose_flag_code_looks_at_the_mean_dose(pattern_mg, expected):
    assert dose_flag_code(order(JAN_1, *pattern_mg).mean_daily_mg, REGIMEN) == expected


def test_a_dose_flag_is_open_until_another_order_or_the_last_dose():
    low, full = order(JAN_1, 400, 0), order(date(2025, 2, 1), 400)
    assert flags_of([low]) == [("DOSE_BELOW_300", JAN_1, None, 200)]
    assert flags_of([low, full]) == [("DOSE_BELOW_300", JAN_1, date(2025, 1, 31), 200)]
    assert flags_of([low], last_dose_on=ON) == [("DOSE_BELOW_300", JAN_1, ON, 200)]


def test_an_order_without_a_day_is_not_flagged():
    orders = [order(JAN_1, 400), order(date(2025, 3, 1), 0)]
    assert flags_of(orders, last_dose_on=date(2025, 2, 28)) == []


def test_each_low_order_is_flagged_by_itself():
    found = flags_of([order(JAN_1, 200), order(date(2025, 2, 1), 100)])
    assert [(code, from_on, mean) for code, from_on, _, mean in found] == [
        ("DOSE_BELOW_300", JAN_1, 200),
        ("DOSE_BELOW_300", date(2025, 2, 1), 100),
    ]


@pytest.mark.parametrize(
    ("hold_on", "resume_on", "days", "codes"),
    [
        (date(2025, 1, 1), date(2025, 1, 29), 28, []),
        (date(2025, 1, 1), date(2025, 1, 30), 29, ["HOLD_OVER_28_DAYS"]),
        (date(2025, 1, 1), date(2025, 4, 1), 90, ["HOLD_OVER_28_DAYS"]),
        (date(2025, 1, 1), date(2025, 4, 2), 91, ["HOLD_OVER_28_DAYS", "HOLD_OVER_90_DAYS"]),
        (date(2024, 2, 20), date(2024, 3, 5), 14, []),
    ],
)
def test_hold_length_counts_the_hold_day_and_not_the_day_of_resuming(hold_on, resume_on, days, codes):
    orders = [order(hold_on - DAY, 400), order(hold_on, 0), order(resume_on, 400)]
    (hold,) = holds(dose_periods(orders, None))
    assert hold.days(ON) == days
    assert flags_of(orders) == [(code, hold_on, resume_on - DAY, None) for code in codes]


@pytest.mark.parametrize(
    ("on", "flagged"), [(date(2025, 1, 28), 0), (date(2025, 1, 29), 1), (date(2025, 4, 1), 2)]
)
def test_an_open_hold_is_counted_to_the_day_itself(on, flagged):
    found = flags_of([order(JAN_1, 0)], on)
    assert [(from_on, to_on) for _, from_on, to_on, _ in found] == [(JAN_1, None)] * flagged


def test_adjoining_hold_orders_are_one_hold():
    orders = [order(JAN_1, 0), order(date(2025, 1, 20), 0, 0), order(date(2025, 2, 10), 400)]
    assert flags_of(orders) == [("HOLD_OVER_28_DAYS", JAN_1, date(2025, 2, 9), None)]


def test_days_off_in_a_pattern_are_no_hold():
    assert holds(dose_periods([order(JAN_1, 400, *[0] * 60)], None)) == ()


def test_a_period_known_to_end_later_is_open_today():
    orders = [order(JAN_1, 200), order(date(2025, 3, 1), 100)]
    assert flags_of(orders, on=date(2025, 2, 1)) == [("DOSE_BELOW_300", JAN_1, None, 200)]


def test_hold_days_adds_up_all_holds_to_the_day():
    orders = [order(JAN_1, 0), order(date(2025, 1, 11), 400), order(date(2025, 2, 1), 0)]
    assert hold_days(dose_periods(orders, None), date(2025, 2, 5)) == 15


@pytest.mark.parametrize(("days", "flagged"), [(84, False), (83, True), (80, True)])
def test_overuse_is_judged_before_rounding(days, flagged):
    """100 tablets in 84 days are 119.05 %; in 83 days 120.48 %."""
    first, second = kit(JAN_1, 100), kit(JAN_1 + timedelta(days=days), 100)
    found = flags_of([order(JAN_1, 400)], kits=[first, second], returns=[back(first, 0)])
    assert found == ([("OVERUSE", JAN_1, second.dispensed_on - DAY, None)] if flagged else [])


@pytest.mark.parametrize(("returned", "flagged"), [(0, ["OVERUSE"]), (1, [])])
def test_overuse_begins_at_exactly_120_percent(returned, flagged):
    """One of 30,000 back is 119.996 %: shown as 120.00, and no overuse."""
    first, second = kit(JAN_1, 30_000, strength_mg=1), kit(JAN_1 + timedelta(days=50), 1)
    found = flags_of([order(JAN_1, 400, 600)], kits=[first, second], returns=[back(first, returned)])
    assert [code for code, *_ in found if code == "OVERUSE"] == flagged


def test_flags_are_ordered_by_day_then_code():
    first, second = kit(JAN_1, 100), kit(date(2025, 2, 1), 1)
    found = flags_of(
        [order(JAN_1, 200), order(date(2025, 2, 1), 0)], kits=[first, second], returns=[back(first, 0)]
    )
    assert [code for code, *_ in found] == [
        "DOSE_BELOW_300",
        "OVERUSE",
        "HOLD_OVER_28_DAYS",
        "HOLD_OVER_90_DAYS",
    ]


@settings(max_examples=300)
@given(courses())
def test_holds_equal_a_walk_over_days(course):
    _, orders, _, _, last_dose_on, on = course
    begun = [one for one in orders if one.from_on <= on]
    if begun and (last_dose_on is None or last_dose_on <= on):
        found = [(hold.from_on, hold.to_on or on) for hold in holds(dose_periods(begun, last_dose_on))]
        assert found == walk_holds(begun, on, last_dose_on)


def test_the_flag_is_a_code_of_the_protocol():
    found = dose_flags(dose_periods([order(JAN_1, 200)], None), (), ON, REGIMEN, Decimal(120))
    assert found[0].code is FlagCode.DOSE_BELOW_300
