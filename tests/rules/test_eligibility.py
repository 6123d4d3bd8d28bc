"""Eligibility: the clinical vectors, blank facts, and the lists that follow."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.eligibility import assess
from patients.rules.facts import PatientFacts, PriorOrder, ScreeningFacts, TumourFacts
from patients.rules.modified_nih import modified_nih
from protocol import load_protocol
from protocol.codes import EligibilityVerdict, RiskClass, Verdict

PROTOCOL = load_protocol()
MET, NOT_MET, BOUNDARY, UNKNOWN = (
    Verdict.MET,
    Verdict.NOT_MET,
    Verdict.BOUNDARY_NOT_MET,
    Verdict.UNKNOWN,
)
ELIGIBLE = PatientFacts(
    subject_id="01-001",
    entry_path="A",
    sex="F",
    birth_date=date(1970, 1, 1),
    consent_on=date(2025, 1, 20),
    enrolled_on=date(2025, 1, 27),
    first_dose_on=date(2025, 2, 3),
    tumour=TumourFacts(date(2025, 1, 6), "R0", "GASTRIC", D("10.1"), D(11), (), None),
    screening=ScreeningFacts(
        histology_confirmed=True,
        cd117=True,
        ecog=1,
        anc=D("1.51"),
        platelets=D(101),
        haemoglobin=D("8.1"),
        bilirubin=D("1.0"),
        bilirubin_uln=D("1.2"),
        ast=D(30),
        ast_uln=D(40),
        alt=D(30),
        alt_uln=D(40),
        creatinine=D("0.8"),
        creatinine_uln=D("1.2"),
        childbearing_potential=False,
        contraception_agreed=True,
        cardiovascular_event=False,
        nyha_iii_iv=False,
        uncontrolled_infection=False,
        liver_disease=False,
        other_unsuitable_condition=False,
        other_malignancy_active=False,
        substance_abuse=False,
    ),
)


def patient(**changes):
    """The eligible patient with some facts changed, wherever they belong."""
    facts = ELIGIBLE
    for name, value in changes.items():
        if name in PatientFacts.__dataclass_fields__:
            facts = replace(facts, **{name: value})
        elif name in TumourFacts.__dataclass_fields__:
            facts = replace(facts, tumour=replace(facts.tumour, **{name: value}))
        else:
            facts = replace(facts, screening=replace(facts.screening, **{name: value}))
    return facts


def verdict_of(criterion, **changes):
    assessment = assess(patient(**changes), PROTOCOL)
    return dict(assessment.inclusion + assessment.exclusion)[criterion]


def test_eligible_patient_has_empty_lists():
    assessment = assess(ELIGIBLE, PROTOCOL)
    assert assessment.verdict == EligibilityVerdict.ELIGIBLE
    assert assessment.not_met == assessment.boundary == assessment.unknown == assessment.excluded_by == ()
    assert assessment.modified_nih == RiskClass.HIGH


@pytest.mark.parametrize(
    ("size", "mitoses", "site", "rupture", "expected", "risk"),
    [
        ("10.1", 11, "GASTRIC", (), MET, "HIGH"),
        ("10.0", 11, "GASTRIC", (), BOUNDARY, "HIGH"),
        ("10.1", 10, "GASTRIC", (), BOUNDARY, "HIGH"),
        ("4.0", 2, "GASTRIC", ("R3",), MET, "HIGH"),
        ("12", 8, "GASTRIC", ("N3",), NOT_MET, "HIGH"),
        ("4.0", 7, "SMALL_BOWEL", (), NOT_MET, "HIGH"),
        ("10.0", 8, "GASTRIC", (), NOT_MET, "HIGH"),
        ("10.0", 10, "GASTRIC", (), BOUNDARY, "HIGH"),
        ("10.0000000000000000000000000000001", 11, "GASTRIC", (), MET, "HIGH"),
        ("10.1", None, "GASTRIC", (), UNKNOWN, "HIGH"),
        ("10.0", None, "GASTRIC", (), BOUNDARY, None),
        ("9.0", None, "GASTRIC", (), NOT_MET, None),
        ("10.1", 11, "GASTRIC", None, MET, "HIGH"),
        ("10.0", 11, "GASTRIC", None, UNKNOWN, "HIGH"),
        ("4.0", 2, "GASTRIC", None, UNKNOWN, None),
        (None, None, None, ("N1", "R6"), MET, "HIGH"),
    ],
)
def test_tumour_by_rupture_or_size_and_mitoses(size, mitoses, site, rupture, expected, risk):
    tumour = {
        "tumour_size_cm": D(size) if size else None,
        "mitoses_per_50hpf": D(mitoses) if mitoses else None,
        "tumour_site": site,
        "rupture_codes": rupture,
    }
    assert verdict_of("I4", **tumour) == expected
    assert modified_nih(patient(**tumour).tumour) == risk


@pytest.mark.parametrize(
    ("criterion", "changes", "expected"),
    [
        ("I1", {"birth_date": date(2005, 9, 8), "consent_on": date(2025, 9, 8)}, MET),
        ("I1", {"birth_date": date(2005, 9, 8), "consent_on": date(2025, 9, 7)}, NOT_MET),
        ("I1", {"birth_date": None}, UNKNOWN),
        ("I1", {"consent_on": None}, UNKNOWN),
        ("I2", {"cd117": False, "dog1": True}, MET),
        ("I2", {"cd117": False, "dog1": False, "kit_mutation": False, "pdgfra_mutation": False}, NOT_MET),
        ("I2", {"cd117": False, "dog1": False}, UNKNOWN),
        ("I2", {"cd117": None, "histology_confirmed": False}, NOT_MET),
        ("I2", {"histology_confirmed": None}, UNKNOWN),
        ("I5", {"ecog": 2}, MET),
        ("I5", {"ecog": 3}, NOT_MET),
        ("I5", {"ecog": None}, UNKNOWN),
        ("I6a", {"anc": D("1.50")}, BOUNDARY),
        ("I6a", {"anc": D("1.51")}, MET),
        ("I6a", {"anc": D("1.49")}, NOT_MET),
        ("I6a", {"anc": None}, UNKNOWN),
        ("I6b", {"platelets": D(100)}, BOUNDARY),
        ("I6b", {"platelets": D(101)}, MET),
        ("I6c", {"haemoglobin": D("8.0")}, BOUNDARY),
        ("I6c", {"haemoglobin": D("8.1")}, MET),
        ("I6d", {"bilirubin": D("1.8"), "bilirubin_uln": D("1.2")}, BOUNDARY),
        ("I6d", {"bilirubin": D("1.79"), "bilirubin_uln": D("1.2")}, MET),
        ("I6d", {"bilirubin_uln": None}, UNKNOWN),
        ("I6e", {"alt": D(100)}, BOUNDARY),
        ("I6e", {"alt": D(100), "ast": D(101)}, NOT_MET),
        ("I6e", {"alt": D(99), "ast": None}, UNKNOWN),
        ("I6e", {"alt": D(100), "ast": None}, BOUNDARY),
        ("I6f", {"creatinine": D("1.8")}, BOUNDARY),
        ("I6f", {"creatinine": D("1.81")}, NOT_MET),
        ("I7", {"consent_on": date(2025, 1, 27)}, MET),
        ("I7", {"consent_on": date(2025, 1, 28)}, NOT_MET),
        ("I7", {"enrolled_on": None}, MET),
        ("I7", {"consent_on": None}, UNKNOWN),
        ("I7", {"consent_on": None, "enrolled_on": None}, UNKNOWN),
    ],
)
def test_inclusion(criterion, changes, expected):
    assert verdict_of(criterion, **changes) == expected


@pytest.mark.parametrize(
    ("path", "changes", "expected"),
    [
        ("A", {"first_dose_on": date(2025, 3, 31)}, MET),
        ("A", {"first_dose_on": date(2025, 4, 1)}, NOT_MET),
        ("B", {"first_dose_on": date(2025, 4, 1)}, MET),
        ("A", {"first_dose_on": date(2025, 1, 5)}, NOT_MET),
        ("A", {"first_dose_on": date(2025, 1, 6)}, MET),
        ("A", {"surgery_on": None}, UNKNOWN),
        ("A", {"resection": None}, UNKNOWN),
        ("A", {"resection": "R1", "surgery_on": None}, NOT_MET),
        ("B", {"resection": "R1"}, NOT_MET),
        ("B", {"surgery_on": None}, MET),
        (
            "B",
            {"first_dose_on": date(2025, 4, 1), "tumour_size_cm": D(4), "mitoses_per_50hpf": D(2)},
            NOT_MET,
        ),
        (
            "B",
            {"first_dose_on": date(2025, 4, 1), "tumour_size_cm": D(4), "mitoses_per_50hpf": None},
            UNKNOWN,
        ),
        ("B", {"first_dose_on": date(2025, 2, 1), "tumour_size_cm": D(4), "mitoses_per_50hpf": None}, MET),
    ],
)
def test_resection_by_entry_path(path, changes, expected):
    assert verdict_of("I3", entry_path=path, **changes) == expected


def stricter(**changes):
    return replace(PROTOCOL, eligibility=replace(PROTOCOL.eligibility, **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, MET),
        ({"path_b_require_surgery_limit": True}, NOT_MET),
        ({"path_b_max_prior_months": 2}, NOT_MET),
        ({"path_b_max_prior_months": 3}, MET),
        ({"path_b_max_gap_days": 9}, NOT_MET),
        ({"path_b_max_gap_days": 10}, MET),
    ],
)
def test_limits_a_protocol_may_put_on_patients_already_treated(changes, expected):
    holds = (
        PriorOrder(date(2025, 5, 1), (400,), "START"),
        PriorOrder(date(2025, 5, 11), (0,), "SUPPLY"),
        PriorOrder(date(2025, 5, 15), (0,), "SUPPLY"),
        PriorOrder(date(2025, 5, 21), (400,), "RESUME"),
        PriorOrder(date(2025, 7, 25), (0,), "SUPPLY"),
    )
    facts = patient(
        entry_path="B",
        first_dose_on=date(2025, 5, 1),
        consent_on=date(2025, 8, 1),
        enrolled_on=date(2025, 8, 1),
        prior_orders=holds,
    )
    assert dict(assess(facts, stricter(**changes)).inclusion)["I3"] == expected


def test_prior_treatment_without_dates_is_unknown():
    facts = patient(entry_path="B", consent_on=None, surgery_on=None)
    protocol = stricter(path_b_max_prior_months=36)
    assert dict(assess(facts, protocol).inclusion)["I3"] == UNKNOWN


@pytest.mark.parametrize(
    ("criterion", "changes", "expected"),
    [
        ("E1", {"childbearing_potential": True, "pregnant_or_breastfeeding": True}, NOT_MET),
        ("E1", {"childbearing_potential": True, "pregnant_or_breastfeeding": None}, UNKNOWN),
        ("E1", {"childbearing_potential": None, "pregnant_or_breastfeeding": False}, MET),
        ("E1", {"childbearing_potential": None, "pregnant_or_breastfeeding": True}, UNKNOWN),
        ("E1", {"sex": "M", "childbearing_potential": None, "pregnant_or_breastfeeding": None}, MET),
        ("E2", {"contraception_agreed": None}, MET),
        ("E2", {"sex": "M", "contraception_agreed": False}, NOT_MET),
        ("E2", {"sex": "M", "contraception_agreed": None}, UNKNOWN),
        ("E2", {"sex": None, "contraception_agreed": False}, UNKNOWN),
        ("E2", {"childbearing_potential": True, "contraception_agreed": False}, NOT_MET),
        ("E2", {"childbearing_potential": None, "contraception_agreed": True}, MET),
        ("E3", {"nyha_iii_iv": True, "cardiovascular_event": None}, NOT_MET),
        ("E3", {"cardiovascular_event": None}, UNKNOWN),
        ("E3", {"nyha_iii_iv": None}, UNKNOWN),
        ("E4", {"uncontrolled_infection": True}, NOT_MET),
        ("E5", {"liver_disease": True, "stable_hepatitis_b": True}, MET),
        ("E5", {"liver_disease": True, "stable_hepatitis_b": None}, UNKNOWN),
        ("E5", {"liver_disease": None, "stable_hepatitis_b": True}, MET),
        ("E7", {"other_unsuitable_condition": True}, NOT_MET),
        ("E8", {"hiv": "positive"}, NOT_MET),
        ("E8", {"hiv": "negative"}, MET),
        ("E9", {"other_malignancy_active": None}, UNKNOWN),
        ("E10", {"substance_abuse": True}, NOT_MET),
        ("E11", {"pdgfra_d842v": True}, NOT_MET),
    ],
)
def test_exclusion(criterion, changes, expected):
    assert verdict_of(criterion, **changes) == expected


@pytest.mark.parametrize(
    ("event_on", "enrolled_on", "expected"),
    [
        (date(2025, 2, 28), date(2025, 8, 31), NOT_MET),
        (date(2025, 2, 27), date(2025, 8, 31), MET),
        (date(2025, 2, 27), None, UNKNOWN),
        (None, date(2025, 8, 31), UNKNOWN),
    ],
)
def test_cardiovascular_event_within_six_months(event_on, enrolled_on, expected):
    event = {"cardiovascular_event": True, "cardiovascular_event_on": event_on}
    assert verdict_of("E3", enrolled_on=enrolled_on, **event) == expected


@pytest.mark.parametrize(
    ("pattern_mg", "reason", "expected"),
    [
        ((300,), "TOXICITY", MET),
        ((200,), "TOXICITY", NOT_MET),
        ((200,), "SUPPLY", MET),
        ((400, 0), "TOXICITY", NOT_MET),
        ((400, 300), "TOXICITY", MET),
        ((300, 300, 299), "TOXICITY", NOT_MET),
        ((0,), "TOXICITY", MET),
    ],
)
def test_reduction_under_300_for_toxicity_before_entry(pattern_mg, reason, expected):
    orders = (PriorOrder(date(2025, 1, 26), pattern_mg, reason),)
    assert verdict_of("E6", prior_orders=orders) == expected


@pytest.mark.parametrize(("enrolled_on", "expected"), [(date(2025, 1, 27), MET), (None, NOT_MET)])
def test_reduction_counts_only_before_enrolment(enrolled_on, expected):
    orders = (PriorOrder(date(2025, 1, 27), (200,), "TOXICITY"),)
    assert verdict_of("E6", prior_orders=orders, enrolled_on=enrolled_on) == expected


def test_untested_hiv_and_d842v_do_not_block():
    assessment = assess(patient(hiv=None, pdgfra_d842v=None), PROTOCOL)
    assert assessment.verdict == EligibilityVerdict.ELIGIBLE
    assert dict(assessment.exclusion)["E8"] == dict(assessment.exclusion)["E11"] == UNKNOWN


def test_nothing_known_is_incomplete():
    assessment = assess(PatientFacts("01-002", "A"), PROTOCOL)
    inclusion = ("I1", "I2", "I3", "I4", "I5", "I6a", "I6b", "I6c", "I6d", "I6e", "I6f", "I7")
    assert assessment.unknown == (*inclusion, "E1", "E2", "E3", "E4", "E5", "E7", "E9", "E10")
    assert assessment.verdict == EligibilityVerdict.INCOMPLETE
    assert assessment.modified_nih is None


def test_lists_keep_the_order_of_the_protocol():
    facts = patient(
        substance_abuse=True, uncontrolled_infection=True, ecog=4, anc=D("1.5"), sex=None, cd117=None
    )
    assessment = assess(facts, PROTOCOL)
    assert (assessment.not_met, assessment.boundary) == (("I5",), ("I6a",))
    assert assessment.excluded_by == ("E4", "E10")
    assert assessment.unknown == ("I2",)
    assert assessment.verdict == EligibilityVerdict.NOT_ELIGIBLE


@given(
    st.decimals("0.1", "30", places=1),
    st.integers(0, 40),
    st.sampled_from(["GASTRIC", "SMALL_BOWEL", "COLORECTAL", "OTHER", None]),
    st.sampled_from([None, (), ("R1",), ("N2",), ("N4", "R5")]),
)
def test_tumour_criterion_implies_high_risk(size, mitoses, site, rupture):
    tumour = TumourFacts(None, "R0", site, size, D(mitoses), rupture)
    if dict(assess(patient(tumour=tumour), PROTOCOL).inclusion)["I4"] == MET:
        assert modified_nih(tumour) == RiskClass.HIGH
