"""Consents: signed, due, withdrawn, and what a withdrawal leads to."""

from datetime import date

import pytest

from patients.models import Consent, Contact
from patients.selectors import consents_due
from patients.services import opt_out
from tests.factories import (
    ConsentFactory,
    ConsentVersionFactory,
    ContactFactory,
    EnrolmentFactory,
    OutcomeFactory,
    PatientFactory,
    VisitFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TODAY = date(2025, 7, 7)


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def enrolled(site_01):
    patient = PatientFactory(site=site_01, subject_id="01-300")
    EnrolmentFactory(patient=patient, enrolled_on=date(2025, 1, 3))
    return patient


@pytest.fixture
def path(enrolled):
    return f"/patients/{enrolled.uuid}/consents/"


def given(**changes):
    return {"purpose": "STUDY", "version": "1.0", "consented_on": "2025-01-02", **changes}


def test_a_missing_consent_is_due_and_can_be_recorded(nurse, path, enrolled, nurse_a):
    assert [due.why for due in consents_due(nurse_a, on=TODAY)] == ["No consent to the study is recorded."]
    assert "No consent to the study is recorded." in nurse.open(path).content.decode()
    assert nurse.client.post(path, given(action="give")).status_code == 302
    assert Consent.objects.get().consented_on == date(2025, 1, 2)
    assert consents_due(nurse_a, on=TODAY) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"consented_on": "2025-01-04"}, "The first study procedure was on"),
        ({"consented_on": "2025-07-08"}, "lies in the future"),
        ({"consented_on": ""}, "required"),
        ({"purpose": "PARKING"}, "valid choice"),
    ],
)
def test_an_impossible_consent_is_refused_in_words(nurse, path, typed, sentence):
    page = nurse.client.post(path, given(action="give", **typed)).content.decode()
    assert sentence in page
    assert not Consent.objects.exists()


def test_the_screening_visit_comes_after_the_consent(nurse, path, enrolled):
    VisitFactory(patient=enrolled, visit="SCR", visitnum=1, occurred_on=date(2024, 12, 30))
    assert (
        "The first study procedure was on" in nurse.client.post(path, given(action="give")).content.decode()
    )


def test_a_newer_form_asks_again_at_its_site_only(nurse, path, enrolled, site_01, site_02, nurse_a):
    ConsentFactory(patient=enrolled, version="1.0")
    ConsentVersionFactory(site=site_02, version="2.0")
    assert consents_due(nurse_a, on=TODAY) == []
    ConsentVersionFactory(site=site_01, version="2.0")
    assert [due.version for due in consents_due(nurse_a, on=TODAY)] == ["2.0"]
    typed = given(action="give", version="2.0", consented_on="2025-07-01")
    assert nurse.client.post(path, typed).status_code == 302
    assert consents_due(nurse_a, on=TODAY) == []


def test_a_form_of_another_purpose_is_refused(nurse, path, site_01):
    ConsentVersionFactory(site=site_01, version="2.0")
    ConsentVersionFactory(site=site_01, purpose="REMINDERS", version="R1")
    page = nurse.client.post(path, given(action="give", version="R1")).content.decode()
    assert "not one for that purpose" in page


def withdrawal(record, day="2025-07-07"):
    kind = record._meta.model_name
    return {"action": "withdraw", "consent": f"{kind}-{record.pk}", "withdrawn_on": day}


def test_agreement_to_reminders_has_one_record(nurse, path, enrolled):
    ContactFactory(patient=enrolled, email="a@example.org", reminders=None)
    nurse.client.post(
        path, given(action="give", purpose="REMINDERS", version="R1", consented_on="2025-07-07")
    )
    contact = Contact.objects.get()
    assert (contact.reminders, contact.opted_in_on, contact.form_version) == (True, TODAY, "R1")
    assert not Consent.objects.exists()
    assert "R1" in nurse.open(path).content.decode()
    assert nurse.client.post(path, withdrawal(contact)).headers["Location"] == path
    contact = Contact.objects.get()
    assert (contact.reminders, contact.withdrawn_on) == (False, TODAY)
    page = nurse.client.post(path, withdrawal(contact)).content.decode()
    assert "Select a valid choice" in page


def test_a_patient_who_was_asked_again_may_agree_again(nurse, path, enrolled):
    contact = ContactFactory(patient=enrolled, reminders=False, withdrawn_on=date(2025, 7, 1))
    nurse.client.post(path, given(action="give", purpose="REMINDERS", consented_on="2025-07-07"))
    contact.refresh_from_db()
    assert (contact.reminders, contact.withdrawn_on, contact.opted_in_on) == (True, None, TODAY)


def test_wishes_of_an_import_and_of_the_link_are_shown(nurse, path, enrolled):
    contact = ContactFactory(patient=enrolled, reminders=True)
    assert f"contact-{contact.pk}" in nurse.open(path).content.decode()
    opt_out(contact.opt_out_token)
    assert "through the link in a mail" in nurse.open(path).content.decode()


def test_who_withdrew_may_sign_the_same_form_again(nurse, path, enrolled):
    ConsentFactory(patient=enrolled, version="1.0", withdrawn_on=date(2024, 12, 29))
    assert nurse.client.post(path, given(action="give")).status_code == 302
    assert nurse.client.post(path, given(action="give")).status_code == 200
    assert Consent.objects.count() == 2


def test_a_form_for_all_sites_is_offered_and_asked_for(nurse, path, enrolled, nurse_a):
    ConsentFactory(patient=enrolled, version="1.0")
    ConsentVersionFactory(site=None, version="2.0")
    assert [due.version for due in consents_due(nurse_a, on=TODAY)] == ["2.0"]
    assert "<td>All</td>" in nurse.open(path).content.decode()
    page = nurse.client.post(path, given(action="give", version="")).content.decode()
    assert "Choose the version that was signed" in page


def test_the_contact_is_changed_with_a_reason(nurse, enrolled):
    path = f"/patients/{enrolled.uuid}/contact/change/"
    assert "not agreed" in nurse.open(path).content.decode()
    typed = {"email": "a@example.org", "language": "en"}
    assert nurse.client.post(path, typed).headers["Location"] == path
    typed["email"] = "b@example.org"
    assert "say why" in nurse.client.post(path, typed).content.decode()
    nurse.client.post(path, typed | {"reason": "Moved to another provider"})
    contact = Contact.objects.get()
    assert (contact.email, contact.language, contact.reminders) == ("b@example.org", "en", None)


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"reminders": True}, "agreed; the day is not on record"),
        ({"reminders": True, "opted_in_on": date(2025, 1, 3)}, "agreed on 3 Jan 2025"),
        ({"reminders": False, "withdrawn_on": date(2025, 7, 1)}, "withdrawn on 1 Jul 2025"),
    ],
)
def test_the_contact_page_says_whether_mails_are_sent(nurse, enrolled, known, sentence):
    ContactFactory(patient=enrolled, **known)
    page = nurse.open(f"/patients/{enrolled.uuid}/contact/change/").content.decode()
    assert sentence in page


@pytest.mark.parametrize("typed", [{"email": "nobody"}, {"language": "fr"}])
def test_an_impossible_contact_is_refused_and_kept_on_the_page(nurse, enrolled, typed):
    path = f"/patients/{enrolled.uuid}/contact/change/"
    page = nurse.client.post(path, {"email": "a@example.org", "language": "ko"} | typed).content.decode()
    assert next(iter(typed.values())) in page or "valid choice" in page
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("purpose", "record"), [("STUDY", "PARTICIPATION"), ("EXTENSION", "TREATMENT")])
def test_a_withdrawal_leads_to_the_end_and_makes_none(nurse, path, enrolled, purpose, record):
    consent = ConsentFactory(patient=enrolled, purpose=purpose)
    answer = nurse.client.post(path, withdrawal(consent))
    assert answer.headers["Location"] == f"/patients/{enrolled.uuid}/ends/new/?record={record}"
    assert not enrolled.dispositions.exists()


def test_a_withdrawal_before_the_signature_is_refused(nurse, path, enrolled):
    consent = ConsentFactory(patient=enrolled)
    page = nurse.client.post(path, withdrawal(consent, "2024-12-19")).content.decode()
    assert "before the signature" in page


def test_the_dead_are_asked_for_nothing(enrolled, nurse_a):
    OutcomeFactory(patient=enrolled, kind="DEATH", on=date(2025, 6, 1))
    assert consents_due(nurse_a, on=TODAY) == []


def test_the_due_list_costs_the_same_however_long_it_is(site_01, nurse_a, django_assert_num_queries):
    def enrol(count):
        for _ in range(count):
            EnrolmentFactory(patient=PatientFactory(site=site_01))

    enrol(2)
    with django_assert_num_queries(3):
        assert len(consents_due(nurse_a, on=TODAY)) == 2
    enrol(10)
    with django_assert_num_queries(3):
        assert len(consents_due(nurse_a, on=TODAY)) == 12
