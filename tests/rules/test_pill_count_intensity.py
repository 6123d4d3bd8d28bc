"""Dose intensity by pill count."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from course_walk import back, kit, order

from courses.rules.pill_count import intervals_begun, rdi_by_pill_count
from dosing.rules.accountability import (
    AccountabilityInterval,
    StrengthCount,
    accountability_intervals,
    pill_count_percent,
)
from dosing.rules.orders import dose_periods
from protocol.days import round_half_up


def interval(tablets: int, *, returned: bool = True, expected_mg: int = 4000) -> AccountabilityInterval:
    count = StrengthCount(400, ("K1",), 0, tablets, 0, 0)
    return AccountabilityInterval(date(2025, 9, 1), date(2025, 9, 10), expected_mg, returned, (count,))


@pytest.mark.parametrize(("tablets", "percent"), [(10, 100), (5, 50), (0, 0), (11, 110)])
def test_consumed_tablets_are_held_against_the_plan(tablets, percent):
    assert rdi_by_pill_count([interval(tablets)], 400) == percent


def test_only_evaluable_intervals_count():
    intervals = [interval(10), interval(1, returned=False), interval(1, expected_mg=0)]
    assert rdi_by_pill_count(intervals, 400) == 100


def test_nothing_evaluable_is_no_number():
    assert rdi_by_pill_count([interval(10, returned=False)], 400) is None


def test_an_interval_belongs_to_the_part_it_began_in():
    days = [date(2025, 6, 1), date(2025, 9, 6), date(2025, 9, 7)]
    found = [replace(interval(1), from_on=day) for day in days]
    assert intervals_begun(found, date.min, date(2025, 9, 6)) == tuple(found[:2])


def counted(kits, returns, orders, last_dose_on):
    return accountability_intervals(kits, returns, dose_periods(orders, last_dose_on), last_dose_on)


def test_pill6_a_hold_counts_against_the_intensity_and_not_against_adherence():
    orders = [
        order(date(2025, 9, 7), 400),
        order(date(2025, 10, 1), 0),
        order(date(2025, 10, 15), 400),
    ]
    one = kit(date(2025, 9, 7), 100)
    found = counted([one], [back(one, 25)], orders, date(2025, 12, 6))
    assert round_half_up(pill_count_percent(found), 2) == Decimal("97.40")
    assert round_half_up(rdi_by_pill_count(found, 400), 2) == Decimal("82.42")


def test_pill7_two_strengths_are_pooled_in_mg():
    orders = [order(date(2025, 9, 7), 400), order(date(2025, 10, 17), 300)]
    kits = [kit(date(2025, 9, 7), 60), kit(date(2025, 9, 7), 100, strength_mg=100)]
    found = counted(kits, [back(kits[0], 21), back(kits[1], 12)], orders, date(2025, 11, 15))
    assert round_half_up(pill_count_percent(found), 2) == Decimal("97.60")
    assert round_half_up(rdi_by_pill_count(found, 400), 2) == Decimal("87.14")
