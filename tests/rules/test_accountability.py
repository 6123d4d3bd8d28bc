"""Pill counts: the vectors, the balance of kits, and what no count may do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from course_walk import DAY, back, courses, days_of, kit, mg_of, order
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing.rules.accountability import accountability_intervals, pill_count_percent
from dosing.rules.orders import dose_periods
from protocol.days import round_half_up

OUT = date(2025, 9, 7)
NEXT = date(2025, 12, 7)  # 91 days later
DAILY = [order(OUT - timedelta(days=300), 400)]


def intervals_of(kits, returns, orders=DAILY, last_dose_on=None):
    return accountability_intervals(kits, returns, dose_periods(orders, last_dose_on), last_dose_on)


def shown(percent):
    return None if percent is None else round_half_up(percent, 2)


def one_interval(kits, returns, orders=DAILY, days=91):
    """The interval of these kits, closed by a last dose on its last day."""
    (interval,) = intervals_of(kits, returns, orders, OUT + timedelta(days=days - 1))
    return interval


@pytest.mark.parametrize(
    ("name", "tablets", "returned", "lost", "pattern_mg", "strength_mg", "days", "consumed", "percent"),
    [
        ("PILL1", 100, 9, 0, (400,), 400, 91, 91, "100.00"),
        ("PILL2", 100, 16, 0, (400,), 400, 91, 84, "92.31"),
        ("PILL4", 100, 9, 5, (400,), 400, 91, 86, "94.51"),
        ("PILL5", 300, 24, 0, (300,), 100, 91, 276, "101.10"),
        ("PILL11", 100, 0, 0, (400,), 400, 80, 100, "125.00"),
        ("PILL12", 100, 7, 0, (300,), 100, 31, 93, "100.00"),
        ("PILL14", 20, 7, 0, (400, 0), 400, 28, 13, "92.86"),
    ],
)
def test_pill_count(name, tablets, returned, lost, pattern_mg, strength_mg, days, consumed, percent):
    out = kit(OUT, tablets, strength_mg)
    found = one_interval([out], [back(out, returned, lost)], [order(OUT, *pattern_mg)], days)
    assert found.consumed_mg == consumed * strength_mg
    assert found.per_strength[0].tablets_consumed == consumed
    assert shown(found.percent) == shown(found.per_strength[0].percent) == Decimal(percent)


def test_pill3_a_missing_return_is_not_evaluable_but_has_bounds():
    found = one_interval([kit(OUT, 100)], [])
    assert (found.evaluable, found.percent, found.consumed_mg) == (False, None, None)
    assert found.bounds_percent == (0, 100)


def test_the_bounds_of_an_evaluable_interval_meet():
    out = kit(OUT, 91)
    assert one_interval([out], [back(out, 0)]).bounds_percent == (100, 100)


def test_the_upper_bound_is_what_the_patient_had():
    found = one_interval([kit(OUT, 45)], [], days=90)
    assert found.bounds_percent == (0, 50)


def test_pill6_a_hold_inside_the_interval_is_not_expected():
    orders = [*DAILY, order(OUT + 20 * DAY, 0), order(OUT + 34 * DAY, 400)]
    out = kit(OUT, 100)
    found = one_interval([out], [back(out, 25)], orders)
    assert (found.consumed_mg, found.expected_mg) == (75 * 400, 77 * 400)
    assert shown(found.percent) == Decimal("97.40")


def test_pill7_strengths_are_counted_apart_and_pooled_in_mg():
    kits = [kit(OUT, 60, 400), kit(OUT, 100, 100)]
    found = one_interval(
        kits, [back(kits[0], 21), back(kits[1], 12)], [order(OUT, 400), order(OUT + 40 * DAY, 300)], 70
    )
    assert [(c.strength_mg, shown(c.percent)) for c in found.per_strength] == [
        (100, Decimal("97.78")),
        (400, Decimal("97.50")),
    ]
    assert (found.consumed_mg, found.expected_mg) == (24_400, 25_000)
    assert shown(found.percent) == Decimal("97.60")


def test_pill8_tablets_kept_are_carried_into_the_next_interval():
    first, second = kit(OUT, 100), kit(NEXT, 90)
    returns = [back(first, 0, kept=9), back(second, 10)]
    found = intervals_of([second, first], returns, last_dose_on=NEXT + 90 * DAY)
    assert [i.per_strength[0].tablets_carried_in for i in found] == [0, 9]
    assert [i.consumed_mg // 400 for i in found] == [91, 89]
    assert shown(pill_count_percent(found)) == Decimal("98.90")


def test_kept_tablets_of_another_strength_count_where_they_were_carried():
    first, second = kit(OUT, 300, 100), kit(NEXT, 90, 400)
    found = intervals_of([first, second], [back(first, 0, kept=12), back(second, 4)], last_dose_on=NEXT)
    assert found[1].consumed_mg == 12 * 100 + 86 * 400


def test_kept_tablets_are_carried_out_of_an_interval_that_is_not_evaluable():
    first, lost_kit, second = kit(OUT, 50), kit(OUT, 50, kit_id="B"), kit(NEXT, 90)
    found = intervals_of(
        [first, lost_kit, second], [back(first, 0, kept=5), back(second, 0)], last_dose_on=NEXT
    )
    assert [interval.evaluable for interval in found] == [False, True]
    assert found[1].per_strength[0].tablets_carried_in == 5


def test_pill9_two_kits_of_one_day_are_one_supply():
    kits = [kit(OUT, 50, kit_id="A"), kit(OUT, 50, kit_id="B")]
    found = one_interval(kits, [back(kits[0], 0), back(kits[1], 9)])
    assert (found.consumed_mg, found.percent) == (91 * 400, 100)


def test_an_interval_with_nothing_expected_is_not_evaluable():
    out = kit(OUT, 100)
    found = one_interval([out], [back(out, 100)], [order(OUT, 0)])
    assert (found.evaluable, found.percent, found.bounds_percent) == (False, None, None)
    assert found.per_strength[0].percent is None


def test_pill10_the_last_interval_includes_the_last_dose_day():
    out = kit(date(2027, 6, 7), 100)
    (found,) = intervals_of([out], [back(out, 8)], last_dose_on=date(2027, 9, 6))
    assert (found.from_on, found.to_on, found.percent) == (date(2027, 6, 7), date(2027, 9, 6), 100)


def test_pill13_an_interval_ends_the_day_before_the_next_dispensing():
    kits = [kit(date(2005, 1, 1), 30), kit(date(2005, 1, 20), 30)]
    (found,) = intervals_of(kits, [], [order(date(2005, 1, 1), 400)])
    assert (found.to_on - found.from_on).days + 1 == 19
    assert found.expected_mg == 19 * 400


def test_pill15_one_missing_return_makes_the_whole_interval_not_evaluable():
    kits = [kit(OUT, 50, kit_id="A"), kit(OUT, 50, kit_id="B")]
    found = one_interval(kits, [back(kits[0], 50)])
    assert (found.evaluable, found.percent) == (False, None)
    assert shown(found.bounds_percent[1]) == Decimal("54.95")


def test_the_last_interval_is_open_until_the_last_dose():
    kits = [kit(OUT, 100), kit(NEXT, 100)]
    returns = [back(kits[0], 9), back(kits[1], 9)]
    assert [i.from_on for i in intervals_of(kits, returns)] == [OUT]
    assert [i.from_on for i in intervals_of(kits, returns, last_dose_on=NEXT)] == [OUT, NEXT]


def test_a_kit_dispensed_after_the_last_dose_has_nothing_expected():
    found = intervals_of([kit(NEXT, 100)], [back(kit(NEXT, 100), 100)], last_dose_on=NEXT - DAY)
    assert [(i.expected_mg, i.evaluable) for i in found] == [(0, False)]


def test_no_kit_has_no_interval_and_no_percentage():
    assert intervals_of([], []) == ()
    assert pill_count_percent(()) is None


@st.composite
def counted_courses(draw):
    """A random course whose kits came back, each within what was in it, some of them never."""
    _, orders, _, kits, last_dose_on, _ = draw(courses())
    returns = []
    for out in kits:
        returned, lost, kept = sorted(draw(st.integers(0, out.tablets)) for _ in range(3))
        counted = back(out, returned, lost=lost - returned, kept=kept - lost)
        returns += [counted] if draw(st.booleans()) else []
    return orders, kits, returns, last_dose_on


@settings(max_examples=300)
@given(counted_courses())
def test_expected_mg_equals_a_walk_over_the_days_of_the_interval(course):
    orders, kits, returns, last_dose_on = course
    for found in intervals_of(kits, returns, orders, last_dose_on):
        days = days_of(found.from_on, found.to_on)
        assert found.expected_mg == sum(mg_of(orders, day, last_dose_on) or 0 for day in days)
        in_tablets = sum(count.expected_tablets * count.strength_mg for count in found.per_strength)
        assert in_tablets == found.expected_mg


@settings(max_examples=300)
@given(counted_courses())
def test_every_tablet_is_somewhere(course):
    orders, kits, returns, _ = course
    until = max(k.dispensed_on for k in kits) + DAY
    found = intervals_of(kits, returns, orders, until)
    consumed = sum(c.tablets_consumed for i in found for c in i.per_strength)
    kept_at_the_end = sum(r.tablets_kept for r in returns if r.kit_id in found[-1].kit_ids)
    gone = sum(r.tablets_returned + r.tablets_lost for r in returns)
    assert sum(k.tablets for k in kits) == consumed + gone + kept_at_the_end


@settings(max_examples=300)
@given(counted_courses(), st.data())
def test_a_missing_return_never_raises_adherence(course, data):
    orders, kits, returns, last_dose_on = course
    if returns:
        missing = data.draw(st.sampled_from(returns))
        fewer = [kit_return for kit_return in returns if kit_return is not missing]
        before = intervals_of(kits, returns, orders, last_dose_on)
        after = intervals_of(kits, fewer, orders, last_dose_on)
        for was, became in zip(before, after, strict=True):
            assert became.percent is None or became.percent <= was.percent
