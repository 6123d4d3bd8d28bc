"""Dose intensity by pill count."""

from dataclasses import replace
from datetime import date

import pytest

from courses.rules.pill_count import intervals_begun, rdi_by_pill_count
from dosing.rules.accountability import AccountabilityInterval, StrengthCount


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
