"""How far a patient has come in the study, as the list of patients says it."""

from enum import StrEnum

from courses.rules.facts import CourseFacts
from courses.rules.summary import CourseSummary
from protocol.codes import EligibilityVerdict


class PatientState(StrEnum):
    SCREENING = "SCREENING"
    ELIGIBLE = "ELIGIBLE"
    ENROLLED = "ENROLLED"
    OFF_TREATMENT = "OFF_TREATMENT"
    OFF_STUDY = "OFF_STUDY"
    SCREEN_FAILURE = "SCREEN_FAILURE"


def patient_state(known: CourseFacts, course: CourseSummary) -> PatientState:
    """On the day of the course; a later state stands above an earlier one."""
    if known.participation_ended_on is not None:
        return PatientState.SCREEN_FAILURE if known.is_screen_failure else PatientState.OFF_STUDY
    if known.last_dose_on is not None:
        return PatientState.OFF_TREATMENT
    if course.is_enrolled:
        return PatientState.ENROLLED
    is_eligible = course.eligibility.verdict is EligibilityVerdict.ELIGIBLE
    return PatientState.ELIGIBLE if is_eligible else PatientState.SCREENING
