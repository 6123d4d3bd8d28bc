"""How long the tablets last: what was counted replaces what was reckoned; and the gap at the change of supply."""

from collections import Counter
from datetime import date, timedelta

import pytest
from course_walk import DAY, back, courses, kit, mg_of, order
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing.rules.in_hand import shortage, transition_gap
from dosing.rules.kits import KitReturnFacts
from dosing.rules.orders import dose_periods

JAN_1, FEB_1 = date(2025, 1, 1), date(2025, 2, 1)
UNTIL = date(2026, 12, 31)
M3, M6 = date(2022, 12, 7), date(2023, 3, 7)


def runs_out(orders, kits, returns=(), until=UNTIL, last_dose_on=None):
    found = shortage(dose_periods(orders, last_dose_on), kits, returns, until)
    return found and found.on


def day(number):
    """The n-th day of a supply that begins on 1 January 2025."""
    return JAN_1 + timedelta(days=number - 1)


@pytest.mark.parametrize(
    ("pattern_mg", "kits", "lasts_days"),
    [
        ((400,), [kit(JAN_1, 30)], 30),
        ((400,), [kit(JAN_1, 120, 100)], 30),
        ((300,), [kit(JAN_1, 90, 100)], 30),
        ((400,), [kit(JAN_1, 10), kit(JAN_1, 80, 100)], 30),  # 10 of 400, then 4 × 100 on 20 days
        ((400, 0), [kit(JAN_1, 2)], 4),
        ((400, 300), [kit(JAN_1, 3), kit(JAN_1, 6, 100)], 5),  # the third 300 has no 100s
        ((300,), [kit(JAN_1, 8, 100)], 2),  # two tablets left over are no dose
        ((600,), [kit(JAN_1, 1), kit(JAN_1, 8, 100)], 2),
    ],
)
def test_a_supply_lasts_by_whole_tablets(pattern_mg, kits, lasts_days):
    assert runs_out([order(JAN_1, *pattern_mg)], kits) == day(lasts_days + 1)


def test_105_days_from_month_3_reach_the_end_of_the_window_of_month_6():
    orders, kits = [order(date(2022, 9, 7), 400)], [kit(M3, 105)]
    assert runs_out(orders, kits, until=date(2023, 3, 21)) is None
    assert runs_out(orders, kits) == date(2023, 3, 22)
    assert runs_out(orders, [kit(M3, 90)]) == M6


def test_tablets_of_400_are_no_supply_for_300_mg():
    found = shortage(dose_periods([order(JAN_1, 400), order(FEB_1, 300)], None), [kit(JAN_1, 90)], [], UNTIL)
    assert (found.on, found.dose_mg, found.in_hand_mg, found.is_of_strength) == (FEB_1, 300, 59 * 400, True)


def test_nothing_left_is_no_matter_of_strength():
    found = shortage(dose_periods([order(JAN_1, 400)], None), [kit(JAN_1, 3)], [], UNTIL)
    assert (found.on, found.in_hand_mg, found.is_of_strength) == (day(4), 0, False)


def test_a_hold_uses_nothing():
    orders = [order(JAN_1, 400), order(day(11), 0), order(day(21), 400)]
    assert runs_out(orders, [kit(JAN_1, 30)]) == day(41)
    assert runs_out(orders[:2], [kit(JAN_1, 30)]) is None


def test_nothing_is_known_without_a_kit_and_nothing_needed_after_the_last_dose():
    assert runs_out([order(JAN_1, 400)], []) is None
    assert runs_out([order(JAN_1, 400)], [kit(JAN_1, 30)], last_dose_on=day(30)) is None
    assert runs_out([order(JAN_1, 400)], [kit(JAN_1, 30)], until=day(30)) is None


FIRST, SECOND = kit(JAN_1, 100), kit(day(91), 90)


@pytest.mark.parametrize(
    ("returns", "lasts_days"),
    [
        ([], 190),  # 10 left over and never counted: reckoned
        ([back(FIRST, 10)], 180),
        ([back(FIRST, 4, lost=2, kept=4)], 184),
        ([back(FIRST, 0, kept=40)], 220),  # the count stands, whatever the orders say
    ],
)
def test_what_was_counted_replaces_what_was_reckoned(returns, lasts_days):
    assert runs_out([order(JAN_1, 400)], [FIRST, SECOND], returns) == day(lasts_days + 1)


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        ([back(SECOND, 60, on=day(121))], day(121)),  # everything given back, nothing new
        ([back(SECOND, 40, kept=20, on=day(121))], day(141)),
    ],
)
def test_a_count_without_a_new_kit_says_what_is_left(returns, expected):
    assert runs_out([order(JAN_1, 400)], [FIRST, SECOND], [back(FIRST, 10), *returns]) == expected


def test_one_kit_of_two_counted_takes_only_what_is_gone():
    one, other = kit(JAN_1, 30, kit_id="A"), kit(JAN_1, 30, kit_id="B")
    counted = [KitReturnFacts("A", day(11), 5, 2, 23)]
    assert runs_out([order(JAN_1, 400)], [one, other], counted) == day(54)


def test_tablets_of_the_other_strength_wait_at_home():
    orders = [order(JAN_1, 400), order(day(11), 300), order(day(41), 400)]
    kits = [kit(JAN_1, 40), kit(day(11), 90, 100)]
    assert runs_out(orders, kits) == day(71)


def walk(orders, kits, returns, last_dose_on, until):
    """The same day by day: hand out, count, and take whole tablets, the largest first."""
    by_day, stock = {}, Counter()
    for one in kits:
        by_day.setdefault(one.dispensed_on, []).append(one)
    counted = {one.kit_id: one for one in returns}
    today, short, before = min(by_day), None, []
    while today <= until:
        if today in by_day:
            if before and all(one.kit_id in counted for one in before):
                stock = Counter()
                for one in before:
                    stock[one.strength_mg] += counted[one.kit_id].tablets_kept
            before, short = by_day[today], None
            for one in before:
                gone = counted.get(one.kit_id)
                stock[one.strength_mg] += one.tablets - (
                    gone.tablets_returned + gone.tablets_lost if gone else 0
                )
            stock = +stock
            if today == max(by_day) and all(one.kit_id in counted for one in before):
                stock = Counter()
                for one in before:
                    stock[one.strength_mg] += counted[one.kit_id].tablets_kept
                today = max(counted[one.kit_id].returned_on for one in before)
        rest, used = mg_of(orders, today, last_dose_on) or 0, {}
        for strength in (400, 100):
            used[strength] = min(stock[strength], rest // strength)
            rest -= used[strength] * strength
        if rest == 0:
            stock.subtract(used)
        elif short is None:
            short = today
        today += DAY
    return short


@st.composite
def supplies(draw):
    start, orders, _, kits, last_dose_on, _ = draw(courses())
    returns = []
    for one in kits:
        if draw(st.booleans()):
            gone = draw(st.integers(0, one.tablets))
            kept = draw(st.integers(0, one.tablets - gone))
            returns.append(back(one, gone, kept=kept, on=one.dispensed_on + draw(st.integers(0, 60)) * DAY))
    return start, orders, kits, returns, last_dose_on


@settings(max_examples=400)
@given(supplies(), st.integers(0, 900))
def test_the_shortage_equals_a_walk_over_days(supply, length):
    start, orders, kits, returns, last_dose_on = supply
    until = start + length * DAY
    kits = [one for one in kits if one.dispensed_on <= until]
    returns = [one for one in returns if one.returned_on <= until]
    found = runs_out(orders, kits, returns, until, last_dose_on)
    assert found == (walk(orders, kits, returns, last_dose_on, until) if kits else None)


RX, BOUNDARY = date(2025, 6, 7), date(2025, 9, 7)


def gap(tablets, ip_on=None, on=date(2025, 10, 31), orders=None):
    kits = [kit(RX, tablets, source="PRESCRIPTION")] + ([kit(ip_on, 90)] if ip_on else [])
    periods = dose_periods(orders or [order(RX, 400)], None)
    found = transition_gap(periods, kits, [], on)
    return found and (found.from_on, found.until, found.days)


@pytest.mark.parametrize(
    ("tablets", "ip_on", "expected"),
    [
        (92, BOUNDARY, None),  # 7 June to 6 September, and study drug on the 7th
        (92, date(2025, 9, 8), (BOUNDARY, BOUNDARY, 1)),
        (92, date(2025, 9, 21), (BOUNDARY, date(2025, 9, 20), 14)),
        (92, date(2025, 9, 22), (BOUNDARY, date(2025, 9, 21), 15)),
        (106, date(2025, 9, 21), None),
        (92, None, (BOUNDARY, None, 55)),
        (400, None, None),
    ],
)
def test_the_gap_reaches_from_the_last_own_tablet_to_the_first_study_drug(tablets, ip_on, expected):
    assert gap(tablets, ip_on) == expected


def test_days_on_hold_are_no_gap():
    orders = [order(RX, 400), order(date(2025, 9, 10), 0), order(date(2025, 9, 20), 400)]
    assert gap(92, date(2025, 9, 22), orders=orders) == (BOUNDARY, date(2025, 9, 21), 5)


def test_without_a_prescription_there_is_nothing_to_measure_from():
    assert transition_gap(dose_periods([order(RX, 400)], None), [kit(BOUNDARY, 90)], [], BOUNDARY) is None
