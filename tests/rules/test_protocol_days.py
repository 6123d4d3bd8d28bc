"""Months, treatment days, phases and rounding."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from protocol.codes import Phase
from protocol.days import (
    add_months,
    age_on,
    days_between,
    extension_from,
    phase_on,
    planned_end_on,
    round_half_up,
    treatment_day,
)

REGIMEN = load_protocol().regimen
FIRST_DOSES = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("first_dose_on", "extension", "planned_end", "standard_days", "total_days"),
    [
        (date(2022, 9, 7), date(2025, 9, 7), date(2027, 9, 6), 1096, 1826),
        (date(2024, 2, 29), date(2027, 2, 28), date(2029, 2, 27), 1095, 1826),
        (date(2023, 3, 1), date(2026, 3, 1), date(2028, 2, 29), 1096, 1827),
        (date(2025, 5, 1), date(2028, 5, 1), date(2030, 4, 30), 1096, 1826),
    ],
)
def test_course_calendar(first_dose_on, extension, planned_end, standard_days, total_days):
    assert extension_from(first_dose_on, REGIMEN) == extension
    assert planned_end_on(first_dose_on, REGIMEN) == planned_end
    assert (extension - first_dose_on).days == standard_days
    assert days_between(first_dose_on, planned_end) == total_days


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (1, date(2023, 9, 30)),
        (2, date(2023, 10, 31)),
        (6, date(2024, 2, 29)),
        (18, date(2025, 2, 28)),
        (-6, date(2023, 2, 28)),
        (0, date(2023, 8, 31)),
        (-8, date(2022, 12, 31)),
    ],
)
def test_months_are_clipped_and_counted_from_their_origin(months, expected):
    assert add_months(date(2023, 8, 31), months) == expected


def test_contraception_ends_three_months_after_the_last_dose():
    assert add_months(date(2027, 9, 6), 3) == date(2027, 12, 6)
    assert add_months(date(2027, 11, 30), 3) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 9, 6), -1),
        (date(2022, 9, 7), 1),
        (date(2025, 9, 6), 1096),
        (date(2025, 9, 7), 1097),
        (date(2027, 9, 6), 1826),
    ],
)
def test_treatment_day_has_no_day_zero(day, expected):
    assert treatment_day(date(2022, 9, 7), day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 9, 6), Phase.PRE),
        (date(2022, 9, 7), Phase.STANDARD),
        (date(2025, 9, 6), Phase.STANDARD),
        (date(2025, 9, 7), Phase.EXTENSION),
        (date(2027, 9, 6), Phase.EXTENSION),
        (date(2027, 9, 7), Phase.POST),
    ],
)
def test_phase_by_the_calendar(day, expected):
    assert phase_on(date(2022, 9, 7), day, REGIMEN) == expected


def test_phase_is_pre_without_a_first_dose():
    assert phase_on(None, date(2025, 1, 1), REGIMEN) == Phase.PRE


def test_phase_of_a_dose_after_midnight_is_that_of_the_clinic_day():
    taken_at = datetime(2025, 9, 6, 15, 30, tzinfo=ZoneInfo("UTC"))
    clinic_day = taken_at.astimezone(ZoneInfo("Asia/Seoul")).date()
    assert phase_on(date(2022, 9, 7), clinic_day, REGIMEN) == Phase.EXTENSION


@pytest.mark.parametrize(
    ("from_on", "until", "expected"),
    [
        (date(2025, 1, 1), date(2025, 1, 1), 1),
        (date(2024, 2, 20), date(2024, 3, 5), 15),
        (date(2025, 1, 2), date(2025, 1, 1), 0),
        (date(2025, 1, 9), date(2025, 1, 1), 0),
    ],
)
def test_days_between_counts_both_ends(from_on, until, expected):
    assert days_between(from_on, until) == expected


@pytest.mark.parametrize(
    ("birth_date", "day", "expected"),
    [
        (date(2005, 9, 8), date(2025, 9, 8), 20),
        (date(2005, 9, 8), date(2025, 9, 7), 19),
        (date(2004, 2, 29), date(2023, 2, 28), 19),
        (date(2004, 2, 29), date(2023, 2, 27), 18),
    ],
)
def test_age_counts_the_birthday(birth_date, day, expected):
    assert age_on(birth_date, day) == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Decimal("99.994999"), 2, "99.99"),
        (Decimal("2.675"), 2, "2.68"),
        (400, 1, "400.0"),
        (Fraction(2, 3), 0, "1"),
        (Fraction(0), 2, "0.00"),
    ],
)
def test_round_half_up_is_exact(value, digits, expected):
    assert str(round_half_up(value, digits)) == expected


@given(FIRST_DOSES)
def test_length_of_the_course_hardly_varies(first_dose_on):
    extension = extension_from(first_dose_on, REGIMEN)
    assert (extension - first_dose_on).days in {1095, 1096}
    assert days_between(first_dose_on, planned_end_on(first_dose_on, REGIMEN)) in {1826, 1827}


@given(FIRST_DOSES)
def test_every_day_has_one_phase_in_order(first_dose_on):
    days = [first_dose_on + timedelta(days=offset) for offset in range(-2, 1830)]
    phases = [phase_on(first_dose_on, day, REGIMEN) for day in days[:: len(days) // 40]]
    order = list(Phase)
    assert phases == sorted(phases, key=order.index)


@given(FIRST_DOSES)
def test_phase_changes_exactly_at_its_boundaries(first_dose_on):
    extension, end = extension_from(first_dose_on, REGIMEN), planned_end_on(first_dose_on, REGIMEN)
    boundaries = (first_dose_on, extension, end + timedelta(days=1))
    for boundary, phase in zip(boundaries, (Phase.STANDARD, Phase.EXTENSION, Phase.POST), strict=True):
        assert phase_on(first_dose_on, boundary, REGIMEN) == phase
        assert phase_on(first_dose_on, boundary - timedelta(days=1), REGIMEN) != phase


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(0, 240))
def test_months_keep_the_day_or_clip_it_to_the_last(day, months):
    result = add_months(day, months)
    next_day = result + timedelta(days=1)
    assert result.day == day.day or (result.day < day.day and next_day.day == 1)
    assert (result.year - day.year) * 12 + result.month - day.month == months


@given(st.fractions(), st.integers(0, 4))
def test_rounding_moves_a_value_by_half_a_digit_at_most(value, digits):
    assert abs(Fraction(round_half_up(value, digits)) - value) * 10**digits <= Fraction(1, 2)
