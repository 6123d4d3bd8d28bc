"""Holds for toxicity: how long, how often, for what."""

from datetime import date, timedelta

import pytest

from dosing.rules.holds import dose_before_hold, hold_count, toxicity_holds
from dosing.rules.orders import DoseOrderFacts, dose_periods
from protocol import load_protocol

REGIMEN = load_protocol().regimen
T0 = date(2025, 1, 1)


def day(number):
    return T0 + timedelta(days=number)


def order(number, *pattern_mg, reason="TOXICITY", ae_no=1):
    return DoseOrderFacts(day(number), pattern_mg, day(number), reason, ae_no)


def counted(orders, on):
    found = hold_count(dose_periods(orders, None), on, REGIMEN)
    return found.days_now, found.days_total


@pytest.mark.parametrize(
    ("number", "expected"),
    [(9, (0, 0)), (10, (1, 1)), (19, (10, 10)), (20, (0, 10)), (30, (1, 11)), (39, (10, 20))],
)
def test_a_hold_counts_from_its_first_day_and_the_day_of_resuming_is_out(number, expected):
    assert counted([order(0, 400), order(10, 0), order(20, 300), order(30, 0)], day(number)) == expected


@pytest.mark.parametrize(
    ("days", "alert", "over", "total"),
    [
        (28, False, False, False),
        (29, True, False, False),
        (90, True, False, False),
        (91, True, True, False),
        (180, True, True, False),
        (181, True, True, True),
    ],
)
def test_limits_of_holds_are_exceeded_by_the_day_after(days, alert, over, total):
    found = hold_count(dose_periods([order(0, 0)], None), day(days - 1), REGIMEN)
    assert (found.is_alert, found.is_over_limit, found.is_over_total) == (alert, over, total)


def test_adjoining_hold_orders_are_one_hold_of_the_latest_kind():
    orders = [order(0, 400, reason="START"), order(10, 0), order(20, 0, reason="OTHER"), order(30, 400)]
    assert toxicity_holds(orders, {1: "HAEMATOLOGICAL"}) == ({"HAEMATOLOGICAL": 1}, None)
    assert toxicity_holds(orders[:3], {1: "HAEMATOLOGICAL"}) == ({"HAEMATOLOGICAL": 1}, "HAEMATOLOGICAL")


@pytest.mark.parametrize(
    "orders", [[], [order(0, 0, reason="SUPPLY")], [order(0, 0, ae_no=2)], [order(0, 300)]]
)
def test_only_a_hold_for_a_known_event_counts(orders):
    assert toxicity_holds(orders, {1: "HEPATIC"}) == ({}, None)


def test_the_dose_to_come_back_to_is_the_latest_that_is_no_hold():
    orders = [order(0, 400), order(10, 300), order(20, 0), order(30, 0)]
    assert dose_before_hold(orders, day(35)).pattern_mg == (300,)
    assert dose_before_hold(orders, day(5)).pattern_mg == (400,)
    assert dose_before_hold(orders[2:], day(35)) is None
