"""The patient's way out: no login, one press, in their language, and no word about why they get mails."""

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from reminders.models import Reminder
from reminders.services import plan_reminders
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul
from tests.unit.test_reminder_mails import CANARIES

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 1)


@pytest.fixture
def contact(time_machine):
    time_machine.move_to(seoul(ON), tick=False)
    visit = expected_visit(patient_with_mail(subject_id="99-777", contact__language="en"))
    plan_reminders(on=ON)
    return visit.patient.contact


def path(contact):
    return reverse("reminders:opt_out", args=[contact.opt_out_token])


def test_looking_changes_nothing(client, contact):
    page = client.get(path(contact))
    contact.refresh_from_db()
    assert page.status_code == 200
    assert contact.opted_out_at is None
    assert "Send me no more reminders" in page.content.decode()


def test_pressing_the_button_stops_everything_at_once(client, contact):
    page = client.post(path(contact))
    contact.refresh_from_db()
    assert contact.opted_out_at is not None
    assert "no more reminders from us" in page.content.decode()
    assert set(Reminder.objects.values_list("state", "reason")) == {("SKIPPED", "OPTED_OUT")}


def test_a_mail_program_may_press_it_by_itself(contact):
    """RFC 8058: no cookie, no token of ours, that body."""
    answer = Client(enforce_csrf_checks=True).post(path(contact), {"List-Unsubscribe": "One-Click"})
    contact.refresh_from_db()
    assert (answer.status_code, contact.opted_out_at is not None) == (200, True)


def test_pressing_twice_keeps_the_first_instant(client, contact, time_machine):
    client.post(path(contact))
    contact.refresh_from_db()
    first = contact.opted_out_at
    time_machine.shift(3600)
    assert client.post(path(contact)).status_code == 200
    contact.refresh_from_db()
    assert contact.opted_out_at == first


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_of_nobody_is_not_found(client, db, method):
    assert getattr(client, method)(reverse("reminders:opt_out", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "이메일 안내"), ("en", "Reminders by e-mail"), ("", "이메일 안내")]
)
def test_the_page_speaks_the_patients_language(client, language, words):
    contact = patient_with_mail(contact__language=language).contact
    page = client.get(path(contact), headers={"accept-language": "en" if language == "ko" else "ko"})
    assert words in page.content.decode()
    assert f'<html lang="{language or "ko"}">' in page.content.decode()


def test_the_page_says_nothing_of_study_or_patient(client, contact):
    for answer in (client.get(path(contact)), client.post(path(contact))):
        text = answer.content.decode().lower()
        assert [word for word in CANARIES if len(word) > 2 and word.lower() in text] == []


def test_the_link_is_not_told_to_others_or_kept(client, contact):
    page = client.get(path(contact))
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
