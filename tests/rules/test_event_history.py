"""Grades over time, and how long an event lasted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules.history import Duration, GradeStep, duration, grade_on, spells_above, worst_grade
from protocol.partial_days import PartialDay, partial_day
from tests.rules.test_partial_days import partial_days

TODAY = date(2026, 3, 31)
HISTORY = [GradeStep(2, partial_day("2026-01-10")), GradeStep(1, partial_day("2026-02-01"))]


@pytest.mark.parametrize(
    ("on", "grade"),
    [
        (date(2026, 1, 9), None),
        (date(2026, 1, 10), 2),
        (date(2026, 1, 31), 2),
        (date(2026, 2, 1), 1),
        (date(2026, 3, 1), 1),
    ],
)
def test_the_grade_of_a_day_is_that_of_the_last_step(on, grade):
    assert grade_on(HISTORY, on) == grade
    assert grade_on(HISTORY[::-1], on) == grade


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 20)), unique_by=lambda step: step[1], max_size=6),
    st.integers(1, 3),
)
def test_spells_above_a_grade_are_its_days_one_by_one(steps, grade):
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(25)]
    history = [GradeStep(worse, PartialDay(days[number])) for worse, number in steps]
    found = list(spells_above(history, grade, days[-1]))
    inside = {day for day in days for spell in found if spell.from_on <= day <= spell.to_on}
    assert inside == {day for day in days if (grade_on(history, day) or 0) > grade}
    assert sum(spell.days for spell in found) == len(inside)


def test_the_worst_grade_stays_when_an_event_gets_better():
    assert (worst_grade(HISTORY), worst_grade([])) == (2, None)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-01", "2026-03-01", Duration(1, 1)),
        ("2026-02-27", "2026-03-02", Duration(4, 4)),
        ("2026-03-01", None, Duration(31, 31, is_ongoing=True)),
        ("2026-02", "2026-03-10", Duration(11, 38)),
        ("2026-02", "2026-03", Duration(2, 59)),
        ("2026-02", "2026-02", Duration(1, 28)),
        ("2026-03", "2026-03-10", Duration(1, 10)),
        ("2026-03", None, Duration(1, 31, is_ongoing=True)),
        ("2026", "2026-03-10", None),
        ("2025-11-01", "2026", None),
    ],
)
def test_days_are_counted_with_the_first_and_the_last(start, end, expected):
    assert duration(partial_day(start), partial_day(end) if end else None, on=TODAY) == expected


def test_a_duration_is_exact_where_both_days_are_known():
    assert [Duration(4, 4).is_exact, Duration(1, 28).is_exact] == [True, False]


@given(partial_days(), partial_days(), st.data())
def test_the_true_duration_lies_between_the_two(start, end, data):
    first = data.draw(st.dates(start.earliest, start.latest))
    last = data.draw(st.dates(end.earliest, end.latest))
    found = duration(start, end, on=TODAY)
    if found is not None and first <= last:
        assert found.at_least <= (last - first).days + 1 <= found.at_most
