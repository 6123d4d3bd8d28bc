"""CMA1–CMA9 (Vollmer 2012) as a second opinion on PDC and MPR: ours are CMA7 and CMA2.

The definitions follow the published ones; the values of these cases were confirmed in R with AdhereR.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from course_walk import kit, order
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.orders import dose_periods
from dosing.rules.supply import coverage, mpr
from protocol.days import round_half_up

JAN_1 = date(2025, 1, 1)


def gaps(fills, start, end):
    """Days without supply in [start, end): every fill is used after what was left before it."""
    covered_until, missing = None, 0
    for on, days in [*fills, (end, 0)]:
        if covered_until is not None:
            missing += max(0, (min(on, end) - max(covered_until, start)).days) if covered_until < on else 0
        covered_until = max(on, covered_until or on) + timedelta(days=days)
    return missing


def ratio_by_supply(fills, end, *, with_last):
    used = fills if with_last else fills[:-1]
    until = end if with_last else fills[-1][0]
    return Fraction(100 * sum(days for _, days in used), (until - fills[0][0]).days)


def ratio_by_gaps(fills, start, end):
    length = (end - start).days
    return Fraction(100 * (length - gaps([f for f in fills if f[0] < end], start, end)), length)


def weighted_by_interval(fills, start, end):
    """CMA9: every day of the window weighs the ratio, at most 1, of the fill interval it lies in."""
    total = carried = Fraction(0)
    for (on, days), (until, _) in zip(fills, [*fills[1:], (end, 0)], strict=True):
        length = (until - on).days
        ratio = min(Fraction(1), (days + carried) / length)
        carried = max(Fraction(0), days + carried - length)
        total += ratio * max(0, (min(until, end) - max(on, start)).days)
    return 100 * total / (end - start).days


def lagged_start(fills, start):
    """CMA8: the window begins when what was dispensed before it is used up."""
    before = [on + timedelta(days=supply) for on, supply in fills if on < start]
    return max([start, *before])


def cma(fills, start, end):
    """CMA1…CMA9 of (day, days' supply) over [start, end)."""
    inside = [fill for fill in fills if start <= fill[0] < end]
    one, two = (ratio_by_supply(inside, end, with_last=last) for last in (False, True))
    return [
        one,
        two,
        min(one, 100),
        min(two, 100),
        ratio_by_gaps(inside, inside[0][0], inside[-1][0]),
        ratio_by_gaps(inside, inside[0][0], end),
        ratio_by_gaps(fills, start, end),
        ratio_by_gaps(fills, lagged_start(fills, start), end),
        weighted_by_interval(fills, start, end),
    ]


A = [(JAN_1, 30), (date(2025, 1, 26), 30), (date(2025, 3, 6), 30)]
B = [(JAN_1, 30), (date(2025, 1, 21), 30), (date(2025, 2, 10), 30), (date(2025, 3, 2), 30)]
C = [(date(2025, 6, 7), 92), (date(2025, 9, 10), 90), (date(2025, 12, 20), 90)]
CASES = [
    (A, JAN_1, 90, "93.75 100 93.75 100 93.75 95.56 95.56 95.56 95.56"),
    (B, JAN_1, 90, "150 133.33 100 100 100 100 100 100 100"),
    (C, date(2025, 9, 7), 183, "89.11 100 89.11 100 89.11 93.89 92.35 92.35 93.94"),
]


@pytest.mark.parametrize(("fills", "start", "days", "expected"), CASES)
def test_cma_as_in_adherer(fills, start, days, expected):
    found = [round_half_up(Fraction(value), 2) for value in cma(fills, start, start + timedelta(days=days))]
    assert found == [Decimal(value) for value in expected.split()]


def of_product(fills, start, end):
    first = min(start, fills[0][0])
    return coverage(
        dose_periods([order(first, 400)], None), [kit(*f) for f in fills], end - timedelta(days=1), start
    )


@pytest.mark.parametrize(("fills", "start", "days", "expected"), CASES)
def test_pdc_of_the_product_is_cma7(fills, start, days, expected):
    found = of_product(fills, start, start + timedelta(days=days))
    assert round_half_up(found.prescribed_percent, 2) == Decimal(expected.split()[6])


@pytest.mark.parametrize(("fills", "days"), [(A, 90), (B, 90)])
def test_mpr_of_the_product_is_cma2(fills, days):
    end = JAN_1 + timedelta(days=days)
    percent = mpr([order(JAN_1, 400)], [kit(*f) for f in fills], JAN_1, end - timedelta(days=1), 400)
    assert percent == cma(fills, JAN_1, end)[1]


def covered_without_carry_over(fills, start, end):
    days = {on + timedelta(days=n) for on, supply in fills for n in range(supply)}
    return sum(1 for day in days if start <= day < end)


def test_pdc1_without_carry_over():
    assert covered_without_carry_over(A, JAN_1, JAN_1 + timedelta(days=90)) == 81


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), min_size=1, max_size=6))
def test_carrying_over_never_lowers_coverage(rows):
    fills = sorted((JAN_1 + timedelta(days=on), supply) for on, supply in rows)
    end = JAN_1 + timedelta(days=220)
    found = of_product(fills, JAN_1, end)
    assert covered_without_carry_over(fills, JAN_1, end) <= found.covered_days <= found.dosing_days
