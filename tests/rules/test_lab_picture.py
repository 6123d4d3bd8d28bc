"""One laboratory test over time: points, limits as each result gave them, grade bands, the label's limit to hold."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules.lab_grades import GRADED_UNITS, LabValue
from courses.rules.picture_labs import BOTTOM, LEFT, RIGHT, TOP, ResultFacts, TrendFacts, lab_picture
from protocol.codes import LabTest
from protocol.definition import Threshold

FROM, TO = date(2025, 1, 6), date(2026, 3, 1)
BELOW_1 = Threshold("lt", Decimal("1.0"))
OVER_5_ULN = Threshold("gt", Decimal(5), relative_to_uln=True)


def result(on, value, test=LabTest.ANC, lln="1.8", uln="7.5", grade=0):
    limits = [Decimal(limit) if limit else None for limit in (lln, uln)]
    return ResultFacts(on, LabValue(test, Decimal(value), GRADED_UNITS[test], *limits), grade)


def picture(*results, test=LabTest.ANC, hold=()):
    return lab_picture(TrendFacts(test, results, hold), from_on=FROM, to_on=TO)


def test_the_axis_spans_the_days_and_the_results():
    drawn = picture(result(FROM, "3.0"), result(TO, "9.0"))
    first, last = drawn.points
    assert (first.x, last.x) == (LEFT, RIGHT)
    assert last.y < first.y
    assert drawn.path == f"{first.x},{first.y} {last.x},{last.y}"
    assert [tick.number for tick in drawn.years] == [2026]


def test_limits_are_steps_of_what_each_result_gave():
    day = date(2025, 6, 2)
    drawn = picture(result(FROM, "3.0"), result(day, "3.0", lln="2.0"), result(TO, "3.0", lln="2.0"))
    lower = [(line.value, line.x, line.end) for line in drawn.limits if line.kind == "LLN"]
    (middle,) = {point.x for point in drawn.points if point.result.on == day}
    assert lower == [(Decimal("1.8"), LEFT, middle), (Decimal("2.0"), middle, RIGHT)]


def test_bands_stand_below_the_lower_limit_of_a_count():
    drawn = picture(result(FROM, "3.0"))
    assert [band.grade for band in drawn.bands] == [4, 3, 2, 1]
    assert drawn.bands[0].y + drawn.bands[0].height == pytest.approx(BOTTOM)
    assert drawn.bands[-1].y == next(line.y for line in drawn.limits if line.kind == "LLN")


def test_bands_that_no_result_comes_near_are_left_out():
    calm = picture(result(FROM, "20", test=LabTest.ALT, lln="5", uln="40"), test=LabTest.ALT)
    assert [band.grade for band in calm.bands] == [1]
    wild = picture(result(FROM, "900", test=LabTest.ALT, lln="5", uln="40"), test=LabTest.ALT)
    assert [band.grade for band in wild.bands] == [1, 2, 3, 4]
    assert wild.bands[-1].y == TOP


@pytest.mark.parametrize(
    ("value", "uln", "drawn_at", "out_of_view"),
    [("20", "40", [], [Decimal(200)]), ("190", "40", [Decimal(200)], []), ("20", None, [], [])],
)
def test_the_limit_to_hold_is_drawn_where_results_come_near(value, uln, drawn_at, out_of_view):
    one = result(FROM, value, test=LabTest.ALT, lln="5", uln=uln)
    drawn = picture(one, test=LabTest.ALT, hold=(OVER_5_ULN,))
    assert [line.value for line in drawn.limits if line.kind == "HOLD"] == drawn_at
    assert list(drawn.hold_out_of_view) == out_of_view


def test_a_count_always_shows_the_limit_to_hold():
    assert "HOLD" in {line.kind for line in picture(result(FROM, "3.0"), hold=(BELOW_1,)).limits}


@given(st.lists(st.tuples(st.integers(0, 400), st.decimals("0", "5000", places=1)), min_size=1, max_size=20))
def test_everything_stays_inside(drawn):
    results = [result(FROM + timedelta(days=day), value) for day, value in sorted(drawn)]
    found = picture(*results, hold=(BELOW_1,))
    assert all(LEFT <= point.x <= RIGHT and TOP <= point.y <= BOTTOM for point in found.points)
    assert all(box.y >= TOP and box.y + box.height <= BOTTOM + 0.2 for box in found.bands)
    assert 2 <= len(found.levels) <= 6
