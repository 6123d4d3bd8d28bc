"""How far a patient has come: the latest thing that happened says it."""

from dataclasses import replace
from datetime import date

import pytest

from courses.rules.facts import CourseFacts
from courses.rules.state import PatientState, patient_state
from courses.rules.summary import course_summary
from patients.rules.facts import PatientFacts
from patients.words import PATIENT_STATES
from protocol import load_protocol
from protocol.codes import EligibilityVerdict

T0, ON = date(2025, 1, 6), date(2025, 6, 30)
SCREENED = CourseFacts(PatientFacts("01-001", "A"))
ENROLLED = CourseFacts(PatientFacts("01-001", "A", enrolled_on=T0, first_dose_on=T0))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (SCREENED, "SCREENING"),
        (ENROLLED, "ENROLLED"),
        (replace(ENROLLED, last_dose_on=ON), "OFF_TREATMENT"),
        (replace(ENROLLED, last_dose_on=ON, participation_ended_on=ON), "OFF_STUDY"),
        (replace(ENROLLED, participation_ended_on=ON), "OFF_STUDY"),
        (replace(SCREENED, participation_ended_on=ON, is_screen_failure=True), "SCREEN_FAILURE"),
    ],
)
def test_state_is_the_latest_that_holds(facts, state):
    assert patient_state(facts, course_summary(facts, load_protocol(), ON)) == state


def test_eligible_waits_for_enrolment():
    course = course_summary(SCREENED, load_protocol(), ON)
    eligible = replace(course, eligibility=replace(course.eligibility, verdict=EligibilityVerdict.ELIGIBLE))
    assert patient_state(SCREENED, eligible) == "ELIGIBLE"


def test_every_state_has_its_words():
    assert set(PatientState) == set(PATIENT_STATES)
