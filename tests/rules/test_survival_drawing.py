"""Where the survival curve, the quarters of adherence and the months of visits stand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.rules import drawing
from dashboard.rules.kaplan_meier import kaplan_meier
from dashboard.rules.months import visit_months
from dashboard.rules.months_drawing import stacked_bars
from dashboard.rules.survival_drawing import BOTTOM, LEFT, MOST_CENSORINGS, RIGHT, TOP, survival_drawing
from dashboard.rules.trend import trend
from dashboard.rules.trend_drawing import MOST_LABELS, trend_drawing

MONTHS = 60
EDGES = (Decimal(80), Decimal(90))


def drawn(entries, events, censored):
    return survival_drawing(kaplan_meier(entries, events, censored), MONTHS)


def corners(points):
    return [tuple(map(float, point.split(","))) for point in points.split()]


def test_the_curve_starts_at_all_and_ends_where_the_last_one_left():
    picture = drawn({0: 4}, {365: 1}, {700: 3})
    line = corners(picture.line)
    assert line[0] == (LEFT, TOP)
    assert line[-1][0] == pytest.approx(LEFT + (RIGHT - LEFT) * 700 / 1826.25, abs=0.1)
    assert line[-1][1] == pytest.approx(BOTTOM - (BOTTOM - TOP) * 0.75, abs=0.1)
    assert [column.month for column in picture.years] == [0, 12, 24, 36, 48, 60]


def test_the_table_says_survival_and_who_is_at_risk_until_nobody_is():
    columns = drawn({0: 4}, {365: 1}, {700: 3}).years
    assert [(c.at_risk, c.events, c.survival) for c in columns[:3]] == [
        (4, 0, 1.0),
        (4, 1, 0.75),
        (0, 1, None),
    ]
    assert columns[1].lower < 0.75 < columns[1].upper


def test_who_enters_late_is_counted_from_then():
    assert [c.at_risk for c in drawn({0: 1, 500: 2}, {}, {1800: 3}).years] == [1, 1, 3, 3, 3, 0]


def test_longer_follow_up_makes_the_axis_longer_by_whole_years():
    assert drawn({0: 1}, {}, {2000: 1}).years[-1].month == 72


def test_nobody_has_an_axis_and_no_curve():
    picture = drawn({}, {}, {})
    assert (picture.band, picture.censored) == ("", ())
    assert [c.survival for c in picture.years] == [None] * 6


def test_days_without_anybody_are_a_span():
    (gap,) = drawn({0: 1, 500: 1}, {}, {100: 1, 900: 1}).gaps
    assert gap.width == pytest.approx((RIGHT - LEFT) * 400 / 1826.25, abs=0.2)


@given(st.dictionaries(st.integers(1, 1826), st.integers(1, 50), min_size=1))
def test_everything_lies_inside_and_the_line_never_rises(left):
    events = {day: count for day, count in left.items() if day % 2}
    censored = {day: count for day, count in left.items() if day % 2 == 0}
    picture = drawn({0: sum(left.values())}, events, censored)
    line = corners(picture.line)
    assert [y for _, y in line] == sorted(y for _, y in line)
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in line + corners(picture.band))
    assert len(picture.censored) <= MOST_CENSORINGS


def quarters(**percents):
    consumed = {key: percent for key, percent in percents.items() if percent is not None}
    intervals = dict.fromkeys(consumed, 1)
    unknown = {key: 1 for key, percent in percents.items() if percent is None}
    return trend_drawing(trend(consumed, dict.fromkeys(consumed, 100), intervals, unknown), EDGES)


def test_a_quarter_nobody_can_judge_breaks_the_line():
    picture = quarters(**{"2025Q1": 90, "2025Q2": 95, "2025Q3": None, "2025Q4": 99})
    assert [len(corners(line)) for line in picture.lines] == [2, 1]
    assert [mark.y is None for mark in picture.marks] == [False, False, True, False]


def test_the_axis_of_the_trend_holds_everything():
    levels = [level.percent for level in quarters(**{"2025Q1": 61, "2025Q2": 131}).levels]
    assert levels == [60, 70, 80, 90, 100, 110, 120, 130, 140]
    assert [level.percent for level in quarters(**{"2025Q1": 98}).levels] == [80, 90, 100]


def test_no_quarter_is_still_a_picture():
    picture = trend_drawing((), EDGES)
    assert (picture.marks, picture.lines) == ((), ())
    assert [level.percent for level in picture.bands] == list(EDGES)


def test_the_latest_quarter_is_always_named():
    many = {f"20{year}Q{number}": 90 for year in range(10, 26) for number in range(1, 5)}
    marks = quarters(**many).marks
    assert marks[-1].shows_label
    assert sum(mark.shows_label for mark in marks) <= MOST_LABELS


def test_the_parts_of_a_month_stand_on_each_other():
    picture = stacked_bars(
        visit_months({"2025-12|COMPLETED": 3, "2025-12|MISSED": 1, "2026-01|COMPLETED": 2})
    )
    lower, upper = picture.bars[0].parts
    assert lower.y + lower.height == pytest.approx(drawing.BOTTOM)
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert [(tick.year, tick.x) for tick in picture.years] == [(2026, picture.bars[1].x)]
    assert picture.bars[0].month.month == date(2025, 12, 1)


def test_no_visit_yet_is_still_a_picture():
    assert stacked_bars(()).bars == ()
