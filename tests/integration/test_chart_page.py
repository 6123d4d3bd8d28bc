"""The chart: who may open it, and what it says on a day."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine

from clinic.selectors.chart import PARTS
from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DispositionFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    KitReturnFactory,
    LabResultFactory,
    OutcomeFactory,
    PatientFactory,
    QueryFactory,
)
from visits.services.projection import project_visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2025-12-01 10:00 +0900", tick=False):
        yield


@pytest.fixture
def patient(site_01, system):
    """Half dose since spring, one kit counted, one event for it."""
    patient = PatientFactory(subject_id="01-001", site=site_01)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    event = AdverseEventFactory(patient=patient, ae_no=1, grade=3, term="Edema limbs", serious=["DISABILITY"])
    DoseOrderFactory(
        patient=patient, from_on=date(2025, 3, 3), pattern_mg=[400, 0], reason="TOXICITY", adverse_event=event
    )
    kit = KitFactory(patient=patient, kit_id="RX-1", tablets=60)
    KitReturnFactory(kit=kit, returned_on=date(2025, 3, 3), tablets_returned=4)
    KitFactory(patient=patient, kit_id="RX-2", dispensed_on=date(2025, 3, 3))
    LabResultFactory(patient=patient, value=Decimal("1.2"))
    OutcomeFactory(patient=patient)
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


@pytest.fixture
def chart(client, nurse_a, patient):
    client.force_login(nurse_a)

    def get(query: str = "", language: str = "en") -> str:
        answer = client.get(f"/patients/{patient.uuid}/{query}", headers={"accept-language": language})
        assert answer.status_code == 200
        return answer.content.decode()

    return get


@pytest.mark.parametrize("query", ["", "?tab=history", "?on=2025-03-01"])
def test_nurse_of_another_site_finds_nothing(client, nurse_b, patient, query):
    client.force_login(nurse_b)
    answer = client.get(f"/patients/{patient.uuid}/{query}")
    assert answer.status_code == 404
    assert "01-001" not in answer.content.decode()


def test_banner_says_where_the_patient_stands(chart):
    html = chart()
    assert "Standard treatment · day 330 of 1,826" in html
    assert "400/0 mg" in html
    assert "Month 12 · 6 Jan 2026" in html
    assert "Under 300 mg" in html


def test_picture_states_its_finding(chart):
    html = chart()
    assert "Day 330 of treatment:" in html
    assert "now 200 mg a day" in html
    assert "dose-below" in html


def test_picture_has_a_table_twin(chart):
    assert "The picture as a table" in chart()


def test_marks_of_the_picture_can_be_reached_by_keyboard(chart):
    svg = chart().split("<svg")[1].split("</svg>")[0]
    assert svg.count('tabindex="0"') >= 25
    assert "style=" not in svg


def test_adherence_is_shown_with_its_definitions(chart):
    html = chart("?tab=dosing")
    assert "100.00" in html
    assert "How these numbers are counted" in html
    assert "by pill count" in html


def test_visits_offer_their_verbs_to_the_nurse(chart, patient):
    html = chart("?tab=visits")
    assert f"/patients/{patient.uuid}/visits/M12/record/" in html
    assert f"/patients/{patient.uuid}/visits/M15/book/" in html


def test_monitor_reads_only(client, monitor, patient):
    client.force_login(monitor)
    html = client.get(f"/patients/{patient.uuid}/").content.decode()
    assert "/record/" not in html
    assert "/doses/new/" not in html


def test_serious_event_shows_its_criterion(chart):
    html = chart("?tab=events")
    assert "Edema limbs" in html
    assert "Disability" in html


def test_low_neutrophils_carry_their_grade(chart):
    assert 'lab-grade-2">G2</span>' in chart("?tab=labs")


def test_eligibility_is_listed_criterion_by_criterion(chart):
    html = chart("?tab=entry")
    assert "I6f" in html
    assert "E11" in html


def test_chart_of_an_earlier_day_knows_nothing_later(chart):
    html = chart("?on=2025-03-01")
    assert "As of 1 Mar 2025" in html
    assert "now 400 mg a day" in html
    assert "/record/" not in html
    assert "RX-2" in chart("?tab=dosing") and "RX-2" not in chart("?tab=dosing&on=2025-03-01")


@pytest.mark.parametrize("day", ["2025-13-01", "yesterday", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_is_none_means_today(chart, day):
    assert "As of" not in chart(f"?on={day}")


def test_order_of_next_week_is_announced(chart, patient):
    DoseOrderFactory(patient=patient, from_on=date(2025, 12, 8), pattern_mg=[300], reason="RE_ESCALATION")
    assert "8 Dec 2025" in chart("?tab=dosing")
    assert "8 Dec 2025" not in chart("?tab=dosing&on=2025-11-30")


def test_ended_treatment_is_said(chart, patient):
    DispositionFactory(patient=patient)
    html = chart()
    assert "Ended 1 Sep 2025" in html
    assert "Treatment ended on day 239" in html


def test_patient_without_first_dose_has_a_chart(client, nurse_a, site_01):
    client.force_login(nurse_a)
    patient = PatientFactory(subject_id="01-002", site=site_01, first_dose_on=None)
    pages = [
        client.get(f"/patients/{patient.uuid}/{query}", headers={"accept-language": "en"}).content.decode()
        for query in ("", "?tab=entry")
    ]
    assert "No first dose yet" in pages[0]
    assert "Enrol the patient" in pages[1]


def test_history_says_who_when_why_and_what(chart, patient, system):
    import audit

    with audit.recording(by=system, reason="Typing error"):
        patient.birth_date = date(1961, 5, 4)
        patient.save()
    html = chart("?tab=history")
    assert "Typing error" in html
    assert "<del>4 May 1960</del> → <ins>4 May 1961</ins>" in html


def test_history_keeps_addresses_to_itself(chart, patient):
    from tests.factories import ContactFactory

    ContactFactory(patient=patient, email="somebody@example.org")
    html = chart("?tab=history")
    assert "contact" in html
    assert "somebody@example.org" not in html


def test_chart_speaks_korean(chart):
    html = chart(language="ko")
    assert "투약 330일째" in html
    assert "2026-01-06" in html


def test_queries_do_not_grow_with_the_course(chart, patient, django_assert_max_num_queries):
    for number in range(2, 12):
        AdverseEventFactory(patient=patient, ae_no=number)
        KitFactory(patient=patient, dispensed_on=date(2025, 3 + number % 8, 20))
        LabResultFactory(patient=patient, collected_on=date(2025, 1 + number, 2) if number < 12 else None)
    for tab in (*PARTS, "history"):
        with django_assert_max_num_queries(45):
            chart(f"?tab={tab}")


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Record Unscheduled visit"), ("ko", "예정 외 방문 기록")]
)
def test_an_unscheduled_visit_has_a_link_and_a_plain_heading(client, nurse_a, patient, language, heading):
    client.force_login(nurse_a)
    path = f"/patients/{patient.uuid}/visits/UNS/record/"
    assert path in client.get(f"/patients/{patient.uuid}/?tab=visits").content.decode()
    page = client.get(path, headers={"accept-language": language}).content.decode()
    assert heading in page and "방문 방문" not in page and "visit visit" not in page


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("visits", "Took place"),
        ("dosing", "Tablets out and back"),
        ("events", "Causality"),
        ("labs", "Neutrophils"),
        ("outcomes", "No recurrence seen"),
        ("entry", "Version of the form"),
        ("queries", "Queries and cautions"),
        ("history", "Nobody can alter it"),
        ("no such part", "The picture as a table"),
    ],
)
def test_every_part_of_the_chart_has_an_address(chart, patient, tab, words):
    ConsentFactory(patient=patient)
    assert words in chart(f"?tab={tab}")


def test_a_part_keeps_the_day_that_was_asked_for(chart):
    assert "?tab=labs&amp;on=2025-03-01" in chart("?on=2025-03-01&tab=visits")


@pytest.mark.parametrize(
    ("tab", "record"),
    [
        ("visits", "visit"),
        ("dosing", "doseorder"),
        ("dosing", "kit"),
        ("events", "adverseevent"),
        ("labs", "labresult"),
        ("outcomes", "outcome"),
        ("outcomes", "disposition"),
        ("entry", "consent"),
        ("queries", "query"),
    ],
)
def test_every_row_leads_to_the_history_of_its_record(chart, patient, tab, record):
    ConsentFactory(patient=patient)
    DispositionFactory(patient=patient, ended_on=date(2025, 11, 1), last_dose_on=date(2025, 10, 31))
    QueryFactory(patient=patient)
    found = re.findall(rf"\?tab=history&amp;(record={record}-[0-9]+)", chart(f"?tab={tab}"))
    html = chart(f"?tab=history&{found[0]}")
    assert "Only one record" in html and "Nothing was written that fits" not in html


def test_the_history_of_a_kit_tells_what_came_back_of_it(chart, patient):
    kit = patient.kits.get(kit_id="RX-1")
    html = chart(f"?tab=history&record=kit-{kit.pk}")
    assert html.count("<ins>4</ins>") and "RX-2" not in html


def test_the_history_of_another_patients_record_is_empty(chart):
    other = OutcomeFactory(patient=PatientFactory(subject_id="02-001"))
    assert "Nothing was written that fits" in chart(f"?tab=history&record=outcome-{other.pk}")


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("kind=outcome", True),
        ("kind=consent", False),
        ("who=system", True),
        ("who=nobody", True),  # nobody of that name: passed over
        ("from_on=2020-01-01&to_on=2099-12-31", True),  # the trail has the clock of the database
        ("from_on=2099-12-31", False),
        ("to_on=2020-01-01", False),
        ("from_on=soon&record=visit-x", True),
    ],
)
def test_the_history_is_narrowed(chart, query, is_found):
    assert ("No recurrence seen" in chart(f"?tab=history&{query}")) is is_found


def test_who_has_left_is_offered_neither_enrolment_nor_a_dose(client, nurse_a, site_01):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    end = {"record": "PARTICIPATION", "reason": "SCREEN FAILURE", "last_dose_on": None}
    DispositionFactory(patient=patient, ended_on=date(2025, 1, 3), **end)
    client.force_login(nurse_a)
    page = client.get(f"/patients/{patient.uuid}/?tab=entry").content.decode()
    assert f"/patients/{patient.uuid}/enrol/" not in page
    assert f"/patients/{patient.uuid}/doses/new/" not in page
