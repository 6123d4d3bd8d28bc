"""The dashboard's tables out of counts: quarters of adherence, adverse events by grade, months of visits."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.rules.events import GradeCount, event_rows
from dashboard.rules.months import EnrolmentMonth, MonthOfVisits, enrolment_months, visit_months
from dashboard.rules.trend import Quarter, pooled_percent, trend


def test_quarters_without_an_interval_stand_between_those_with_one():
    points = trend({"2025Q4": 90}, {"2025Q4": 100}, {"2025Q4": 2}, {"2026Q2": 1})
    assert [point.quarter for point in points] == [Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2)]
    assert [point.percent for point in points] == [90, None, None]
    assert [(point.intervals, point.not_evaluable) for point in points] == [(2, 0), (0, 0), (0, 1)]


def test_of_several_quarters_milligrams_are_pooled_and_not_percentages():
    points = trend(
        {"2025Q1": 50, "2025Q2": 300}, {"2025Q1": 100, "2025Q2": 300}, {"2025Q1": 1, "2025Q2": 1}, {}
    )
    assert pooled_percent(points) == Fraction(35000, 400)
    assert pooled_percent(points[:0]) is None


def test_without_intervals_there_is_no_trend():
    assert trend({}, {}, {"2025Q1": 0}, {}) == ()


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), Quarter(2026, 1)),
        (date(2026, 6, 30), Quarter(2026, 2)),
        (date(2026, 12, 31), Quarter(2026, 4)),
    ],
)
def test_the_quarter_of_a_day(day, quarter):
    assert Quarter.of(day) == Quarter.parsed(f"{quarter.year}Q{quarter.number}") == quarter
    assert quarter < quarter.following


def test_events_are_counted_by_term_and_worst_grade():
    common, rare = event_rows(
        {"Anemia|1|yes": 2, "Anemia|1|no": 1, "Anemia|3|yes": 1, "Rash|none|no": 1, "Fever|2|no": 0}
    )
    assert (common.term, rare.term) == ("Anemia", "Rash")
    assert common.grades[0] == GradeCount(3, 2)
    assert (common.any_grade, common.severe) == (GradeCount(4, 3), GradeCount(1, 1))
    assert (rare.ungraded, rare.any_grade, rare.severe) == (GradeCount(1), GradeCount(1), GradeCount())


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["Anemia", "Rash, other | specify"]), st.integers(1, 5), st.booleans()),
        st.integers(1, 50),
    )
)
def test_no_patient_is_lost_in_the_table(counts):
    keys = {f"{term}|{grade}|{'yes' if related else 'no'}": n for (term, grade, related), n in counts.items()}
    rows = event_rows(keys)
    assert sum(row.any_grade.patients for row in rows) == sum(counts.values())
    assert sum(row.any_grade.related for row in rows) == sum(n for (_, _, r), n in counts.items() if r)


def test_months_are_stacked_and_the_empty_ones_kept():
    counts = {"2025-12|COMPLETED": 3, "2026-02|MISSED": 1, "2026-02|PLANNED": 9, "2024-01|CANCELLED": 2}
    assert visit_months(counts) == (
        MonthOfVisits(date(2025, 12, 1), (3, 0, 0, 0)),
        MonthOfVisits(date(2026, 1, 1), (0, 0, 0, 0)),
        MonthOfVisits(date(2026, 2, 1), (0, 0, 0, 1)),
    )
    assert visit_months({"2026-02|PLANNED": 9}) == ()


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=60))
def test_enrolment_adds_up(days):
    rows = enrolment_months(Counter(f"{day:%Y-%m}" for day in days))
    assert (rows[-1].in_all if rows else 0) == sum(row.enrolled for row in rows) == len(days)
    assert list(rows) == sorted(rows, key=lambda row: row.month)


def test_enrolment_by_month():
    assert enrolment_months({"2026-03": 2, "2025-12": 1}) == (
        EnrolmentMonth(date(2025, 12, 1), 1, 1),
        EnrolmentMonth(date(2026, 3, 1), 2, 3),
    )
