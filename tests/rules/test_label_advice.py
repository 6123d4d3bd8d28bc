"""Label advice from laboratory values, and the dose-modification table."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adverse_events.rules.lab_grades import GRADED_UNITS, LabValue
from dosing.rules.advice import AdviceAction, label_advice, modification_action
from protocol import load_protocol
from protocol.codes import LabTest

PROTOCOL = load_protocol()
RULES = {rule.code: rule for rule in PROTOCOL.label_rules}
HAEM, HEPATIC = RULES["HAEMATOLOGICAL"], RULES["HEPATIC"]
ULN = {LabTest.BILI: "1.2", LabTest.AST: "40", LabTest.ALT: "40"}


def labs(**values):
    """Results in the graded unit; of liver tests as a multiple of the upper limit."""
    found = {}
    for name, value in values.items():
        test = LabTest(name)
        uln = Decimal(ULN.get(test, 1))
        found[test] = LabValue(test, Decimal(value) * uln, GRADED_UNITS[test], uln=uln)
    return found


def advice(rule, results, on_hold=False, occurrence=1):
    return label_advice(rule, results, on_hold=on_hold, occurrence=occurrence)


@pytest.mark.parametrize(
    ("rule", "results", "action"),
    [
        (HAEM, {"ANC": "0.99"}, "HOLD"),
        (HAEM, {"ANC": "1.00"}, "NONE"),
        (HAEM, {"PLT": "49"}, "HOLD"),
        (HAEM, {"PLT": "50"}, "NONE"),
        (HAEM, {"ANC": "3.0", "PLT": "49"}, "HOLD"),
        (HAEM, {}, "NONE"),
        (HEPATIC, {"ALT": "5.00"}, "NONE"),
        (HEPATIC, {"ALT": "5.01"}, "HOLD"),
        (HEPATIC, {"AST": "5.01"}, "HOLD"),
        (HEPATIC, {"BILI": "3.00"}, "NONE"),
        (HEPATIC, {"BILI": "3.01"}, "HOLD"),
    ],
)
def test_any_trigger_holds_and_its_limit_itself_does_not(rule, results, action):
    assert advice(rule, labs(**results)).action == action


@pytest.mark.parametrize(
    ("rule", "results", "action"),
    [
        (HAEM, {"ANC": "1.50", "PLT": "75"}, "RESUME"),
        (HAEM, {"ANC": "1.49", "PLT": "80"}, "NOT_YET"),
        (HAEM, {"ANC": "2.0", "PLT": "74"}, "NOT_YET"),
        (HAEM, {"ANC": "2.0"}, "NOT_YET"),
        (HAEM, {}, "NOT_YET"),
        (HEPATIC, {"ALT": "2.49", "AST": "1", "BILI": "1"}, "RESUME"),
        (HEPATIC, {"ALT": "2.50", "AST": "1", "BILI": "1"}, "NOT_YET"),
        (HEPATIC, {"ALT": "1", "AST": "1", "BILI": "1.49"}, "RESUME"),
        (HEPATIC, {"ALT": "1", "AST": "1", "BILI": "1.50"}, "NOT_YET"),
        (HEPATIC, {"ALT": "1", "BILI": "1"}, "NOT_YET"),
    ],
)
def test_all_conditions_release_a_hold_and_a_missing_value_does_not(rule, results, action):
    assert advice(rule, labs(**results), on_hold=True).action == action


@pytest.mark.parametrize(
    ("rule", "occurrence", "action", "dose_mg"),
    [
        (HAEM, 1, "RESUME", 400),
        (HAEM, 2, "RESUME", 300),
        (HAEM, 3, "DISCONTINUE", None),
        (HAEM, 4, "DISCONTINUE", None),
        (HEPATIC, 1, "RESUME", 300),
        (HEPATIC, 2, "DISCONTINUE", None),
    ],
)
def test_the_dose_to_resume_depends_on_the_occurrence(rule, occurrence, action, dose_mg):
    well = labs(ANC="3", PLT="200", ALT="1", AST="1", BILI="1")
    found = advice(rule, well, on_hold=True, occurrence=occurrence)
    assert (found.action, found.resume_dose_mg) == (action, dose_mg)


def test_the_last_occurrence_discontinues_at_once():
    assert advice(HAEM, labs(ANC="0.5"), occurrence=3).action == AdviceAction.DISCONTINUE
    assert advice(HAEM, labs(ANC="1.0"), occurrence=3).action == AdviceAction.NONE


@pytest.mark.parametrize(("rule", "name"), [(HAEM, "ANC"), (HAEM, "PLT")])
def test_a_result_in_another_unit_neither_holds_nor_releases(rule, name):
    test = LabTest(name)
    other = {**labs(ANC="3", PLT="200"), test: LabValue(test, Decimal("0.1"), "/mm3")}
    assert advice(rule, other).action == AdviceAction.NONE
    assert advice(rule, other, on_hold=True).action == AdviceAction.NOT_YET


def test_a_liver_test_is_measured_by_its_own_upper_limit_in_any_unit():
    alt = labs(ALT="5.01")[LabTest.ALT]
    assert advice(HEPATIC, {LabTest.ALT: replace(alt, unit="μkat/L")}).action == AdviceAction.HOLD
    assert advice(HEPATIC, {LabTest.ALT: replace(alt, uln=None)}).action == AdviceAction.NONE


def findings(found):
    return [str(finding.sentence) for finding in found.findings]


def test_a_hold_says_which_limits_were_crossed():
    assert findings(advice(HAEM, labs(ANC="0.990", PLT="49"))) == ["ANC 0.99 < 1", "PLT 49 < 50"]
    assert findings(advice(HEPATIC, labs(ALT="6"))) == ["ALT 240 > 5 × ULN (40)"]


def test_not_yet_says_what_is_still_missing():
    assert findings(advice(HAEM, labs(ANC="1.2"), on_hold=True)) == [
        "ANC 1.2, must be ≥ 1.5",
        "PLT has no usable result, must be ≥ 75",
    ]
    assert findings(advice(HEPATIC, labs(AST="1", ALT="3"), on_hold=True)) == [
        "BILI has no usable result, must be < 1.5 × ULN",
        "ALT 120, must be < 2.5 × ULN (40)",
    ]


@pytest.mark.parametrize(
    ("results", "on_hold", "occurrence", "sentence"),
    [
        ({"ANC": "0.5"}, False, 1, "The label advises to hold imatinib."),
        ({"ANC": "2", "PLT": "80"}, True, 2, "Imatinib may be resumed at 300 mg a day."),
        ({"ANC": "0.5"}, False, 3, "Occurrence 3: the protocol advises to discontinue imatinib."),
        ({}, True, 1, "Not yet to be resumed."),
        ({}, False, 1, "No advice."),
    ],
)
def test_the_advice_is_a_sentence_with_its_source(results, on_hold, occurrence, sentence):
    found = advice(HAEM, labs(**results), on_hold, occurrence)
    assert str(found.sentence) == sentence
    assert "SmPC" in found.source


@pytest.mark.parametrize(
    ("event", "occurrence", "action"),
    [
        ("TOLERABLE", 3, "CONTINUE"),
        ("INTOLERABLE_GRADE_2", 1, "HOLD_RESUME_SAME"),
        ("INTOLERABLE_GRADE_2", 2, "HOLD_RESUME_REDUCED"),
        ("INTOLERABLE_GRADE_2", 3, "DISCONTINUE"),
        ("GRADE_3_NON_HAEMATOLOGICAL", 1, "HOLD_RESUME_REDUCED"),
        ("GRADE_3_NON_HAEMATOLOGICAL", 2, "DISCONTINUE"),
        ("GRADE_3_NON_HAEMATOLOGICAL", 9, "DISCONTINUE"),
        ("GRADE_4_NON_HAEMATOLOGICAL", 1, "HOLD_PI_DECISION"),
        ("HAEMATOLOGICAL", 1, "HOLD_RESUME_SAME"),
        ("HEPATIC", 2, "DISCONTINUE"),
    ],
)
def test_modification_table(event, occurrence, action):
    assert modification_action(PROTOCOL.modifications, event, occurrence) == action


def test_an_event_without_a_row_is_an_error():
    with pytest.raises(KeyError):
        modification_action(PROTOCOL.modifications, "HICCUPS", 1)


@pytest.mark.parametrize(
    ("results", "on_hold", "occurrence", "is_alarm"),
    [
        ({"ANC": "0.8"}, False, 1, True),
        ({"ANC": "1.4", "PLT": "80"}, True, 1, False),
        ({"ANC": "1.5", "PLT": "75"}, True, 1, False),
        ({"ANC": "1.5", "PLT": "75"}, True, 3, True),
    ],
)
def test_advice_to_stop_is_an_alarm_and_leave_to_resume_is_none(results, on_hold, occurrence, is_alarm):
    assert advice(HAEM, labs(**results), on_hold, occurrence).is_alarm is is_alarm
