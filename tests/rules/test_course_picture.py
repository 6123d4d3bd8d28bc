"""The geometry of the course picture, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.picture import (
    DOSE_BOTTOM,
    DOSE_HEIGHT,
    SHAPES,
    OutcomePoint,
    PictureFacts,
    VisitPoint,
    course_picture,
    dose_level,
)
from courses.rules.picture_events import LANE_GAP, MOST_LANES, EventFacts, EventLanes, event_lanes, thickness
from courses.rules.picture_scale import PLOT_LEFT, PLOT_RIGHT, Scale, year_ticks
from dosing.rules.orders import DoseOrderFacts, dose_periods
from protocol import load_protocol
from protocol.codes import VisitStatus

REGIMEN = load_protocol().regimen
T0 = date(2022, 9, 7)
TODAY = date(2023, 12, 31)


def order(from_on: date, *pattern_mg: int) -> DoseOrderFacts:
    return DoseOrderFacts(from_on, pattern_mg, from_on, "START")


def facts(*orders: DoseOrderFacts, last_dose_on: date | None = None, **more) -> PictureFacts:
    return PictureFacts(T0, T0, dose_periods(orders or (order(T0, 400),), last_dose_on), **more)


def picture(*orders: DoseOrderFacts, on: date = TODAY, **more):
    return course_picture(facts(*orders, **more), REGIMEN, on=on)


@pytest.mark.parametrize(
    ("mean_mg", "level"),
    [
        (0, "hold"),
        (100, "below"),
        ("299.9", "below"),
        (300, "reduced"),
        (350, "reduced"),
        (400, "full"),
        (600, "above"),
    ],
)
def test_dose_level_follows_the_regimen(mean_mg, level):
    assert dose_level(Decimal(mean_mg), REGIMEN) == level


def test_full_dose_fills_the_track():
    (bar,) = picture().doses
    assert (bar.x, bar.height, bar.level, bar.to_on) == (PLOT_LEFT, DOSE_HEIGHT, "full", None)
    assert bar.y + bar.height == DOSE_BOTTOM


def test_bar_heights_are_the_mean_doses():
    bars = picture(order(T0, 400), order(date(2023, 2, 1), 300), order(date(2023, 6, 1), 400, 0)).doses
    assert [bar.height for bar in bars] == [112, 84, 56]
    assert [bar.is_striped for bar in bars] == [False, False, True]


def test_hold_is_a_full_height_gap():
    bars = picture(order(T0, 400), order(date(2023, 2, 1), 0), order(date(2023, 3, 1), 400)).doses
    assert (bars[1].level, bars[1].height) == ("hold", DOSE_HEIGHT)


def test_dose_over_the_plan_lowers_the_level_lines():
    drawn = picture(order(T0, 400), order(date(2023, 2, 1), 800))
    assert [(line.dose_mg, line.y) for line in drawn.levels] == [
        (400, DOSE_BOTTOM - 56),
        (300, DOSE_BOTTOM - 42),
    ]


def test_order_after_the_day_is_not_drawn():
    assert len(picture(order(T0, 400), order(date(2024, 6, 1), 300)).doses) == 1


def test_bars_of_adjoining_orders_touch():
    first, second = picture(order(T0, 400), order(date(2023, 2, 1), 300)).doses
    assert first.x + first.width == pytest.approx(second.x, abs=0.2)


def test_narrow_bar_carries_no_figures():
    bars = picture(order(T0, 400), order(date(2023, 2, 1), 200), order(date(2023, 2, 8), 400)).doses
    assert [bar.shows_label for bar in bars] == [True, False, True]


def test_boundary_planned_end_and_today_are_lines():
    lines = {line.kind: line for line in picture().lines}
    assert {kind: line.on for kind, line in lines.items()} == {
        "EXTENSION": date(2025, 9, 7),
        "PLANNED_END": date(2027, 9, 6),
        "TODAY": TODAY,
    }
    assert lines["TODAY"].x < lines["EXTENSION"].x < lines["PLANNED_END"].x <= PLOT_RIGHT


def test_axis_reaches_a_day_after_the_planned_end():
    lines = {line.kind: line.x for line in picture(on=date(2029, 1, 1)).lines}
    assert lines["PLANNED_END"] < lines["TODAY"]


def test_time_before_enrolment_is_a_span():
    path_b = replace(facts(), enrolled_on=date(2023, 9, 7))
    span = course_picture(path_b, REGIMEN, on=TODAY).before_enrolment
    assert span is not None
    assert (span.x, span.from_on, span.to_on) == (PLOT_LEFT, T0, date(2023, 9, 6))


@pytest.mark.parametrize("enrolled_on", [None, T0, T0 - timedelta(days=3)])
def test_no_span_for_those_enrolled_by_the_first_dose(enrolled_on):
    assert (
        course_picture(replace(facts(), enrolled_on=enrolled_on), REGIMEN, on=TODAY).before_enrolment is None
    )


@pytest.mark.parametrize("status", list(VisitStatus))
def test_every_visit_status_has_a_shape(status):
    (mark,) = picture(visits=[VisitPoint("M3", date(2022, 12, 7), status)]).visits
    assert mark.shape == SHAPES[status]


def test_outcomes_stand_on_their_day():
    (mark,) = picture(outcomes=[OutcomePoint("RECURRENCE", date(2023, 9, 7))]).outcomes
    assert (mark.kind, mark.x) == ("RECURRENCE", pytest.approx(PLOT_LEFT + 365 * 1092 / 1826, abs=0.1))


def test_months_are_counted_from_the_first_dose():
    assert [tick.number for tick in picture().months] == [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]


@pytest.mark.parametrize(("ends_on", "last"), [(date(2024, 1, 8), 2023), (date(2024, 6, 1), 2024)])
def test_a_year_that_has_no_room_for_its_number_is_left_out(ends_on, last):
    assert year_ticks(Scale(T0, ends_on))[-1].number == last


def test_years_begin_in_january():
    assert [tick.number for tick in picture().years] == [2023, 2024, 2025, 2026, 2027]


@pytest.mark.parametrize(("grade", "expected"), [(None, 2), (1, 3), (3, 9), (5, 15)])
def test_thickness_is_the_grade(grade, expected):
    assert thickness(grade) == expected


def event(ae_no: int, started_on: date, ended_on: date | None, term: str = "Nausea") -> EventFacts:
    return EventFacts(ae_no, term, 2, started_on, ended_on)


def test_ongoing_event_reaches_the_day():
    drawn = picture(events=[event(1, date(2023, 10, 1), None)])
    assert drawn.events[0].is_ongoing
    assert drawn.events[0].end == pytest.approx(drawn.lines[-1].x, abs=1)


def test_event_after_the_day_is_not_drawn():
    assert picture(events=[event(1, TODAY + timedelta(days=1), None)]).events == ()


def test_overlapping_events_take_two_lanes():
    drawn = picture(events=[event(1, T0, None), event(2, date(2022, 10, 1), None)])
    assert [bar.lane for bar in drawn.events] == [0, 1]


def test_event_after_another_shares_its_lane():
    drawn = picture(events=[event(1, T0, T0), event(2, date(2023, 9, 1), date(2023, 9, 3))])
    assert [bar.lane for bar in drawn.events] == [0, 0]


def test_label_at_the_right_end_is_turned():
    late = event(1, date(2027, 8, 1), None, "Palmar-plantar erythrodysesthesia syndrome")
    (bar,) = picture(events=[late], on=date(2027, 9, 1)).events
    assert (bar.label_anchor, bar.label_x) == ("end", PLOT_RIGHT)


def test_lanes_keep_room_for_none_and_for_the_words_of_more():
    assert EventLanes(()).height == 30
    assert EventLanes((), (event(1, T0, None),)).height == 48


def test_the_worst_events_stand_on_top():
    mild = event(1, T0, None)
    drawn = picture(events=[mild, replace(mild, ae_no=2, grade=4), replace(mild, ae_no=3, is_serious=True)])
    assert [bar.event.ae_no for bar in drawn.events] == [3, 2, 1]


def test_what_finds_no_lane_stands_in_the_table():
    drawn = picture(events=[event(number, T0, None) for number in range(1, MOST_LANES + 4)])
    assert len(drawn.events) == MOST_LANES
    assert [more.ae_no for more in drawn.more_events] == [9, 10, 11]


def test_the_first_study_drug_stands_on_the_dose_it_is_of():
    (mark,) = picture(outcomes=[OutcomePoint("IP_START", date(2025, 9, 7))]).outcomes
    assert mark.y < picture().dose_bottom


def test_marks_of_neighbouring_days_stand_side_by_side():
    day = date(2023, 9, 7)
    points = [OutcomePoint("STOP", day), OutcomePoint("DEATH", day), OutcomePoint("DISEASE_FREE", day)]
    marks = {mark.kind: mark.x for mark in picture(outcomes=points).outcomes}
    assert marks["STOP"] - marks["DEATH"] == pytest.approx(17)
    assert marks["DISEASE_FREE"] == marks["DEATH"]


DAYS = st.dates(date(2022, 9, 7), date(2027, 9, 6))
EVENTS = st.builds(
    lambda ae_no, day, length, term: event(
        ae_no, day, day + timedelta(days=length) if length else None, term
    ),
    st.integers(1, 99),
    DAYS,
    st.integers(0, 700),
    st.sampled_from(["Nausea", "Alanine aminotransferase increased"]),
)


@given(st.lists(EVENTS, max_size=25), DAYS)
def test_bars_of_a_lane_never_overlap(events, on):
    bars = event_lanes(events, Scale(T0, date(2027, 9, 6)), 0, on=on).bars
    for lane in {bar.lane for bar in bars}:
        of_lane = sorted((bar for bar in bars if bar.lane == lane), key=lambda bar: bar.x)
        for left, right in pairwise(of_lane):
            assert left.end + LANE_GAP <= right.x + 0.2


@given(DAYS, DAYS)
def test_scale_keeps_the_order_of_days(one, other):
    scale = Scale(T0, date(2027, 9, 6))
    assert (scale.x(one) <= scale.x(other)) == (one <= other)
    assert PLOT_LEFT <= scale.x(one) <= PLOT_RIGHT
