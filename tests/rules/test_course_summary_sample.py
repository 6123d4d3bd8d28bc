"""The summaries of the sample cohort, field by field."""

import json
from datetime import date
from pathlib import Path

import pytest
from cohort_folder import read_courses

from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from protocol import load_protocol

SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"
COURSES = {course.patient.subject_id: course for course in read_courses(SAMPLE)}
DAYS = [date(2025, 3, 31), date(2026, 11, 22)]


def expected(as_of):
    return json.loads((SAMPLE / f"courses-{as_of}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("subject_id", sorted(COURSES))
def test_summary_equals_the_sample(subject_id, as_of):
    (wanted,) = [course for course in expected(as_of) if course["subject_id"] == subject_id]
    found = as_dict(course_summary(COURSES[subject_id], load_protocol(), as_of))
    assert found == wanted


@pytest.mark.parametrize("as_of", DAYS)
def test_keys_and_numbers_are_written_alike(as_of):
    found = [as_dict(course_summary(COURSES[key], load_protocol(), as_of)) for key in sorted(COURSES)]
    assert json.dumps(found) == json.dumps(expected(as_of))
