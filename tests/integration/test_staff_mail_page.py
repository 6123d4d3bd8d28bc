"""One mail to staff: every answer of the server, and sending again or cancelling by hand."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from pghistory.models import Events

from accounts.models import User
from reminders.models import Notice, NoticeAct, NoticeAttempt
from reminders.postman import Answer, Postman, Verdict
from reminders.services import plan_notices, send_reminders
from tests.factories import DoseOrderFactory, EnrolmentFactory, PatientFactory
from tests.unit.reminder_cast import expected_visit, seoul

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 7)
MORNING = seoul(ON, 8)


@pytest.fixture(autouse=True)
def at_work(time_machine, nurse_a, pi_a):
    time_machine.move_to(MORNING, tick=False)
    for user in (nurse_a, pi_a):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org", language="en")


@pytest.fixture
def patient(site_01):
    patient = PatientFactory(site=site_01, subject_id="99-042")
    EnrolmentFactory(patient=patient)
    return patient


@pytest.fixture
def digest(patient, nurse_a):
    expected_visit(patient)
    plan_notices(now=MORNING)
    return Notice.objects.get(user=nurse_a)


@pytest.fixture
def escalation(patient, pi_a):
    DoseOrderFactory(patient=patient)
    DoseOrderFactory(patient=patient, from_on=date(2025, 6, 1), pattern_mg=[200], reason="AE")
    plan_notices(now=MORNING)
    return Notice.objects.get(user=pi_a)


def send(monkeypatch, verdict=Verdict.ACCEPTED, text=""):
    monkeypatch.setattr(Postman, "deliver", lambda *_: Answer(verdict, text))
    send_reminders(at=MORNING)
    monkeypatch.undo()


def page(client, user, notice):
    client.force_login(user)
    return client.get(
        reverse("reminders:notice", args=[notice.pk]), headers={"accept-language": "en"}
    ).content.decode()


def act(client, user, notice, act="RESEND", reason="The mailbox was full"):
    client.force_login(user)
    where = reverse("reminders:notice", args=[notice.pk])
    said = {"act": act, "reason": reason}
    return client.post(where, said, headers={"accept-language": "en"}, follow=True)


def state(notice):
    notice.refresh_from_db()
    return notice.state, notice.reason


def test_every_answer_is_kept_and_shown(client, nurse_a, digest, monkeypatch):
    send(monkeypatch, Verdict.REFUSED, "552 mailbox full")
    act(client, nurse_a, digest)
    send(monkeypatch)
    assert [each.verdict for each in NoticeAttempt.objects.all()] == ["REFUSED", "ACCEPTED"]
    shown = page(client, nurse_a, digest)
    for words in ("Morning digest", "552 mailbox full", "Refused for good", "Taken", "The mailbox was full"):
        assert words in shown


def test_what_an_escalation_is_about_stands_behind_the_sign_in(client, pi_a, escalation):
    shown = page(client, pi_a, escalation)
    assert "99-042" in shown
    assert "below the limit of the protocol" in shown


def test_a_cancelled_one_is_not_sent_and_does_not_come_back(client, nurse_a, digest, monkeypatch):
    assert "it will not be sent" in act(client, nurse_a, digest, "CANCEL", "On leave").content.decode()
    plan_notices(now=MORNING)
    send(monkeypatch)
    assert state(digest) == ("SKIPPED", "CANCELLED_BY_HAND")


def test_the_act_stands_in_the_audit_trail(client, nurse_a, digest):
    act(client, nurse_a, digest, "CANCEL", "On leave")
    [event] = Events.objects.tracks(NoticeAct.objects.get())
    assert event.pgh_context["reason"] == "On leave"


def test_yesterdays_digest_is_not_sent_again(client, nurse_a, digest, monkeypatch, time_machine):
    send(monkeypatch, Verdict.REFUSED, "550 no")
    time_machine.move_to(MORNING + timedelta(days=1), tick=False)
    assert "Send again" not in page(client, nurse_a, digest)
    assert "changed meanwhile" in act(client, nurse_a, digest).content.decode()


def test_everybody_may_send_a_mail_to_themselves_again(client, data_manager, monkeypatch):
    mine = Notice.objects.create(user=data_manager, kind="DIGEST", due_on=ON, due_at=MORNING)
    Notice.objects.filter(pk=mine.pk).update(state="FAILED", reason="REFUSED")
    act(client, data_manager, mine)
    assert state(mine) == ("PLANNED", "")


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("monitor", 403), ("data_manager", 403)])
def test_others_do_not_act(client, digest, who, status, request):
    assert act(client, request.getfixturevalue(who), digest).status_code == status
    assert not NoticeAct.objects.exists()


def test_the_ledger_leads_to_it(client, nurse_a, digest):
    client.force_login(nurse_a)
    assert reverse("reminders:notice", args=[digest.pk]) in client.get("/reminders/").content.decode()


def test_who_gets_no_mail_reads_so_on_the_worklist_until_one_arrives(client, nurse_a, digest, monkeypatch):
    client.force_login(nurse_a)
    assert "did not arrive" not in client.get("/clinic/").content.decode()
    send(monkeypatch, Verdict.NO_MAILBOX, "550 no such user")
    shown = client.get("/clinic/", headers={"accept-language": "en"}).content.decode()
    assert "The mail to you of 7 Jul 2025 did not arrive" in shown
    act(client, nurse_a, digest)
    send(monkeypatch)
    assert "did not arrive" not in client.get("/clinic/", headers={"accept-language": "en"}).content.decode()


def test_the_pi_reads_it_on_the_dashboard(client, pi_a, escalation, monkeypatch):
    send(monkeypatch, Verdict.REFUSED, "554 no")
    client.force_login(pi_a)
    shown = client.get("/dashboard/", headers={"accept-language": "en"}).content.decode()
    assert reverse("reminders:notice", args=[escalation.pk]) in shown
