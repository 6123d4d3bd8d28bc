"""Exposure, dose intensity and where missed doses fall."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from course_walk import DAY, courses, order, walk_exposure
from hypothesis import given, settings

from dosing.rules.exposure import MissedDosesFacts, exposure, missed_days, percent_of_planned_course
from dosing.rules.orders import dose_periods
from protocol.days import add_months, round_half_up

T0 = date(2022, 9, 7)
JAN_1 = date(2025, 1, 1)


def of(orders, from_on, until, missed=(), last_dose_on=None):
    return exposure(dose_periods(orders, last_dose_on), missed, from_on, until, 400)


def run(*runs, start=JAN_1):
    """Orders of (days, pattern…) one after the other."""
    orders, day = [], start
    for days, *pattern_mg in runs:
        orders.append(order(day, *pattern_mg))
        day += timedelta(days=days)
    return orders, start, day - DAY


RDI6 = [
    order(T0, 400),
    order(date(2023, 1, 10), 0),
    order(date(2023, 1, 24), 300),
    order(date(2023, 5, 1), 400),
]


@pytest.mark.parametrize(
    ("name", "course", "days", "dosing", "mg", "rdi", "intensity"),
    [
        ("RDI1", run((365, 400)), 365, 365, 146_000, "100.00", "400.00"),
        ("RDI1 leap", run((366, 400), start=date(2024, 1, 1)), 366, 366, 146_400, "100.00", "400.00"),
        ("RDI2", run((100, 400), (14, 0), (51, 300)), 165, 151, 55_300, "83.79", "335.15"),
        ("RDI3 28 d", run((28, 400, 0)), 28, 14, 5_600, "50.00", "200.00"),
        ("RDI3 29 d", run((29, 400, 0)), 29, 15, 6_000, "51.72", "206.90"),
        ("RDI4 30 d", run((30, 400, 300)), 30, 30, 10_500, "87.50", "350.00"),
        ("RDI4 31 d", run((31, 400, 300)), 31, 31, 10_900, "87.90", "351.61"),
        ("RDI6", (RDI6, T0, date(2023, 12, 31)), 481, 467, 177_100, "92.05", "368.19"),
    ],
)
def test_dose_intensity(name, course, days, dosing, mg, rdi, intensity):
    found = of(*course)
    assert (found.days, found.dosing_days, found.ordered_mg, found.taken_mg) == (days, dosing, mg, mg)
    assert round_half_up(found.rdi_percent, 2) == Decimal(rdi)
    assert round_half_up(found.intensity_mg_per_day, 2) == Decimal(intensity)


def test_rdi5_a_span_across_the_boundary_is_counted_on_both_sides():
    orders, boundary = [order(T0, 400)], add_months(T0, 36)
    for scope in ((date(2025, 8, 28), boundary - DAY), (boundary, date(2025, 9, 16))):
        found = of(orders, *scope)
        assert (found.days, found.ordered_mg, found.rdi_percent) == (10, 4000, 100)


def test_rdi8_percent_of_the_planned_course_differs_from_rdi():
    last_dose_on = T0 + timedelta(days=549)
    found = of([order(T0, 400)], T0, last_dose_on, last_dose_on=last_dose_on)
    assert (last_dose_on, found.taken_mg, found.rdi_percent) == (date(2024, 3, 9), 220_000, 100)
    assert round_half_up(percent_of_planned_course(found.taken_mg, 1826, 400), 2) == Decimal("30.12")
    assert round_half_up(percent_of_planned_course(found.taken_mg, 1096, 400), 2) == Decimal("50.18")


@pytest.mark.parametrize(
    ("name", "dose_mg", "missed", "taken_mg", "adherence", "rdi"),
    [("RDI9", 400, 2, 11_200, "93.33", "93.33"), ("RDI10", 300, 3, 8_100, "90.00", "67.50")],
)
def test_missed_doses_lower_adherence_and_intensity(name, dose_mg, missed, taken_mg, adherence, rdi):
    until = JAN_1 + timedelta(days=29)
    found = of([order(JAN_1, dose_mg)], JAN_1, until, [MissedDosesFacts(JAN_1, until, missed)])
    assert found.taken_mg == taken_mg
    assert round_half_up(found.adherence_percent, 2) == Decimal(adherence)
    assert round_half_up(found.rdi_percent, 2) == Decimal(rdi)


def test_exposure_of_a_scope_without_a_day_is_none():
    assert of([order(JAN_1, 400)], JAN_1, JAN_1 - DAY) is None


def test_adherence_is_none_where_nothing_was_ordered():
    assert of([order(JAN_1, 0)], JAN_1, JAN_1).adherence_percent is None


def missed_on(orders, *rows, until=date(2025, 12, 31), last_dose_on=None):
    missed = [MissedDosesFacts(date(2025, 1, a), date(2025, 1, b), n) for a, b, n in rows]
    return {day.day: mg for day, mg in missed_days(dose_periods(orders, last_dose_on), missed, until).items()}


@pytest.mark.parametrize(
    ("pattern_mg", "rows", "expected"),
    [
        ((400,), [(3, 9, 2)], {3: 400, 4: 400}),
        ((400, 0), [(2, 9, 2)], {3: 400, 5: 400}),
        ((400, 300), [(2, 9, 3)], {2: 300, 3: 400, 4: 300}),
        ((400,), [(3, 9, 2), (3, 9, 2)], {3: 400, 4: 400, 5: 400, 6: 400}),
        ((400,), [(4, 8, 1), (3, 9, 2)], {3: 400, 4: 400, 5: 400}),
        ((400,), [(3, 9, 1), (3, 4, 2)], {3: 400, 4: 400, 5: 400}),
        ((400,), [(3, 4, 9)], {3: 400, 4: 400}),
        ((0,), [(3, 9, 2)], {}),
        ((400,), [(3, 9, 0)], {}),
    ],
)
def test_missed_doses_fall_on_the_earliest_free_dosing_days(pattern_mg, rows, expected):
    assert missed_on([order(JAN_1, *pattern_mg)], *rows) == expected


def test_missed_doses_skip_a_hold_and_stop_with_the_last_dose():
    orders = [order(JAN_1, 400), order(date(2025, 1, 4), 0), order(date(2025, 1, 6), 300)]
    assert missed_on(orders, (3, 9, 9)) == {3: 400, 6: 300, 7: 300, 8: 300, 9: 300}
    assert missed_on(orders, (3, 9, 9), last_dose_on=date(2025, 1, 7)) == {3: 400, 6: 300, 7: 300}


def test_missed_doses_of_a_long_range_are_counted_only_to_the_cut_off():
    endless = [MissedDosesFacts(JAN_1, date.max, 10**9)]
    assert len(missed_days(dose_periods([order(JAN_1, 400)], None), endless, date(2025, 1, 31))) == 31


@settings(max_examples=1000)
@given(courses())
def test_exposure_of_random_courses_equals_a_walk_over_days(course):
    start, orders, missed, _, last_dose_on, on = course
    found = of(orders, start, on, missed, last_dose_on)
    walked = walk_exposure(orders, missed, start, on, last_dose_on)
    assert (found.days, found.dosing_days, found.ordered_mg, found.taken_mg) == walked


@settings(max_examples=300)
@given(courses())
def test_standard_and_extension_add_up_to_the_course(course):
    start, orders, missed, _, last_dose_on, on = course
    boundary = add_months(start, 9)
    parts = [of(orders, start, min(on, boundary - DAY), missed, last_dose_on)]
    parts.append(of(orders, boundary, on, missed, last_dose_on))
    whole = of(orders, start, on, missed, last_dose_on)
    for sums in ("days", "dosing_days", "ordered_mg", "taken_mg", "planned_mg"):
        assert sum(getattr(part, sums) for part in parts if part) == getattr(whole, sums)


@settings(max_examples=300)
@given(courses())
def test_rdi_is_not_over_adherence_when_no_more_than_planned_is_ordered(course):
    start, orders, missed, _, last_dose_on, on = course
    planned = [o for o in orders if max(o.pattern_mg) <= 400]
    found = of(planned, start, on, missed, last_dose_on)
    if found.adherence_percent is not None:
        assert found.rdi_percent <= found.adherence_percent
