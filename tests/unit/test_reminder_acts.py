"""Sending again and cancelling by hand: with a reason, in the audit trail, and never against the facts."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import override
from pghistory.models import Events

from audit import recording
from patients.services import opt_out
from reminders.models import Attempt, LedgerAct, Reminder
from reminders.postman import Answer, Postman, Verdict
from reminders.services import cancel, plan_reminders, resend, send_reminders
from reminders.services.claims import take_back_expired_claims
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

pytestmark = pytest.mark.django_db

ON, BOOKED_ON = date(2025, 7, 1), date(2025, 7, 10)
DAY_BEFORE = seoul(BOOKED_ON - timedelta(days=1))


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(DAY_BEFORE, tick=False)


@pytest.fixture
def row(site_01):
    visit = expected_visit(patient_with_mail(site=site_01), booked_on=BOOKED_ON, booked_at=seoul(ON, 8))
    plan_reminders(on=ON)
    Reminder.objects.filter(lead_days=7).update(state="SUPERSEDED", reason="LATER_REMINDER")
    return Reminder.objects.get(visit=visit, lead_days=1)


def state(row):
    row.refresh_from_db()
    return row.state, row.reason


def refused(monkeypatch):
    monkeypatch.setattr(Postman, "deliver", lambda *_: Answer(Verdict.REFUSED, "550 no such user"))
    send_reminders(at=DAY_BEFORE)
    monkeypatch.undo()


def test_a_failed_one_is_sent_again_and_every_answer_is_kept(row, nurse_a, monkeypatch):
    refused(monkeypatch)
    resend(by=nurse_a, message=row, reason="Address is right, I called")
    assert send_reminders(at=DAY_BEFORE).sent == 1
    row.refresh_from_db()
    assert (row.state, row.message_id) == ("SENT", mail.outbox[0].extra_headers["Message-ID"])
    assert list(Attempt.objects.values_list("verdict", "answer")) == [
        ("REFUSED", "550 no such user"),
        ("ACCEPTED", ""),
    ]


def test_a_sent_one_goes_again_under_the_same_message_id(row, nurse_a):
    send_reminders(at=DAY_BEFORE)
    resend(by=nurse_a, message=row, reason="The patient did not find it")
    send_reminders(at=DAY_BEFORE)
    assert [m.extra_headers["Message-ID"] for m in mail.outbox] == [row.message_id] * 2


def test_sending_again_does_not_overrule_the_patient(row, nurse_a, monkeypatch):
    refused(monkeypatch)
    resend(by=nurse_a, message=row, reason="Address is right, I called")
    opt_out(row.patient.contact.opt_out_token)
    assert send_reminders(at=DAY_BEFORE).sent == 0
    assert state(row) == ("SKIPPED", "OPTED_OUT")


def test_a_cancelled_one_does_not_come_back_by_planning(row, nurse_a):
    cancel(by=nurse_a, message=row, reason="Told by telephone")
    plan_reminders(on=ON)
    assert send_reminders(at=DAY_BEFORE).sent == 0
    assert state(row) == ("SKIPPED", "CANCELLED_BY_HAND")
    resend(by=nurse_a, message=row, reason="Not reached after all")
    assert send_reminders(at=DAY_BEFORE).sent == 1


def test_the_act_stands_in_the_audit_trail(row, nurse_a):
    act = cancel(by=nurse_a, message=row, reason="Told by telephone")
    [event] = Events.objects.tracks(act)
    assert event.pgh_context["reason"] == "Told by telephone"
    assert (act.by, act.act, act.reason) == (nurse_a, "CANCEL", "Told by telephone")


@pytest.mark.parametrize("who", ["nurse_b", "data_manager", "monitor", "outsider"])
def test_others_may_not(row, who, request):
    with pytest.raises(PermissionDenied):
        cancel(by=request.getfixturevalue(who), message=row, reason="No")
    assert not LedgerAct.objects.exists()


def test_the_second_of_two_people_is_told(row, nurse_a):
    cancel(by=nurse_a, message=row, reason="Told by telephone")
    with override("ko"), pytest.raises(ValidationError, match="그 사이에"):
        cancel(by=nurse_a, message=row, reason="Me too")
    assert LedgerAct.objects.count() == 1


def test_an_act_without_a_reason_changes_nothing(row, nurse_a):
    with pytest.raises(ValidationError):
        cancel(by=nurse_a, message=row, reason="  ")
    assert state(row) == ("PLANNED", "")


def test_the_database_wants_a_reason_too(row, nurse_a):
    with pytest.raises(IntegrityError), transaction.atomic(), recording(by=nurse_a):
        LedgerAct.objects.create(reminder=row, act="CANCEL", reason="", by=nurse_a)


def test_an_attempt_whose_worker_died_is_kept_as_one(row):
    Reminder.objects.filter(pk=row.pk).update(
        state="CLAIMED", claim_token=row.message_id[1:37], claimed_at=Now() - timedelta(minutes=9),
        claimed_until=Now() - timedelta(minutes=5), handed_at=Now() - timedelta(minutes=8),
    )  # fmt: skip
    take_back_expired_claims()
    assert [attempt.verdict for attempt in Attempt.objects.all()] == ["LOST"]
    assert Reminder.objects.get(pk=row.pk).maybe_sent
