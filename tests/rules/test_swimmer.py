"""Where everything of the swimmer plot stands."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.picture import OutcomePoint
from courses.rules.picture_scale import PLOT_LEFT, PLOT_RIGHT
from courses.rules.swimmer import LANE_HEIGHT, SevereEvent, SwimmerFacts, swimmer
from dosing.rules.orders import DoseOrderFacts, dose_periods
from protocol import load_protocol
from protocol.days import add_months, planned_end_on

REGIMEN = load_protocol().regimen
T0, TODAY = date(2023, 1, 10), date(2025, 1, 9)


def order(from_on, *pattern_mg):
    return DoseOrderFacts(from_on, pattern_mg, from_on, "START")


def course(*orders, until=TODAY, **more):
    periods = dose_periods(orders or (order(T0, 400),), None)
    facts = SwimmerFacts(UUID(int=1), "01-001", T0, T0, periods, until, is_ongoing=True)
    return replace(facts, **more)


def lane_of(*orders, **more):
    return swimmer([course(*orders, **more)], REGIMEN).lanes[0]


def test_a_course_runs_from_its_first_dose_to_the_day_drawn():
    lane = lane_of()
    (bar,) = lane.bars
    assert (bar.x, bar.level, bar.from_on, bar.to_on) == (PLOT_LEFT, "full", T0, TODAY)
    assert lane.arrow_x == pytest.approx(PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * 731 / 1826, abs=1)


def test_courses_begun_on_different_days_share_one_axis():
    later = add_months(T0, 14)
    other = course(order(later, 400), first_dose_on=later, enrolled_on=later, until=add_months(later, 12))
    drawn = swimmer([course(until=add_months(T0, 12)), other], REGIMEN)
    first, second = (lane.bars[0].width for lane in drawn.lanes)
    assert first == pytest.approx(second, abs=1)
    assert drawn.lanes[1].y - drawn.lanes[0].y == LANE_HEIGHT


def test_the_boundary_stands_at_three_of_five_years():
    drawn = swimmer([course()], REGIMEN)
    assert drawn.boundary_x == pytest.approx(PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * 0.6, abs=0.1)
    assert [tick.number for tick in drawn.months] == list(range(0, 61, 6))


@pytest.mark.parametrize(
    ("pattern", "level", "is_striped"),
    [
        ((300,), "reduced", False),
        ((0,), "hold", False),
        ((400, 0), "below", True),
        ((400, 300), "reduced", True),
        ((600,), "above", False),
    ],
)
def test_the_dose_gives_the_bar_its_class(pattern, level, is_striped):
    bar = lane_of(order(T0, 400), order(date(2024, 1, 1), *pattern)).bars[1]
    assert (bar.level, bar.is_striped, bar.pattern_mg) == (level, is_striped, pattern)


def test_time_before_enrolment_is_marked_of_those_who_came_on_treatment():
    assert lane_of(enrolled_on=add_months(T0, 6)).before_width == pytest.approx(109, abs=2)
    assert lane_of(enrolled_on=T0).before_width == lane_of(enrolled_on=None).before_width == 0


def test_a_treatment_that_ended_has_no_arrow():
    stop = OutcomePoint("STOP", TODAY)
    lane = lane_of(is_ongoing=False, outcomes=[stop])
    assert lane.arrow_x is None
    assert [(mark.kind, mark.is_beyond) for mark in lane.marks] == [("STOP", False)]


def test_what_came_after_the_planned_end_stands_at_the_edge_and_says_so():
    after = planned_end_on(T0, REGIMEN).replace(year=2029)
    (mark,) = lane_of(until=after, outcomes=[OutcomePoint("RECURRENCE", after)]).marks
    assert mark.is_beyond
    assert mark.x == pytest.approx(PLOT_RIGHT, abs=1)


def test_an_event_is_a_tick_on_its_day():
    event = SevereEvent("Anemia", 3, add_months(T0, 30))
    (tick,) = lane_of(events=[event]).ticks
    assert tick.x == pytest.approx((PLOT_LEFT + PLOT_RIGHT) / 2, abs=1)
    assert tick.event == event


@given(st.lists(st.dates(T0, date(2032, 1, 1)), min_size=2, max_size=4))
def test_marks_never_cover_each_other_nor_leave_the_picture(days):
    points = [
        OutcomePoint(kind, day)
        for kind, day in zip(["RECURRENCE", "STOP", "DEATH", "STOP"], days, strict=False)
    ]
    places = sorted(mark.x for mark in lane_of(outcomes=points).marks)
    assert all(after - before >= 12.9 for before, after in pairwise(places))
    assert places[-1] <= PLOT_RIGHT


def test_a_course_without_orders_is_an_empty_lane():
    assert lane_of(periods=()).bars == ()
    assert swimmer([], REGIMEN).lanes == ()
