"""What is not the same in two summaries of one course."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from courses.rules.changes import AdherenceBand, CourseChange, What, adherence_band, course_changes
from courses.rules.facts import CourseFacts
from courses.rules.summary import course_summary
from courses.rules.visits import next_visit
from dosing.rules.flags import DoseFlag
from dosing.rules.orders import DoseOrderFacts
from patients.rules.facts import PatientFacts
from protocol import load_protocol
from protocol.codes import FlagCode

PROTOCOL = load_protocol()
TODAY = date(2024, 9, 1)
T0 = date(2024, 1, 1)
FACTS = CourseFacts(
    PatientFacts(subject_id="01-001", entry_path="A", first_dose_on=T0, enrolled_on=T0),
    orders=(DoseOrderFacts(T0, (400,), T0, "START"),),
)
SUMMARY = course_summary(FACTS, PROTOCOL, TODAY)
BANDS = (PROTOCOL.adherence, PROTOCOL.adherence)


def under(**regimen):
    return course_summary(FACTS, replace(PROTOCOL, regimen=replace(PROTOCOL.regimen, **regimen)), TODAY)


def test_the_same_course_does_not_differ():
    assert course_changes(SUMMARY, SUMMARY, BANDS) == ()


def test_a_longer_treatment_moves_its_end():
    found = course_changes(SUMMARY, under(total_months=72), BANDS)
    assert found == (CourseChange(What.PLANNED_END_ON, date(2028, 12, 31), date(2029, 12, 31)),)


def test_a_shorter_first_part_changes_the_phase():
    changes = course_changes(SUMMARY, under(standard_months=6), BANDS)
    assert [(change.what, change.before, change.after) for change in changes] == [
        (What.EXTENSION_FROM, date(2027, 1, 1), date(2024, 7, 1)),
        (What.PHASE, "STANDARD", "EXTENSION"),
    ]


def test_another_next_visit_is_said_with_its_day():
    coming = next_visit(SUMMARY.visits)
    later = replace(SUMMARY, next_visit=replace(coming, target_on=date(2024, 10, 8)))
    (change,) = course_changes(SUMMARY, later, BANDS)
    assert (change.what, change.before, change.after) == (
        What.NEXT_VISIT,
        ("M9", date(2024, 10, 1)),
        ("M9", date(2024, 10, 8)),
    )
    (gone,) = course_changes(SUMMARY, replace(SUMMARY, next_visit=None), BANDS)
    assert gone.after is None


def test_flags_come_and_go():
    flag = DoseFlag(FlagCode.HOLD_OVER_28_DAYS, date(2024, 3, 1), date(2024, 4, 5))
    flagged = replace(SUMMARY, flags=(flag,))
    assert course_changes(SUMMARY, flagged, BANDS) == (
        CourseChange(What.FLAG_RAISED, None, (flag.code, flag.from_on)),
    )
    assert course_changes(flagged, SUMMARY, BANDS) == (
        CourseChange(What.FLAG_GONE, (flag.code, flag.from_on), None),
    )


def test_the_same_percentage_may_mean_something_else():
    taken = replace(SUMMARY, adherence=replace(SUMMARY.adherence, pill_count_percent=Fraction(93)))
    stricter = replace(PROTOCOL.adherence, good_percent=95)
    (change,) = course_changes(taken, taken, (PROTOCOL.adherence, stricter))
    assert (change.what, change.before, change.after) == (What.PILL_COUNT, "GOOD", "FAIR")


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        (None, None),
        (Fraction(799, 10), AdherenceBand.LOW),
        (Fraction(80), AdherenceBand.FAIR),
        (Fraction(90), AdherenceBand.GOOD),
        (Fraction(120), AdherenceBand.OVERUSE),
    ],
)
def test_bands(percent, band):
    assert adherence_band(percent, PROTOCOL.adherence) == band
