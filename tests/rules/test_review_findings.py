"""What is doubtful in a course, from facts alone."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from course_walk import back, kit, order
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.facts import PatientFacts, PriorOrder, TumourFacts
from protocol import load_protocol
from protocol.days import add_months
from review.rules.cautions import cautions
from review.rules.facts import ContactFacts, EventFacts, ReviewFacts
from review.rules.findings import RULES, findings

PROTOCOL = load_protocol()
T0 = date(2022, 9, 7)
EXTENSION = date(2025, 9, 7)
PATIENT = PatientFacts("01-001", "A", first_dose_on=T0, enrolled_on=T0)
CLEAN = ReviewFacts(PATIENT)


def keys(facts):
    return [f"{code}: {about}" for code, about in findings(facts, PROTOCOL)]


def test_a_course_without_anything_doubtful_has_no_finding():
    assert keys(CLEAN) == []


def test_a_finding_is_asked_once_however_often_it_is_seen():
    facts = replace(CLEAN, units_not_graded=(("ANC", "/uL"), ("ANC", "/mm3"), ("PLT", "/uL")))
    assert keys(facts) == ["LAB_UNIT_NOT_GRADED: LabResult ANC", "LAB_UNIT_NOT_GRADED: LabResult PLT"]


@pytest.mark.parametrize(
    ("source", "day", "expected"),
    [
        ("IP", date(2025, 8, 24), []),  # handed out 14 days early
        ("IP", date(2025, 8, 23), ["SUPPLY_PHASE_MISMATCH: Kit 2025-08-23 IP"]),
        ("IP", EXTENSION, []),
        ("PRESCRIPTION", date(2025, 9, 6), []),
        ("PRESCRIPTION", EXTENSION, ["SUPPLY_PHASE_MISMATCH: Kit 2025-09-07 PRESCRIPTION"]),
    ],
)
def test_supply_has_the_source_of_its_phase(source, day, expected):
    supply = kit(day, 90, source=source)
    assert keys(replace(CLEAN, kits=(supply,))) == expected


def test_supply_of_a_course_without_first_dose_has_no_phase():
    nobody = replace(PATIENT, first_dose_on=None)
    assert keys(replace(CLEAN, patient=nobody, kits=(kit(T0, 90),))) == []


@pytest.mark.parametrize(("returned", "expected"), [(5, []), (4, ["OVERUSE: Interval 2022-09-07"])])
def test_overuse_begins_at_the_limit(returned, expected):
    first, second = (kit(day, 100, source="PRESCRIPTION") for day in (T0, date(2022, 11, 26)))
    supply = {"kits": (first, second), "returns": (back(first, returned),)}  # 80 days: 96 tablets are 120 %
    assert keys(replace(CLEAN, orders=(order(T0, 400),), **supply)) == expected


def test_a_value_on_the_limit_of_a_criterion_is_asked_about():
    tumour = TumourFacts(tumour_size_cm=Decimal("10.0"), mitoses_per_50hpf=Decimal(12), rupture_codes=())
    facts = replace(CLEAN, patient=replace(PATIENT, tumour=tumour))
    assert keys(facts) == ["ELIGIBILITY_BOUNDARY: Eligibility I4"]


@pytest.mark.parametrize(
    ("reason", "pattern_mg", "day", "expected"),
    [
        ("SUPPLY", (200,), date(2022, 8, 1), ["DOSE_BELOW_MINIMUM_NOT_TOXICITY: DoseOrder 2022-08-01"]),
        ("SUPPLY", (400, 0), date(2022, 8, 1), ["DOSE_BELOW_MINIMUM_NOT_TOXICITY: DoseOrder 2022-08-01"]),
        ("TOXICITY", (200,), date(2022, 8, 1), []),  # E6 excludes, nothing to ask
        ("SUPPLY", (300,), date(2022, 8, 1), []),
        ("SUPPLY", (0,), date(2022, 8, 1), []),
        ("SUPPLY", (200,), T0, []),  # on study it is a flag, not a query
    ],
)
def test_a_low_dose_before_entry_for_another_reason_is_asked_about(reason, pattern_mg, day, expected):
    low = replace(order(day, *pattern_mg), reason=reason)
    prior = (PriorOrder(day, pattern_mg, reason),)
    assert keys(replace(CLEAN, orders=(low,), patient=replace(PATIENT, prior_orders=prior))) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (EventFacts(3, 5, ("DEATH",), "FATAL", T0), []),
        (EventFacts(3, 5, (), "FATAL", T0), ["GRADE_5_WITHOUT_DEATH: AdverseEvent 3"]),
        (EventFacts(3, 4, (), "", None), []),
        (EventFacts(3, 2, (), "RECOVERED/RESOLVED", None), ["EVENT_END_AND_OUTCOME: AdverseEvent 3"]),
        (EventFacts(3, 2, (), "NOT RECOVERED/NOT RESOLVED", T0), ["EVENT_END_AND_OUTCOME: AdverseEvent 3"]),
        (EventFacts(3, 2, (), "RECOVERING/RESOLVING", None), []),
        (EventFacts(3, 2, (), "", T0), []),
    ],
)
def test_the_fields_of_an_event_agree_with_each_other(event, expected):
    assert keys(replace(CLEAN, events=(event,))) == expected


@pytest.mark.parametrize(
    ("action", "later", "expected"),
    [
        ("DOSE REDUCED", (), ["REDUCED_WITHOUT_ORDER: AdverseEvent 3"]),
        ("DOSE REDUCED", (order(date(2023, 2, 1), 300),), []),
        ("DRUG INTERRUPTED", (), ["INTERRUPTED_WITHOUT_HOLD: AdverseEvent 3"]),
        ("", (), []),
        (
            "",
            (order(date(2023, 2, 1), 300, reason="TOXICITY"),),
            ["TOXICITY_WITHOUT_EVENT: DoseOrder 2023-02-01"],
        ),
    ],
)
def test_an_event_and_the_ledger_agree_on_the_dose(action, later, expected):
    event = EventFacts(3, 2, started_on=date(2023, 1, 10), action_taken=action)
    assert keys(replace(CLEAN, events=(event,), orders=(order(T0, 400), *later))) == expected


@pytest.mark.parametrize(
    ("email", "reminders", "is_asked"),
    [
        ("a@example.org", True, False),
        ("", True, True),
        ("a.example.org", True, True),
        ("@example.org", True, True),
        ("a@localhost", True, True),
        ("a b@example.org", True, True),
        ("", False, False),
        ("", None, False),
    ],
)
def test_reminders_need_an_address_that_mail_can_reach(email, reminders, is_asked):
    facts = replace(CLEAN, contact=ContactFacts(email, reminders))
    assert keys(facts) == (["EMAIL_UNUSABLE: Contact"] if is_asked else [])


def test_an_address_that_a_mail_server_refused_is_asked_about():
    facts = replace(CLEAN, contact=ContactFacts("p@example.org", True, is_refused=True))
    assert keys(facts) == ["EMAIL_UNUSABLE: Contact"]


@given(email=st.text(max_size=40))
def test_any_text_for_an_address_is_judged(email):
    assert len(findings(replace(CLEAN, contact=ContactFacts(email, True)), PROTOCOL)) <= 1


def test_every_rule_says_what_it_is_about():
    assert all(rule.__doc__ for rule in RULES)


@pytest.mark.parametrize(
    ("first_dose_on", "codes"),
    [
        (date(2025, 5, 1), []),
        (date(2025, 5, 2), ["COURSE_PAST_STUDY_END"]),
        (None, []),
    ],
)
def test_a_course_that_outlives_the_study_is_a_caution(first_dose_on, codes):
    patient = replace(PATIENT, first_dose_on=first_dose_on, tumour=TumourFacts(pdgfra_d842v=False))
    assert [caution.code for caution in cautions(patient, PROTOCOL)] == codes


def test_a_mutation_nobody_tested_is_a_caution():
    assert [caution.code for caution in cautions(PATIENT, PROTOCOL)] == ["D842V_NOT_TESTED"]


def test_the_extension_of_these_tests_is_the_protocols():
    assert add_months(T0, PROTOCOL.regimen.standard_months) == EXTENSION


@pytest.mark.parametrize(
    ("ip_on", "expected"),
    [
        (date(2025, 9, 20), []),  # 14 dosing days without tablets, 6 to 19 September
        (date(2025, 9, 21), ["SUPPLY_GAP: Kit 2025-09-21 IP"]),
    ],
)
def test_more_than_14_days_without_tablets_before_the_study_drug_are_asked_about(ip_on, expected):
    kits = (kit(date(2025, 6, 8), 90, source="PRESCRIPTION"), kit(ip_on, 90))
    facts = replace(CLEAN, orders=(order(T0, 400),), kits=kits)
    assert keys(facts) == expected


def test_prescriptions_alone_leave_no_gap_to_ask_about():
    kits = (kit(date(2025, 6, 8), 10, source="PRESCRIPTION"),)
    assert keys(replace(CLEAN, orders=(order(T0, 400),), kits=kits)) == []


@pytest.mark.parametrize(("days", "expected"), [(80, []), (81, ["HOLD_OVER_TOTAL: Holds"])])
def test_holds_that_are_over_count_together(days, expected):
    first, second = date(2023, 1, 1), date(2024, 1, 1)
    orders = (
        *(order(T0, 400), order(first, 0), order(first + timedelta(days=100), 400)),
        *(order(second, 0), order(second + timedelta(days=days), 400)),
    )
    assert keys(replace(CLEAN, orders=orders)) == expected


def test_a_hold_that_goes_on_is_not_asked_about_yet():
    assert keys(replace(CLEAN, orders=(order(T0, 400), order(date(2024, 1, 1), 0)))) == []
