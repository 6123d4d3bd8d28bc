"""Days known in part: nothing is filled in, and what is asked of two of them holds for every day they may be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codes import DatePrecision
from protocol.partial_days import PartialDay, first_possible, partial_day

DAY, MONTH, YEAR = DatePrecision
days = st.dates(date(1950, 1, 1), date(2090, 12, 31))
precisions = st.sampled_from(DatePrecision)


@st.composite
def partial_days(draw):
    precision = draw(precisions)
    return PartialDay(first_possible(draw(days), precision), precision)


@pytest.mark.parametrize(
    ("typed", "earliest", "latest", "written"),
    [
        ("2026-03-14", "2026-03-14", "2026-03-14", "2026-03-14"),
        ("2026.03.14", "2026-03-14", "2026-03-14", "2026-03-14"),
        ("20260314", "2026-03-14", "2026-03-14", "2026-03-14"),
        (" 2026-03 ", "2026-03-01", "2026-03-31", "2026-03"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02"),
        ("2026-12", "2026-12-01", "2026-12-31", "2026-12"),
        ("2026", "2026-01-01", "2026-12-31", "2026"),
    ],
)
def test_a_written_day(typed, earliest, latest, written):
    day = partial_day(typed)
    assert (day.earliest.isoformat(), day.latest.isoformat(), str(day)) == (earliest, latest, written)


@pytest.mark.parametrize(
    "typed", ["", "26-03", "2026-13", "2026-02-30", "2026-3-1", "March", "2026-03-14x", "0000"]
)
def test_what_is_no_day(typed):
    with pytest.raises(ValueError):
        partial_day(typed)


@pytest.mark.parametrize(("day", "precision"), [(date(2026, 3, 14), MONTH), (date(2026, 3, 1), YEAR)])
def test_a_part_is_kept_as_its_first_day(day, precision):
    with pytest.raises(ValueError, match="first day"):
        PartialDay(day, precision)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2026-03", "2026-03-31", False),
        ("2026-03", "2026-04-01", True),
        ("2026", "2026-12", False),
        ("2025", "2026-01", True),
        ("2026-03-14", "2026-03-15", True),
        ("2026-03-14", "2026-03-14", False),
    ],
)
def test_one_is_before_another_only_for_certain(one, other, expected):
    assert partial_day(one).is_before(partial_day(other)) is expected


@given(partial_days())
def test_what_is_written_is_read_as_the_same(day):
    assert partial_day(str(day)) == day


@given(partial_days(), partial_days(), st.data())
def test_before_for_certain_is_before_on_every_pair_of_possible_days(one, other, data):
    first = data.draw(st.dates(one.earliest, one.latest))
    second = data.draw(st.dates(other.earliest, other.latest))
    if one.is_before(other):
        assert first < second
    assert one.is_before(other) == (one.latest < other.earliest)


@given(partial_days())
def test_the_day_after_the_latest_is_of_another_part(day):
    after = day.latest + timedelta(days=1)
    assert first_possible(after, day.precision) == after
    assert day.is_known == (day.precision is DAY)
