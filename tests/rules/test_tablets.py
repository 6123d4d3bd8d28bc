"""From mg to tablets, and how many to dispense."""

from datetime import date
from fractions import Fraction

import pytest
from course_walk import order
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.tablets import proposed_tablets, tablets_for

SEEN = date(2022, 12, 7)


@pytest.mark.parametrize(
    ("dose_mg", "strengths_mg", "expected"),
    [
        (400, (100, 400), {400: 1}),
        (300, (100, 400), {100: 3}),
        (600, (100, 400), {400: 1, 100: 2}),
        (400, (100,), {100: 4}),
        (300, (400,), {400: Fraction(3, 4)}),
        (250, (100, 400), {100: Fraction(5, 2)}),
        (0, (100, 400), {}),
        (400, (), {}),
    ],
)
def test_tablets_for(dose_mg, strengths_mg, expected):
    assert tablets_for(dose_mg, strengths_mg) == expected


@given(st.integers(0, 2000), st.lists(st.integers(1, 800), min_size=1, max_size=4, unique=True))
def test_tablets_for_loses_no_mg(dose_mg, strengths_mg):
    assert sum(mg * n for mg, n in tablets_for(dose_mg, strengths_mg).items()) == dose_mg


@pytest.mark.parametrize(
    ("pattern_mg", "from_on", "until", "expected"),
    [
        ((400,), SEEN, date(2023, 3, 21), [(400, 105)]),
        ((400,), SEEN, date(2023, 3, 6), [(400, 90)]),
        ((400,), date(2022, 12, 14), date(2023, 3, 21), [(400, 98)]),
        ((300,), SEEN, date(2023, 3, 21), [(100, 315)]),
        ((400, 0), SEEN, date(2022, 12, 9), [(400, 2)]),
        ((400, 300), SEEN, date(2022, 12, 9), [(400, 2), (100, 3)]),
        ((150,), SEEN, date(2022, 12, 9), [(100, 5)]),
        ((0,), SEEN, date(2023, 3, 21), []),
    ],
)
def test_proposed_tablets_cover_both_ends(pattern_mg, from_on, until, expected):
    proposed = proposed_tablets(order(SEEN, *pattern_mg), from_on, until, (100, 400))
    assert [(line.strength_mg, line.tablets) for line in proposed] == expected
