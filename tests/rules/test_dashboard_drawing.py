"""How distributions are cut and where everything of a dashboard chart stands."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.rules.bins import Band, Bin, band_limits, band_of, bins, edges
from dashboard.rules.drawing import BOTTOM, LEFT, MOST_TICKS, RIGHT, TOP, bars, count_ticks, step_line
from protocol import load_protocol

BANDS = load_protocol().adherence
START, TODAY = date(2022, 9, 7), date(2026, 11, 22)
COUNTS = st.lists(st.integers(0, 100_000), min_size=1, max_size=30)


def test_the_edges_of_the_bands_are_among_the_cuts():
    assert {Decimal(80), Decimal(90), Decimal(120)} <= set(edges(BANDS))


def test_bins_follow_each_other_without_a_gap():
    found = bins(BANDS)
    assert (found[0].from_percent, found[-1].to_percent) == (None, None)
    assert all(before.to_percent == after.from_percent for before, after in pairwise(found))


@given(
    fair=st.decimals(30, 80, places=1),
    good=st.decimals(81, 99, places=1),
    overuse=st.decimals(101, 150, places=1),
)
def test_any_bands_are_cut_cleanly(fair, good, overuse):
    bands = replace(BANDS, fair_percent=fair, good_percent=good, overuse_percent=overuse)
    for span in bins(bands):
        limits = band_limits(bands)[band_of(span, bands)]
        assert limits.from_percent is None or span.from_percent >= limits.from_percent
        assert limits.to_percent is None or span.to_percent <= limits.to_percent


@pytest.mark.parametrize(
    ("span", "key", "band"),
    [
        (Bin(None, Decimal(60)), "to-60", Band.LOW),
        (Bin(Decimal(75), Decimal(80)), "75-80", Band.LOW),
        (Bin(Decimal(80), Decimal(85)), "80-85", Band.FAIR),
        (Bin(Decimal(90), Decimal(95)), "90-95", Band.GOOD),
        (Bin(Decimal(115), Decimal(120)), "115-120", Band.GOOD),
        (Bin(Decimal(120), None), "from-120", Band.OVERUSE),
    ],
)
def test_a_bin_has_a_key_and_a_band(span, key, band):
    assert (span.key, band_of(span, BANDS)) == (key, band)


@pytest.mark.parametrize(
    ("highest", "counts"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (6, [0, 2, 4, 6]),
        (35, [0, 10, 20, 30, 40]),
        (10_000, [0, 2_000, 4_000, 6_000, 8_000, 10_000]),
    ],
)
def test_the_axis_has_round_numbers(highest, counts):
    assert [tick.count for tick in count_ticks(highest)] == counts


@given(counts=COUNTS)
def test_bars_stand_inside_the_picture_side_by_side(counts):
    drawn = bars(counts)
    assert len(drawn) == len(counts)
    assert all(bar.x >= LEFT and bar.x + bar.width <= RIGHT + 0.1 for bar in drawn)
    assert all(TOP <= bar.y <= BOTTOM and abs(bar.y + bar.height - BOTTOM) < 1e-6 for bar in drawn)
    assert all(one.x + one.width <= other.x + 0.1 for one, other in pairwise(drawn))


@given(counts=COUNTS)
def test_a_higher_bar_is_more_patients(counts):
    drawn = sorted(zip(counts, bars(counts), strict=True), key=lambda pair: pair[0])
    assert all(one.height <= other.height for (_, one), (_, other) in pairwise(drawn))


@given(highest=st.integers(0, 10**7))
def test_there_are_few_ticks_and_the_last_one_is_high_enough(highest):
    ticks = count_ticks(highest)
    assert len(ticks) <= MOST_TICKS + 1
    assert ticks[-1].count >= highest


def test_nobody_enrolled_is_a_line_along_the_ground():
    line = step_line([], START, TODAY, 35)
    assert line.points == f"{LEFT}.0,{BOTTOM}.0 {RIGHT}.0,{BOTTOM}.0"
    assert line.goal_y < BOTTOM


def test_the_line_steps_up_on_each_day_and_ends_today():
    line = step_line([(date(2023, 1, 1), 2), (date(2024, 1, 1), 3)], START, TODAY, 35)
    heights = [float(point.split(",")[1]) for point in line.points.split()]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3
    assert (line.end_x, line.end_y) == (RIGHT, heights[-1])
    assert [tick.year for tick in line.years] == [2023, 2024, 2025, 2026]


def test_more_than_planned_stays_inside_the_picture():
    line = step_line([(date(2023, 1, 1), 60)], START, TODAY, 35)
    assert TOP <= line.end_y < line.goal_y
