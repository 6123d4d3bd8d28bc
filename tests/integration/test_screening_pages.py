"""From a blank page to an enrolled patient: screening, verdicts, completion, enrolment."""

import re
from datetime import date
from decimal import Decimal

import pytest

from patients.kept import facts_from_json
from patients.models import Patient, Screening
from review.models import Query
from tests.factories import ConsentFactory, EnrolmentFactory, PatientFactory, ScreeningFactory, TumourFactory

pytestmark = pytest.mark.django_db
NEW = {"patient-subject_id": "01-200", "patient-entry_path": "A"}


@pytest.fixture
def nurse(hand, nurse_a, frozen):
    return hand(nurse_a)


@pytest.fixture
def candidate(site_01):
    patient = PatientFactory(site=site_01, subject_id="01-200", first_dose_on=date(2025, 1, 6))
    for factory in (TumourFactory, ConsentFactory):
        factory(patient=patient)
    ScreeningFactory(patient=patient, ecog=None)
    return patient


@pytest.fixture
def enrol(candidate):
    return f"/patients/{candidate.uuid}/enrol/"


def test_a_patient_is_screened_and_the_verdicts_are_shown(nurse, site_01):
    typed = {**NEW, "patient-sex": "F", "consent-consented_on": "2025-07-01"}
    answer = nurse.send(
        "/patients/new/", **typed, **{"tumour-tumour_size_cm": "11.2", "contact-email": "a@example.org"}
    )
    patient = Patient.objects.get(subject_id="01-200")
    assert answer.headers["Location"] == f"/patients/{patient.uuid}/enrol/"
    assert (patient.site, patient.consents.get().consented_on) == (site_01, date(2025, 7, 1))
    page = nurse.open(answer.headers["Location"]).content.decode()
    assert "Only an eligible patient can be enrolled" in page


@pytest.mark.parametrize(
    ("typed", "rupture"),
    [
        ({}, None),
        ({"tumour-rupture_assessed": "on"}, []),
        ({"tumour-rupture_codes": ["N1", "R3"]}, ["R3", "N1"]),
    ],
)
def test_no_rupture_is_not_the_same_as_not_known(nurse, site_01, typed, rupture):
    nurse.send("/patients/new/", **NEW, **typed)
    assert Patient.objects.get().tumour.rupture_codes == rupture


def test_a_consent_left_blank_is_not_signed(nurse, site_01):
    nurse.send("/patients/new/", **NEW)
    assert not Patient.objects.get().consents.exists()


def test_agreeing_to_reminders_keeps_the_day(nurse, site_01):
    typed = {"contact-email": "a@example.org", "contact-reminders": "true"}
    nurse.send("/patients/new/", **NEW, **typed)
    assert Patient.objects.get().contact.opted_in_on == date(2025, 7, 7)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"patient-subject_id": ""}, "required"),
        ({"patient-subject_id": "01-1"}, "taken already"),
        ({"patient-subject_id": "홍길동"}, "never a name"),
        ({"patient-subject_id": "Hong, Gil-dong"}, "never a name"),
        ({"patient-birth_date": "1960-13-01"}, "valid date"),
        ({"screening-cardiovascular_event_on": "2025-01-01"}, "there was one"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(nurse, site_01, typed, sentence):
    PatientFactory(site=site_01, subject_id="01-1")
    page = nurse.send("/patients/new/", **NEW | typed)
    assert sentence in page.content.decode()
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("taken", "proposed"),
    [
        ([], "01-001"),
        (["01-004", "01-002"], "01-005"),
        (["01-999"], "01-1000"),
        (["01-1000", "01-999"], "01-1001"),
        (["01-screened-9", "A7"], "01-001"),
    ],
)
def test_the_next_id_of_the_site_is_proposed(nurse, site_01, taken, proposed):
    for subject_id in taken:
        PatientFactory(site=site_01, subject_id=subject_id)
    assert f'placeholder="{proposed}"' in nurse.open("/patients/new/").content.decode()


def test_the_title_of_a_page_with_errors_says_so(nurse, enrol, candidate):
    assert "<title>Error: " in nurse.send("/patients/new/", **{"consent-version": "2.1"}).content.decode()
    assert "<title>Error: " in nurse.send(enrol, "complete", **{"screening-anc": "2.2"}).content.decode()
    assert "<title>Error: " not in nurse.open("/patients/new/").content.decode()


def test_another_site_is_not_offered(nurse, site_01, site_02):
    typed = {"patient-subject_id": "02-1", "patient-site": str(site_02.pk)}
    assert nurse.send("/patients/new/", **typed).status_code == 200
    assert not Patient.objects.exists()


def test_what_was_unknown_is_completed_and_the_patient_enrolled(nurse, enrol, candidate):
    assert not nurse.open(enrol).context["is_eligible"]
    assert nurse.send(enrol, "complete", **{"screening-ecog": "1"}).status_code == 302
    assert nurse.open(enrol).context["is_eligible"]
    answer = nurse.client.post(enrol, {"action": "enrol", "enrolled_on": "2025-07-07"})
    assert answer.headers["Location"] == f"/patients/{candidate.uuid}/"
    assert "Enrolled on" in nurse.open(enrol).content.decode()


def test_consent_and_birth_date_can_be_completed_until_enrolment(nurse, site_01):
    patient = PatientFactory(site=site_01, birth_date=None)
    path = f"/patients/{patient.uuid}/enrol/"
    typed = {"patient-birth_date": "1960-05-04", "consent-consented_on": "2025-07-01"}
    assert nurse.send(path, "complete", **typed).status_code == 302
    assert Patient.objects.get().birth_date == date(1960, 5, 4)
    assert nurse.open(path).context["forms"].consent is None


def test_after_enrolment_nothing_is_completed(nurse, enrol, candidate):
    EnrolmentFactory(patient=candidate)
    assert "enrolled already" in nurse.send(enrol, "complete", **{"screening-ecog": "1"}).content.decode()
    assert Screening.objects.get().ecog is None


def test_a_written_fact_is_changed_with_a_reason_only(nurse, enrol, candidate):
    assert "say why" in nurse.send(enrol, "complete", **{"screening-anc": "2.2"}).content.decode()
    nurse.send(enrol, "complete", **{"screening-anc": "2.2", "reason": "Misread"})
    assert Screening.objects.get().anc == Decimal("2.2")


@pytest.mark.parametrize("day", ["2025-07-07", "", "soon"])
def test_nobody_enrols_a_patient_who_is_not_eligible(nurse, enrol, candidate, day):
    page = nurse.client.post(enrol, {"action": "enrol", "enrolled_on": day})
    assert page.status_code == 200
    assert not hasattr(Patient.objects.get(pk=candidate.pk), "enrolment")


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_do_not_enrol(hand, enrol, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert (other.open(enrol).status_code, other.send_again(enrol, {}).status_code) == (status, status)


@pytest.mark.parametrize("who", ["monitor", "outsider", "data_manager"])
def test_others_do_not_screen(hand, request, who):
    assert hand(request.getfixturevalue(who)).open("/patients/new/").status_code == 403


def test_a_check_shows_the_verdicts_and_saves_nothing(nurse, site_01):
    page = nurse.send("/patients/new/", "check", **NEW, **{"tumour-tumour_size_cm": "10.0"}).content.decode()
    assert "10 is exactly the limit; more than 10 cm is asked." in page
    assert not Patient.objects.exists()


def test_the_verdict_follows_the_form_as_it_is_filled(nurse, enrol):
    typed = {"screening-ecog": "3"}
    answer = nurse.client.post(enrol, typed, headers={"HX-Request": "true"})
    fragment = answer.content.decode()
    assert "I5 ECOG performance status low enough" in fragment
    assert "<html" not in fragment
    assert Screening.objects.get().ecog is None


@pytest.mark.parametrize("page", ["/patients/new/", "enrol"])
def test_the_table_of_criteria_follows_too_and_stays_open_or_closed(nurse, request, candidate, page):
    path = request.getfixturevalue(page) if page == "enrol" else page
    fragment = nurse.client.post(
        path, {"screening-ecog": "3"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert re.search(r'id="eligibility-criteria"\s+hx-swap-oob="true"', fragment)
    assert "ECOG: 3" in fragment
    assert "<details" not in fragment
    assert "hx-swap-oob" not in nurse.open(path).content.decode()


def test_what_was_found_of_a_rupture_is_read_in_words(nurse, enrol, candidate):
    typed = {"tumour-rupture_codes": ["R3", "N1"]}
    fragment = nurse.client.post(enrol, typed, headers={"HX-Request": "true"}).content.decode()
    assert "R3 perforation at the tumour; N1 mucosal defect, or spillage kept in the lumen" in fragment


def test_what_is_not_known_is_marked_apart_from_what_fails(nurse, enrol, candidate):
    assert re.search(
        r'band-caution"><span aria-hidden="true">○</span> Unknown', nurse.open(enrol).content.decode()
    )
    nurse.send(enrol, "complete", **{"screening-ecog": "3"})
    assert re.search(
        r'band-alarm"><span aria-hidden="true">✕</span> Not met', nurse.open(enrol).content.decode()
    )


def test_many_unknown_criteria_are_named_by_their_numbers_and_few_by_their_titles(nurse, enrol, candidate):
    blank = nurse.open("/patients/new/").content.decode()
    assert "Not known yet: I1; I2; I3; I4; I5; I6a;" in blank
    assert "Not known yet: I5 ECOG performance status low enough." in nurse.open(enrol).content.decode()


def test_units_and_the_planned_start_are_kept_as_entered(nurse, site_01):
    typed = {
        "screening-anc": "1500",
        "screening-anc_unit": "/mm³",
        "screening-planned_start_on": "2025-07-20",
        "tumour-surgery_on": "2025-05-01",
    }
    nurse.send("/patients/new/", **NEW, **typed)
    screening = Screening.objects.get()
    assert (screening.anc, screening.anc_unit) == (Decimal(1500), "/mm³")
    page = nurse.open(f"/patients/{screening.patient.uuid}/enrol/").content.decode()
    assert "1.5 is exactly the limit" in page
    assert "80 days from surgery to the planned first dose: within 84." in page


def test_enrolment_keeps_what_was_decided_and_from_what(nurse, enrol, candidate, nurse_a):
    nurse.send(enrol, "complete", **{"screening-ecog": "1"})
    nurse.client.post(enrol, {"action": "enrol", "enrolled_on": "2025-07-07"})
    kept = candidate.eligibility_records.get()
    assert (kept.purpose, kept.verdict, kept.assessed_by) == ("ENROLMENT", "ELIGIBLE", nurse_a)
    assert (kept.protocol_version, len(kept.criteria)) == ("amc2202_v1", 23)
    assert kept.thresholds["tumour_size_cm"] == {"operator": "gt", "limit": "10", "relative_to_uln": False}
    assert facts_from_json(kept.inputs).enrolled_on == date(2025, 7, 7)
    page = nurse.open(f"/patients/{candidate.uuid}/eligibility/{kept.pk}/").content.decode()
    assert "Consent to the study was signed on 2024-12-20." in page


def test_an_assessment_can_be_kept_before_the_decision(nurse, enrol, candidate):
    assert nurse.client.post(enrol, {"action": "keep"}).status_code == 302
    assert candidate.eligibility_records.get().verdict == "INCOMPLETE"
    assert "Kept during screening" in nurse.open(enrol).content.decode()


def test_a_screen_failure_stays_with_its_reason(nurse, enrol, candidate):
    path = f"/patients/{candidate.uuid}/screening/close/"
    assert "I5 ECOG performance status" in nurse.open(path).content.decode()
    empty = nurse.client.post(path, {"ended_on": "2025-07-07", "note": " "})
    assert "required" in empty.content.decode()
    nurse.client.post(path, {"ended_on": "2025-07-07", "note": "ECOG 3 on examination"})
    end = candidate.dispositions.get()
    assert (end.record, end.reason) == ("PARTICIPATION", "SCREEN FAILURE")
    assert candidate.eligibility_records.get().note == "ECOG 3 on examination"
    for again in (
        nurse.client.post(path, {"ended_on": "2025-07-07", "note": "Again"}),
        nurse.client.post(enrol, {"action": "enrol", "enrolled_on": "2025-07-07"}),
        nurse.client.post(enrol, {"action": "keep"}),
    ):
        assert "use a new subject id" in again.content.decode()
    assert not hasattr(Patient.objects.get(), "enrolment")


def test_an_event_long_ago_excludes_nobody_who_enrols_today(nurse, enrol, candidate):
    typed = {
        "screening-ecog": "1",
        "screening-cardiovascular_event": "true",
        "screening-cardiovascular_event_on": "2020-02-02",
        "reason": "Told today",
    }
    nurse.send(enrol, "complete", **typed)
    assert nurse.open(enrol).context["is_eligible"]


def test_a_value_on_the_limit_asks_the_principal_investigator(nurse, site_01):
    typed = {
        "tumour-tumour_size_cm": "10.0",
        "tumour-mitoses_per_50hpf": "11",
        "tumour-rupture_assessed": "on",
    }
    nurse.send("/patients/new/", **NEW, **typed)
    query = Query.objects.get(code="ELIGIBILITY_BOUNDARY")
    assert (query.patient.subject_id, query.detail) == ("01-200", {"criterion": "I4"})
    assert query.closed_at is None
