"""The list of patients: who is on it, what it says, how it is narrowed and sorted."""

from datetime import date, time
from urllib.parse import quote

import pytest
import time_machine

from courses.services import rebuild_summaries
from patients.models import Patient
from patients.words import PATIENT_STATES
from tests.factories import (
    ConsentFactory,
    DispositionFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
    ScreeningFactory,
    TumourFactory,
    VisitFactory,
)

URL = "/patients/"
TODAY = date(2025, 12, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2025-12-01 10:00 +0900", tick=False):
        yield


def with_summary(subject_id: str, site, *patterns: list[int], **fields):
    """A patient with orders a hundred days apart, and the stored summary of the day."""
    patient = PatientFactory(subject_id=subject_id, site=site, **fields)
    for number, pattern in enumerate(patterns or ([400],)):
        DoseOrderFactory(patient=patient, from_on=date(2025, 1 + 3 * number, 6), pattern_mg=pattern)
    rebuild_summaries([patient.pk], on=TODAY)
    return patient


@pytest.fixture
def listing(client, nurse_a, site_01, site_02):
    with_summary("01-001", site_01)
    with_summary("01-002", site_01, [400], [400, 0])
    with_summary("02-001", site_02)
    client.force_login(nurse_a)

    def get(query: str = "") -> str:
        answer = client.get(URL + query, headers={"accept-language": "en"})
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_list_shows_own_sites_only(listing):
    html = listing()
    assert "01-001" in html
    assert "02-001" not in html


def test_list_needs_the_permission(client, administrator):
    client.force_login(administrator)
    assert client.get(URL).status_code == 403


def test_anonymous_is_sent_to_the_login(client):
    assert client.get(URL).url.startswith("/accounts/login/")


def test_row_says_phase_day_and_dose(listing):
    html = listing("?subject_id=01-002")
    assert "Standard treatment · day 330 of 1,826" in html
    assert "400/0 mg" in html


def test_row_shows_what_is_flagged_now(listing):
    assert "Under 300 mg</span>" in listing("?subject_id=01-002")
    assert "Under 300 mg</span>" not in listing("?subject_id=01-001")


def test_row_names_the_next_visit(listing):
    assert "M12" in listing("?subject_id=01-001")


def test_row_shows_the_booking_of_the_next_visit(listing, site_01):
    patient = Patient.objects.get(subject_id="01-001")
    VisitFactory(patient=patient, visit="M12", booked_on=date(2026, 1, 8), booked_time=time(9, 30))
    assert "8 Jan 2026 09:30" in listing("?subject_id=01-001&sort=-next_visit")


def test_row_shows_adherence_with_its_band(listing, site_01):
    patient = with_summary("01-003", site_01)
    for day, tablets in ((date(2025, 1, 6), 70), (date(2025, 4, 6), 100)):
        kit = KitFactory(patient=patient, dispensed_on=day, tablets=tablets)
        KitReturnFactory(kit=kit, returned_on=date(2025, 4, 6), tablets_returned=0)
    rebuild_summaries([patient.pk], on=TODAY)
    html = listing("?subject_id=01-003")
    assert "77.78" in html
    assert "band-alarm" in html


def test_row_says_when_treatment_ended(listing, site_01):
    patient = with_summary("01-003", site_01)
    DispositionFactory(patient=patient)
    rebuild_summaries([patient.pk], on=TODAY)
    assert "Ended 1 Sep 2025" in listing("?subject_id=01-003")


def test_patient_without_summary_is_listed(listing, site_01):
    PatientFactory(subject_id="01-009", site=site_01, first_dose_on=None)
    assert "Before treatment" in listing("?subject_id=01-009")


def of_state(state, site, subject_id):
    """One patient who is in that state by what happened, and in no later one."""
    patient = with_summary(subject_id, site)
    if state == "ELIGIBLE":
        for factory in (TumourFactory, ScreeningFactory, ConsentFactory):
            factory(patient=patient)
    if state in ("ENROLLED", "OFF_TREATMENT", "OFF_STUDY"):
        EnrolmentFactory(patient=patient)
    if state in ("OFF_TREATMENT", "OFF_STUDY"):
        DispositionFactory(patient=patient)
    if state in ("OFF_STUDY", "SCREEN_FAILURE"):
        reason = "SCREEN FAILURE" if state == "SCREEN_FAILURE" else "LOST TO FOLLOW-UP"
        DispositionFactory(patient=patient, record="PARTICIPATION", last_dose_on=None, reason=reason)
    rebuild_summaries([patient.pk], on=TODAY)


@pytest.mark.parametrize("state", PATIENT_STATES)
def test_list_is_narrowed_to_a_state(client, nurse_a, site_01, state):
    client.force_login(nurse_a)
    for number, each in enumerate(PATIENT_STATES, start=1):
        of_state(each, site_01, f"01-50{number}")
    html = client.get(f"{URL}?state={state}", headers={"accept-language": "en"}).content.decode()
    found = [each for number, each in enumerate(PATIENT_STATES, start=1) if f"01-50{number}" in html]
    assert found == [state]
    assert f">{PATIENT_STATES[state]}</td>" in html


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("?subject_id=002", {"01-002"}),
        ("?flag=DOSE_BELOW_300", {"01-002"}),
        ("?flag=OVERUSE", set()),
        ("?phase=STANDARD", {"01-001", "01-002"}),
        ("?phase=EXTENSION", set()),
        ("", {"01-001", "01-002"}),
    ],
)
def test_list_is_narrowed(listing, query, listed):
    html = listing(query)
    assert {
        subject for subject in ("01-001", "01-002", "02-001") if subject in html.split("<thead>")[-1]
    } == listed


def test_foreign_site_cannot_be_asked_for(listing, site_02):
    assert "02-001" not in listing(f"?site={site_02.pk}")


@pytest.mark.parametrize(
    "column", ["subject_id", "site", "state", "phase", "dose", "pill_count", "pdc", "next_visit"]
)
def test_every_column_sorts_both_ways(listing, column):
    assert "01-001" in listing(f"?sort={column}")
    assert "01-001" in listing(f"?sort=-{column}")


def test_number_is_searched_for_by_how_it_begins(listing, site_01):
    PatientFactory(subject_id="02-01-0", site=site_01)
    assert "02-01-0" not in listing("?subject_id=01-0")
    assert "02-01-0" in listing("?subject_id=1-0")


def test_next_visit_sorts_by_its_booking(listing):
    patient = Patient.objects.get(subject_id="01-001")
    VisitFactory(patient=patient, visit="M12", booked_on=date(2026, 2, 8))
    rebuild_summaries([patient.pk], on=TODAY)
    html = listing("?sort=next_visit").split("<thead>")[-1]
    assert html.index("01-002") < html.index("01-001")


@pytest.mark.parametrize("column", ["state", "phase", "dose", "pill_count", "pdc", "next_visit"])
def test_equals_stand_in_the_same_order_on_every_page(client, nurse_a, site_01, column):
    for number in range(4):
        with_summary(f"01-00{number}", site_01)
    client.force_login(nurse_a)
    for sort, wanted in ((column, "0123"), (f"-{column}", "3210")):
        rows = client.get(f"{URL}?sort={sort}").context["table"].rows
        assert [row.record.subject_id[-1] for row in rows] == list(wanted)


def test_dose_sorts_by_the_mean(listing):
    html = listing("?sort=dose")
    assert html.index("01-002") < html.index("01-001")


@pytest.mark.parametrize("text", ["'; DROP TABLE patients_patient; --", "\x00", "%", "a" * 5000, "<script>"])
def test_hostile_parameters_do_no_harm(client, listing, text):
    for name in ("subject_id", "site", "state", "phase", "flag", "sort", "page"):
        assert client.get(f"{URL}?{name}={quote(text)}").status_code == 200
    assert "<script>" not in listing(f"?subject_id={quote(text)}")


def test_queries_do_not_grow_with_the_list(client, listing, site_01, django_assert_max_num_queries):
    for number in range(20):
        with_summary(f"01-1{number:02}", site_01)
    with django_assert_max_num_queries(12):
        listing()


def test_list_speaks_korean(client, listing):
    html = client.get(URL, headers={"accept-language": "ko"}).content.decode()
    assert "대상자 번호" in html
    assert "표준 치료기" in html
