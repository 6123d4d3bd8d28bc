"""The worked examples of eligibility, typed into the page of enrolment as a nurse would."""

from datetime import date

import pytest

from patients.services import NotEligible, enrol_patient
from tests.factories import (
    ConsentFactory,
    DoseOrderFactory,
    PatientFactory,
    ScreeningFactory,
    TumourFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TODAY = date(2025, 7, 7)


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def candidate(site_01):
    patient = PatientFactory(site=site_01, subject_id="01-700", first_dose_on=date(2025, 1, 6))
    for factory in (TumourFactory, ConsentFactory, ScreeningFactory):
        factory(patient=patient)
    return patient


def verdicts(nurse, patient, **typed):
    """The criteria as the page shows them for what is typed, without saving it."""
    page = nurse.send(f"/patients/{patient.uuid}/enrol/", "check", **typed)
    return {line.criterion: line.verdict for line in page.context["eligibility"].lines}


def size(cm, mitoses, **more):
    return {"tumour__tumour_size_cm": cm, "tumour__mitoses_per_50hpf": mitoses, **more}


@pytest.mark.parametrize(
    ("typed", "criterion", "verdict"),
    [
        (size("10.1", "11"), "I4", "MET"),
        (size("10.0", "11"), "I4", "BOUNDARY_NOT_MET"),
        (size("10.1", "10"), "I4", "BOUNDARY_NOT_MET"),
        (size("4.0", "2", tumour__rupture_codes=["R3"]), "I4", "MET"),
        (size("12", "8", tumour__rupture_codes=["N3"]), "I4", "NOT_MET"),
        (size("4.0", "7", tumour__tumour_site="SMALL_BOWEL"), "I4", "NOT_MET"),
        ({"screening__anc": "1.50"}, "I6a", "BOUNDARY_NOT_MET"),
        ({"screening__anc": "1.51"}, "I6a", "MET"),
        ({"screening__anc": "1500", "screening__anc_unit": "/mm³"}, "I6a", "BOUNDARY_NOT_MET"),
        ({"screening__platelets": "100"}, "I6b", "BOUNDARY_NOT_MET"),
        ({"screening__platelets": "101"}, "I6b", "MET"),
        ({"screening__haemoglobin": "8.0"}, "I6c", "BOUNDARY_NOT_MET"),
        ({"screening__haemoglobin": "81", "screening__haemoglobin_unit": "g/L"}, "I6c", "MET"),
        ({"screening__alt": "100", "screening__alt_uln": "40"}, "I6e", "BOUNDARY_NOT_MET"),
        ({"tumour__surgery_on": "2024-10-14"}, "I3", "MET"),
        ({"tumour__surgery_on": "2024-10-13"}, "I3", "NOT_MET"),
        ({"tumour__surgery_on": "2024-10-13", "patient__entry_path": "B"}, "I3", "MET"),
        ({"patient__birth_date": "2004-12-20"}, "I1", "MET"),
        ({"patient__birth_date": "2004-12-21"}, "I1", "NOT_MET"),
        (
            {"screening__cardiovascular_event": "true", "screening__cardiovascular_event_on": "2025-01-07"},
            "E3",
            "NOT_MET",
        ),
        (
            {"screening__cardiovascular_event": "true", "screening__cardiovascular_event_on": "2025-01-06"},
            "E3",
            "MET",
        ),
        ({"screening__hiv": ""}, "E8", "UNKNOWN"),
        ({"tumour__pdgfra_d842v": "unknown"}, "E11", "UNKNOWN"),
        ({"tumour__pdgfra_d842v": "true"}, "E11", "NOT_MET"),
        ({"screening__cd117": "false", "screening__dog1": "true"}, "I2", "MET"),
    ],
)
def test_a_criterion_is_decided_as_in_the_worked_example(nurse, candidate, typed, criterion, verdict):
    assert verdicts(nurse, candidate, **typed)[criterion] == verdict


@pytest.mark.parametrize(
    ("pattern_mg", "reason", "verdict"),
    [
        ([300], "TOXICITY", "MET"),
        ([200], "TOXICITY", "NOT_MET"),
        ([200], "SUPPLY", "MET"),
        ([400, 0], "TOXICITY", "NOT_MET"),
        ([400, 300], "TOXICITY", "MET"),
        ([0], "TOXICITY", "MET"),
    ],
)
def test_only_a_reduction_for_toxicity_under_the_minimum_excludes(
    nurse, candidate, pattern_mg, reason, verdict
):
    DoseOrderFactory(patient=candidate, from_on=date(2025, 3, 1), pattern_mg=pattern_mg, reason=reason)
    assert verdicts(nurse, candidate)["E6"] == verdict


@pytest.mark.parametrize(
    ("tumour", "screening"),
    [
        ({"tumour_size_cm": 10, "mitoses_per_50hpf": 11}, {}),
        ({}, {"platelets": 100}),
        ({"resection": "R1"}, {}),
        ({"pdgfra_d842v": True}, {}),
        ({"surgery_on": None}, {}),
    ],
)
def test_nobody_is_enrolled_round_a_criterion(site_01, nurse_a, tumour, screening):
    patient = PatientFactory(site=site_01, first_dose_on=date(2025, 1, 6))
    ConsentFactory(patient=patient)
    TumourFactory(patient=patient, **tumour)
    ScreeningFactory(patient=patient, **screening)
    with pytest.raises(NotEligible):
        enrol_patient(by=nurse_a, patient=patient, enrolled_on=TODAY)
    assert not patient.eligibility_records.exists()
