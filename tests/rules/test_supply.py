"""Coverage and possession ratio."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from course_walk import DAY, courses, kit, order, walk_coverage
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing.rules.orders import dose_periods
from dosing.rules.supply import calendar_pdc, coverage, mpr, prescribed_pdc
from protocol.days import round_half_up

JAN_1 = date(2025, 1, 1)
MAR_31 = date(2025, 3, 31)
FILLS = [kit(JAN_1, 30), kit(date(2025, 1, 26), 30), kit(date(2025, 3, 6), 30)]
DAILY = dose_periods([order(JAN_1, 400)], None)
WITH_HOLD = dose_periods([order(JAN_1, 400), order(date(2025, 2, 1), 0), order(date(2025, 2, 11), 400)], None)
RX, IP = date(2025, 6, 7), date(2025, 9, 10)
BOUNDARY, END = date(2025, 9, 7), date(2025, 12, 6)
SINCE_JUNE = dose_periods([order(RX, 400)], None)


def shown(percent):
    return None if percent is None else round_half_up(percent, 2)


def test_pdc1_carries_early_refills_over():
    assert shown(prescribed_pdc(DAILY, FILLS, MAR_31)) == Decimal("95.56")
    assert shown(calendar_pdc(DAILY, FILLS, MAR_31)) == Decimal("95.56")
    assert coverage(DAILY, FILLS, date(2025, 3, 1)).covered_days == 60
    assert coverage(DAILY, FILLS, date(2025, 3, 5)).covered_days == 60


def test_pdc2_a_hold_counts_only_against_the_calendar():
    fills = [kit(JAN_1, 90)]
    found = coverage(WITH_HOLD, fills, MAR_31)
    assert (found.covered_days, found.dosing_days, found.days) == (80, 80, 90)
    assert shown(prescribed_pdc(WITH_HOLD, fills, MAR_31)) == Decimal("100.00")
    assert shown(calendar_pdc(WITH_HOLD, fills, MAR_31)) == Decimal("88.89")


def test_pdc3_february_of_a_leap_year():
    february = dose_periods([order(date(2024, 2, 1), 400)], None)
    percent = prescribed_pdc(february, [kit(date(2024, 2, 1), 28)], date(2024, 2, 29))
    assert shown(percent) == Decimal("96.55")


@pytest.mark.parametrize(
    ("first_fill", "from_on", "until", "covered", "percent"),
    [
        (92, RX, BOUNDARY - DAY, 92, "100.00"),
        (92, BOUNDARY, END, 88, "96.70"),
        (92, RX, END, 180, "98.36"),
        (100, BOUNDARY, END, 91, "100.00"),
    ],
)
def test_pdc4_and_pdc5_supply_is_carried_across_the_phase_boundary(
    first_fill, from_on, until, covered, percent
):
    fills = [kit(RX, first_fill, source="PRESCRIPTION"), kit(IP, 90)]
    assert coverage(SINCE_JUNE, fills, until, from_on).covered_days == covered
    assert shown(prescribed_pdc(SINCE_JUNE, fills, until, from_on)) == Decimal(percent)


def test_pdc_is_none_without_a_dispensing_a_dosing_day_or_a_day():
    hold = dose_periods([order(JAN_1, 0)], None)
    assert prescribed_pdc(DAILY, [], MAR_31) is calendar_pdc(DAILY, [], MAR_31) is None
    assert prescribed_pdc(hold, FILLS, MAR_31) is None
    assert prescribed_pdc(DAILY, FILLS, JAN_1 - DAY) is None


def test_pdc_of_a_window_without_supply_is_zero():
    assert prescribed_pdc(DAILY, [], MAR_31, JAN_1) == 0


def test_a_day_not_covered_leaves_the_supply_for_a_smaller_dose():
    periods = dose_periods([order(JAN_1, 400, 300)], None)
    found = coverage(periods, [kit(JAN_1, 3, 100)], date(2025, 1, 4))
    assert (found.dosing_days, found.covered_days) == (4, 1)


def test_supply_dispensed_while_nothing_is_ordered_waits():
    late = dose_periods([order(date(2025, 1, 11), 400)], None)
    found = coverage(late, [kit(JAN_1, 2), kit(date(2025, 1, 5), 3)], date(2025, 1, 20))
    assert (found.days, found.dosing_days, found.covered_days) == (20, 10, 5)


@settings(max_examples=1000)
@given(courses())
def test_coverage_of_random_courses_equals_a_walk_over_days(course):
    _, orders, _, kits, last_dose_on, on = course
    kits = [one for one in kits if one.dispensed_on <= on]
    if kits:
        found = coverage(dose_periods(orders, last_dose_on), kits, on)
        assert (found.dosing_days, found.covered_days) == walk_coverage(orders, kits, on, last_dose_on)


@settings(max_examples=300)
@given(courses(), st.integers(-20, 500))
def test_coverage_of_a_part_equals_a_walk_over_days(course, offset):
    start, orders, _, kits, last_dose_on, on = course
    from_on = min(start + timedelta(days=offset), on)
    found = coverage(dose_periods(orders, last_dose_on), kits, on, from_on)
    assert (found.dosing_days, found.covered_days) == walk_coverage(orders, kits, on, last_dose_on, from_on)


@given(courses())
def test_pdc_is_at_most_100(course):
    _, orders, _, kits, last_dose_on, on = course
    percent = prescribed_pdc(dose_periods(orders, last_dose_on), kits, on)
    assert percent is None or 0 <= percent <= 100


@pytest.mark.parametrize(
    ("tablets", "pattern_mg", "days", "percent"),
    [(90, (400,), 75, 120), (90, (400,), 90, 100), (45, (400, 0), 90, 100), (30, (0,), 60, 50)],
)
def test_mpr1_possession_is_not_capped(tablets, pattern_mg, days, percent):
    until = JAN_1 + timedelta(days=days - 1)
    assert mpr([order(JAN_1, *pattern_mg)], [kit(JAN_1, tablets)], JAN_1, until, 400) == percent


def test_mpr_of_pdc1_and_of_a_window_that_a_fill_misses():
    assert mpr([order(JAN_1, 400)], FILLS, JAN_1, MAR_31, 400) == 100
    assert mpr([order(JAN_1, 400)], FILLS, date(2025, 1, 2), MAR_31, 400) < 100
