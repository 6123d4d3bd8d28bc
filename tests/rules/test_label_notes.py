"""Notes of the label beside the dose, and creatinine clearance."""

from decimal import Decimal
from fractions import Fraction

import pytest

from dosing.rules.notes import NoteFacts, creatinine_clearance, notes_for
from protocol import load_protocol
from protocol.days import round_half_up

NOTES = load_protocol().label_notes
ALWAYS = {"CYP3A4_INDUCERS", "CYP3A4_INHIBITORS", "WARFARIN"}


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        (NoteFacts(), set()),
        (NoteFacts(has_hepatitis_b=True), {"HEPATITIS_B"}),
        (NoteFacts(has_childbearing_potential=True), {"CHILDBEARING"}),
        (NoteFacts(clearance_ml_min=Fraction(60)), set()),
        (NoteFacts(clearance_ml_min=Fraction(5999, 100)), {"CLEARANCE_40_59"}),
        (NoteFacts(clearance_ml_min=Fraction(40)), {"CLEARANCE_40_59"}),
        (NoteFacts(clearance_ml_min=Fraction(3999, 100)), {"CLEARANCE_20_39"}),
        (NoteFacts(clearance_ml_min=Fraction(1999, 100)), {"CLEARANCE_UNDER_20"}),
    ],
)
def test_a_note_is_shown_to_those_whom_it_concerns(facts, more):
    assert {note.code for note in notes_for(NOTES, facts)} == ALWAYS | more


def test_every_note_says_something_in_both_languages_and_names_its_source():
    assert all(note.text_en and not note.text_ko.isascii() and note.source for note in NOTES)


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "sex", "expected"),
    [(60, "72", "1.0", "M", "80.00"), (60, "72", "1.0", "F", "68.00"), (70, "60", "1.5", "M", "38.89")],
)
def test_creatinine_clearance_by_cockcroft_and_gault(age, weight, creatinine, sex, expected):
    found = creatinine_clearance(age, Decimal(weight), Decimal(creatinine), sex)
    assert round_half_up(found, 2) == Decimal(expected)


def test_there_is_no_clearance_of_a_creatinine_of_nothing():
    assert creatinine_clearance(60, Decimal(70), Decimal(0), "M") is None
