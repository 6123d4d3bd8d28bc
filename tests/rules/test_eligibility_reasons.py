"""Why a criterion is met or not, in sentences that give the value, the limit and what is asked."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.kept import as_json, facts_from_json
from patients.rules.criteria import report
from patients.rules.facts import PatientFacts, PriorOrder
from patients.rules.units import in_criterion_unit
from protocol import load_protocol
from protocol.codes import Verdict
from tests.rules.test_eligibility import ELIGIBLE, patient

PROTOCOL = load_protocol()
MI = date(2024, 6, 1)


def lines(**changes):
    found = report(patient(**changes), PROTOCOL)
    return {line.criterion: line for line in (*found.inclusion, *found.exclusion)}


def why(criterion, **changes):
    return " ".join(str(sentence) for sentence in lines(**changes)[criterion].why)


@pytest.mark.parametrize(
    ("criterion", "changes", "sentence"),
    [
        ("I1", {"birth_date": date(2005, 1, 21)}, "19 years old on the day of consent: too young"),
        ("I1", {"birth_date": date(2005, 1, 20)}, "20 years old on the day of consent; at least 20"),
        ("I1", {"consent_on": None}, "consent_on: not known yet."),
        ("I2", {"cd117": False, "dog1": True}, "dog1: yes."),
        ("I3", {"resection": "R1"}, "Resection R1: R0 is asked."),
        ("I3", {"first_dose_on": date(2025, 4, 1)}, "85 days from surgery to the first dose: more than 84."),
        ("I3", {"first_dose_on": date(2025, 3, 31)}, "84 days from surgery to the first dose: within 84."),
        ("I3", {"first_dose_on": date(2025, 1, 1)}, "The first dose lies before the surgery."),
        ("I3", {"first_dose_on": None}, "planned_start_on: not known yet."),
        ("I3", {"surgery_on": None}, "surgery_on: not known yet."),
        ("I3", {"entry_path": "B"}, "the days since surgery do not count"),
        ("I3", {"entry_path": "B", "tumour_size_cm": D(4), "mitoses_per_50hpf": D(2)}, "is not high."),
        ("I3", {"entry_path": "B", "tumour_size_cm": None, "mitoses_per_50hpf": D(2)}, "not known yet."),
        ("I4", {"tumour_size_cm": D("10.0")}, "10 is exactly the limit; more than 10 cm is asked."),
        ("I4", {"mitoses_per_50hpf": D(10)}, "10 is exactly the limit; more than 10 /50 HPF is asked."),
        ("I4", {"tumour_size_cm": D(4)}, "4 is too low; more than 10 cm is asked."),
        ("I4", {"rupture_codes": ("R3", "N1")}, "Tumour rupture (R3, N1)"),
        ("I4", {"rupture_codes": ()}, "No tumour rupture"),
        ("I4", {"rupture_codes": None}, "rupture_codes: not known yet."),
        ("I5", {"ecog": 3}, "ECOG 3 is none of 0, 1, 2."),
        ("I5", {"ecog": None}, "ecog: not known yet."),
        ("I6a", {"anc": D("1.50")}, "1.5 is exactly the limit; more than 1.5 10⁹/L is asked."),
        ("I6b", {"platelets": D(101)}, "101 is more than 100 10⁹/L, as asked."),
        ("I6e", {"alt": D(100)}, "100 is exactly the limit; less than 2.5 × 40 is asked."),
        ("I6e", {"ast_uln": None}, "ast_uln: not known yet."),
        ("I6f", {"creatinine": D(9)}, "9 is too high; less than 1.5 × 1.2 is asked."),
        ("I7", {"consent_on": date(2025, 1, 28)}, "Consent was signed on 2025-01-28, after the enrolment"),
        ("I7", {"consent_on": None}, "consent_on: not known yet."),
        ("E1", {"sex": "M"}, "Male: no childbearing potential."),
        ("E1", {}, "childbearing_potential: no."),
        ("E2", {"contraception_agreed": None}, "contraception_agreed: not known yet."),
        ("E2", {"sex": "M"}, "Male: no childbearing potential."),
        ("E3", {}, "cardiovascular_event: no."),
        ("E3", {"cardiovascular_event": True}, "cardiovascular_event_on: not known yet."),
        ("E3", {"cardiovascular_event": True, "cardiovascular_event_on": MI}, "lies more than 6 months"),
        (
            "E3",
            {"cardiovascular_event": True, "cardiovascular_event_on": date(2025, 1, 1)},
            "The event of 2025-01-01 lies within 6 months before enrolment.",
        ),
        (
            "E3",
            {"cardiovascular_event": True, "cardiovascular_event_on": MI, "enrolled_on": None},
            "enrolled_on: not known yet.",
        ),
        ("E5", {"liver_disease": True, "stable_hepatitis_b": True}, "stable_hepatitis_b: yes."),
        ("E6", {}, "No dose under 300 mg a day was ordered for toxicity"),
        (
            "E6",
            {"prior_orders": (PriorOrder(date(2024, 12, 1), (400, 0), "TOXICITY"),)},
            "From 2024-12-01 a dose under 300 mg a day was ordered",
        ),
        ("E8", {}, "HIV not tested, which does not exclude."),
        ("E8", {"hiv": "positive"}, "HIV test positive."),
        ("E11", {}, "D842V not tested"),
        ("E11", {"pdgfra_d842v": True}, "pdgfra_d842v: yes."),
    ],
)
def test_the_sentence_gives_value_limit_and_what_is_asked(criterion, changes, sentence):
    assert sentence in why(criterion, **changes)


def test_the_planned_start_decides_the_weeks_until_the_first_dose():
    planned = {"first_dose_on": None, "planned_start_on": date(2025, 4, 1)}
    assert lines(**planned)["I3"].verdict is Verdict.NOT_MET
    assert "85 days from surgery to the planned first dose: more than 84." in why("I3", **planned)
    planned["planned_start_on"] = date(2025, 3, 31)
    assert lines(**planned)["I3"].verdict is Verdict.MET
    assert lines(first_dose_on=date(2025, 4, 1), planned_start_on=date(2025, 3, 31))["I3"].verdict is (
        Verdict.NOT_MET
    )


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        ({"pdgfra_d842v": False}, []),
        ({}, ["PDGFRA D842V is not tested"]),
        ({"pdgfra_d842v": False, "neoadjuvant_imatinib": True}, ["Imatinib before surgery"]),
        ({"pdgfra_d842v": False, "longest_interruption_days": 12}, ["interrupted for up to 12 days"]),
        ({"pdgfra_d842v": False, "labs_collected_on": date(2025, 1, 19)}, ["older than 14 days"]),
        ({"pdgfra_d842v": False, "labs_collected_on": date(2025, 1, 20)}, []),
        ({"pdgfra_d842v": False, "labs_collected_on": date(2025, 1, 1), "entry_path": "B"}, []),
        ({"pdgfra_d842v": False, "childbearing_potential": True}, ["A pregnancy test within 7 days"]),
        (
            {
                "pdgfra_d842v": False,
                "childbearing_potential": True,
                "pregnancy_test_on": date(2025, 1, 27),
            },
            [],
        ),
        (
            {"pdgfra_d842v": False, "first_dose_on": None, "planned_start_on": date(2025, 5, 2)},
            ["ends on 2030-05-01, after the study is complete on 2030-04-30"],
        ),
        ({"pdgfra_d842v": False, "first_dose_on": None, "planned_start_on": date(2025, 5, 1)}, []),
        ({"pdgfra_d842v": False, "first_dose_on": None}, []),
    ],
)
def test_what_only_warns_blocks_nothing(changes, warnings):
    found = [str(warning) for warning in report(patient(**changes), PROTOCOL).warnings]
    assert len(found) == len(warnings)
    assert all(expected in said for expected, said in zip(warnings, found, strict=True))


@pytest.mark.parametrize(
    ("name", "value", "unit", "result"),
    [
        ("anc", D(1500), "/mm³", D("1.500")),
        ("anc", D(1501), "/mm³", D("1.501")),
        ("platelets", D(100000), "/mm³", D(100)),
        ("haemoglobin", D(81), "g/L", D("8.1")),
        ("haemoglobin", D("8.1"), "", D("8.1")),
        ("creatinine", D(80), "µmol/L", D(80)),
        ("anc", None, "/mm³", None),
        ("anc", D("123456789012345678901234567.891"), "/mm³", D("123456789012345678901234.567891")),
    ],
)
def test_a_value_is_compared_in_the_unit_of_its_criterion(name, value, unit, result):
    assert in_criterion_unit(name, value, unit) == result


measures = st.one_of(st.none(), st.decimals(min_value=0, max_value=50, places=2))
flags = st.sampled_from([True, False, None])


@given(
    changes=st.fixed_dictionaries(
        {
            "tumour_size_cm": measures,
            "mitoses_per_50hpf": measures,
            "anc": measures,
            "alt": measures,
            "alt_uln": measures,
            "liver_disease": flags,
            "cardiovascular_event": flags,
            "sex": st.sampled_from(["M", "F", None]),
            "entry_path": st.sampled_from(["A", "B"]),
            "rupture_codes": st.sampled_from([None, (), ("R1",), ("N2",)]),
            "planned_start_on": st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2025, 12, 31))),
        }
    )
)
def test_every_verdict_has_its_reasons_and_can_be_made_again_from_what_was_kept(changes):
    facts = patient(**changes)
    found = report(facts, PROTOCOL)
    assert all(line.why and line.entered for line in (*found.inclusion, *found.exclusion))
    assert all(str(sentence) for line in found.inclusion for sentence in line.why)
    again = facts_from_json(as_json(facts))
    assert again == facts
    assert report(again, PROTOCOL) == found


def test_nothing_known_is_unknown_everywhere_but_where_no_fact_is_needed():
    found = report(PatientFacts(subject_id="x", entry_path="A"), PROTOCOL)
    known = {
        line.criterion for line in (*found.inclusion, *found.exclusion) if line.verdict is not Verdict.UNKNOWN
    }
    assert known == {"E6"}
    assert report(ELIGIBLE, PROTOCOL).assessment.verdict == "ELIGIBLE"
