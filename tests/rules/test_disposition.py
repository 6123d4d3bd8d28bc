"""How a course ends."""

from datetime import date

import pytest

from patients.rules.disposition import ended_early, outlasts_study
from protocol import load_protocol

PROTOCOL = load_protocol()
T0 = date(2022, 9, 7)


@pytest.mark.parametrize(
    ("treatment_ended_on", "expected"),
    [(None, False), (date(2027, 8, 30), False), (date(2027, 8, 29), True), (date(2027, 9, 20), False)],
)
def test_end_within_the_tolerance_is_not_early(treatment_ended_on, expected):
    assert ended_early(T0, treatment_ended_on, PROTOCOL.regimen) is expected
    assert not ended_early(None, treatment_ended_on, PROTOCOL.regimen)


@pytest.mark.parametrize(("first_dose_on", "expected"), [(date(2025, 5, 1), False), (date(2025, 5, 2), True)])
def test_course_may_outlast_the_study(first_dose_on, expected):
    assert outlasts_study(first_dose_on, PROTOCOL) is expected
