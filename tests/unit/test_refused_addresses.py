"""An address that a mail server knows nothing of: marked, left alone, and written to again once somebody has looked."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pghistory.models import Events

from audit import recording
from patients.models import Contact
from patients.services import change_contact, mark_address_refused, opt_out
from reminders.models import Reminder
from reminders.postman import Answer, Postman, Verdict
from reminders.selectors import unsent
from reminders.services import plan_reminders, resend, send_reminders
from tests.factories import ContactFactory
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

pytestmark = pytest.mark.django_db

ON, BOOKED_ON = date(2025, 7, 1), date(2025, 7, 10)
WEEK_BEFORE = seoul(BOOKED_ON - timedelta(days=7))
DAY_BEFORE = seoul(BOOKED_ON - timedelta(days=1))


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(WEEK_BEFORE, tick=False)


@pytest.fixture
def patient(site_01):
    patient = patient_with_mail(site=site_01, contact__email="gone@example.org")
    expected_visit(patient, booked_on=BOOKED_ON, booked_at=seoul(ON, 8))
    plan_reminders(on=ON)
    return patient


@pytest.fixture
def refused(patient, monkeypatch):
    monkeypatch.setattr(Postman, "deliver", lambda *_: Answer(Verdict.NO_MAILBOX, "550 5.1.1 no such user"))
    send_reminders(at=WEEK_BEFORE)
    monkeypatch.undo()
    return patient


def contact():
    return Contact.objects.get()


def states():
    return list(Reminder.objects.order_by("due_at", "pk").values_list("recipient", "state", "reason"))


def correct(by, patient, email, reason="Asked the patient"):
    change_contact(by=by, patient=patient, email=email, language="ko", reason=reason)


def test_nothing_more_is_planned_for_it(refused):
    assert contact().is_refused
    assert states() == [
        ("gone@example.org", "FAILED", "REFUSED"),
        ("gone@example.org", "SKIPPED", "ADDRESS_REFUSED"),
    ]
    assert send_reminders(at=DAY_BEFORE).sent == 0


def test_who_marked_it_stands_in_the_trail(refused):
    reasons = {event.pgh_context["reason"] for event in Events.objects.tracks(contact())}
    assert "Address refused by the mail server" in reasons


def test_a_corrected_address_gets_what_is_still_to_say(refused, nurse_a):
    correct(nurse_a, refused, "right@example.org")
    assert not contact().is_refused
    assert send_reminders(at=WEEK_BEFORE).sent == 1
    assert mail.outbox[0].to == ["right@example.org"]
    assert not unsent(nurse_a, on=ON).exists()


def test_an_address_that_is_right_is_confirmed_and_sent_to_again(refused, nurse_a):
    correct(nurse_a, refused, "gone@example.org", reason="")
    assert not contact().is_refused
    row = Reminder.objects.get(state="FAILED")
    resend(by=nurse_a, message=row, reason="The mailbox was opened again")
    assert send_reminders(at=WEEK_BEFORE).sent == 1


def test_sending_again_without_looking_is_in_vain(refused, nurse_a):
    resend(by=nurse_a, message=Reminder.objects.get(state="FAILED"), reason="Try")
    assert send_reminders(at=WEEK_BEFORE).sent == 0
    assert {reason for _to, _state, reason in states()} == {"ADDRESS_REFUSED"}


def test_a_changed_address_by_any_way_is_not_the_refused_one(refused, system):
    with recording(by=system, reason="Imported"):
        Contact.objects.update(email="right@example.org")
    assert not contact().is_refused


def test_an_answer_about_an_earlier_address_marks_nothing(patient, system):
    mark_address_refused(by=system, patient_id=patient.pk, email="earlier@example.org", at=WEEK_BEFORE)
    assert not contact().is_refused


def test_marking_twice_leaves_the_first(refused, system):
    mark_address_refused(by=system, patient_id=refused.pk, email="gone@example.org", at=DAY_BEFORE)
    assert contact().refused_at == WEEK_BEFORE


def test_a_refusal_of_the_message_says_nothing_about_the_address(patient, monkeypatch):
    monkeypatch.setattr(Postman, "deliver", lambda *_: Answer(Verdict.REFUSED, "554 spam"))
    send_reminders(at=WEEK_BEFORE)
    assert not contact().is_refused


def test_an_address_and_its_instant_go_together(patient, system):
    with pytest.raises(IntegrityError), transaction.atomic(), recording(by=system, reason="Test"):
        Contact.objects.update(refused_email="gone@example.org")


def test_a_patient_opts_out_whatever_was_written_down_as_address(patient):
    odd = ContactFactory(email="two..dots@example.org")
    opt_out(odd.opt_out_token)
    odd.refresh_from_db()
    assert odd.opted_out_at is not None


def test_it_is_asked_about_and_stands_on_the_worklist(client, refused, nurse_a):
    client.force_login(nurse_a)
    page = client.get(f"/clinic/?on={ON}", headers={"accept-language": "en"})
    parts = {part.source.key: part.rows for part in page.context["worklist"].loose_ends}
    [row] = parts["mails"]
    assert row.verb.startswith("Check the address")
    assert row.url == f"/patients/{refused.uuid}/contact/change/"
    assert [query.verb for query in parts["queries"]] == ["Answer query: E-mail address"]
    assert (
        "refused this address on 3 Jul 2025"
        in client.get(row.url, headers={"accept-language": "en"}).content.decode()
    )


def test_the_page_of_the_mail_leads_to_the_address(client, refused, nurse_a):
    client.force_login(nurse_a)
    row = Reminder.objects.get(state="FAILED")
    page = client.get(f"/reminders/{row.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "knows no such address" in page
    assert f"/patients/{refused.uuid}/contact/change/" in page


def test_a_mail_that_failed_otherwise_can_be_sent_again_from_the_worklist(
    client, patient, nurse_a, monkeypatch
):
    monkeypatch.setattr(Postman, "deliver", lambda *_: Answer(Verdict.REFUSED, "554 spam"))
    send_reminders(at=WEEK_BEFORE)
    client.force_login(nurse_a)
    page = client.get(f"/clinic/?on={ON}", headers={"accept-language": "en"})
    [row] = next(part.rows for part in page.context["worklist"].loose_ends if part.source.key == "mails")
    assert row.verb == "Send the mail for 10 Jul 2025 again"
    assert row.url == f"/reminders/{Reminder.objects.get(state='FAILED').pk}/"
