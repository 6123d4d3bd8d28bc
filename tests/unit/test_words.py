"""Codes in words, marks of statuses, bands, and the list of what is wrong with forms."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from clinic.selectors.trail_words import value_words
from patients.presenters import adherence_band, dose_words, ended_words, phase_words
from patients.templatetags.errors import errors_of
from patients.templatetags.statuses import FLAGS, VISITS, flag_mark, status_mark
from patients.words import plain, word_of
from protocol import codes, load_protocol

CODE_LISTS = (
    codes.Phase,
    codes.DoseReason,
    codes.SupplySource,
    codes.LabTest,
    codes.SeriousCriterion,
    codes.Causality,
    codes.EventOutcome,
    codes.ActionTaken,
    codes.OutcomeKind,
    codes.Verdict,
    codes.EligibilityVerdict,
    codes.RiskClass,
    codes.DispositionReason,
    codes.RfsStatus,
    codes.Sex,
    codes.HivStatus,
    codes.Language,
    codes.DispositionRecord,
)
SAME_IN_WORDS = {"AST", "ALT"}


@pytest.mark.parametrize("code", [code for code_list in CODE_LISTS for code in code_list])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_code_has_words(code, language):
    with translation.override(language):
        assert (word_of(code) != code.value) == (code.value not in SAME_IN_WORDS)


def test_code_of_no_list_stays_itself():
    assert word_of("01-001") == "01-001"


@pytest.mark.parametrize("status", list(codes.VisitStatus))
def test_every_status_has_a_word_and_a_shape(status):
    assert status_mark(status) == VISITS[status]
    assert VISITS[status].shape in "●◐○◇✕–"


@pytest.mark.parametrize("code", list(codes.FlagCode))
def test_every_flag_has_a_word(code):
    assert flag_mark(code) == FLAGS[code]


def test_unknown_marks_are_shown_as_they_are():
    assert (status_mark("X").word, flag_mark("Y").word) == ("X", "Y")


@pytest.mark.parametrize(
    ("percent", "css_class"),
    [
        (None, ""),
        ("79.99", "band-alarm"),
        ("80", "band-caution"),
        ("89.99", "band-caution"),
        ("90", ""),
        ("119.99", ""),
        ("120", "band-caution"),
    ],
)
def test_band_follows_the_protocol(percent, css_class):
    value = None if percent is None else Decimal(percent)
    assert adherence_band(value, load_protocol().adherence).css_class == css_class


@pytest.mark.parametrize(
    ("pattern", "words"),
    [([400], "400 mg"), ([400, 0], "400/0 mg"), ([0], "On hold"), ([], "–"), (None, "–")],
)
def test_dose_in_words(pattern, words):
    with translation.override("en"):
        assert dose_words(pattern) == words


def test_phase_and_day_in_words():
    with translation.override("en"):
        assert phase_words("EXTENSION", 1538, 1826) == "IP extension · day 1,538 of 1,826"
        assert phase_words("PRE", None, None) == "Before treatment"


@pytest.mark.parametrize(
    ("ended_on", "words"),
    [
        (date(2026, 4, 28), "Standard treatment · ended on day 761"),
        (date(2027, 6, 30), "IP extension · ended on day 1,189"),
    ],
)
def test_a_treatment_that_ended_is_said_to_have_ended_where_it_stood(ended_on, words):
    with translation.override("en"):
        assert ended_words(date(2024, 3, 29), ended_on, load_protocol().regimen) == words


@pytest.mark.parametrize(("stored", "shown"), [("1.500000", "1.5"), ("100.0000", "100"), ("0E-12", "0")])
def test_measured_numbers_lose_the_zeros_of_storage(stored, shown):
    assert str(plain(Decimal(stored))) == shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ("", "–"),
        (True, "yes"),
        (False, "no"),
        (Decimal("1.500"), "1.5"),
        (date(2025, 3, 1), "1 Mar 2025"),
        (time(10, 30), "10:30"),
        (datetime(2025, 3, 1, 1, 0, tzinfo=UTC), "1 Mar 2025, 10:00"),
        ([], "–"),
        (["R1", "R3"], "R1, R3"),
        (7, "7"),
        ("TOXICITY", "Toxicity"),
    ],
)
def test_values_of_the_trail_in_words(value, words):
    with translation.override("en"):
        assert value_words(value) == words


class Form(forms.Form):
    dose = forms.IntegerField(label="Dose", max_value=400)

    def clean(self):
        raise forms.ValidationError("Both together are impossible.")


def test_faults_name_their_field_and_lead_to_it():
    faults = errors_of(Form({"dose": "500"}))
    assert (faults[0].field_id, faults[0].label) == ("id_dose", "Dose")
    assert faults[1].message == "Both together are impossible."


def test_faults_of_formsets_and_lists_are_gathered():
    formset = forms.formset_factory(Form, max_num=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-dose": "500", "form-1-dose": "1"}
    )
    assert len(errors_of([formset, Form({"dose": "x"})], None, "")) == 5
