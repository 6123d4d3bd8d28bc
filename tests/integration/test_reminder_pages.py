"""One reminder's page with its acts, and the preview of a day."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from patients.services import opt_out
from reminders.models import Attempt, LedgerAct, Reminder
from reminders.services import plan_reminders
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

pytestmark = pytest.mark.django_db

ON, BOOKED_ON = date(2025, 7, 1), date(2025, 7, 10)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(seoul(ON, 12), tick=False)


@pytest.fixture
def visit(site_01):
    patient = patient_with_mail(site=site_01, subject_id="99-042")
    visit = expected_visit(patient, booked_on=BOOKED_ON, booked_time=time(10), booked_at=seoul(ON, 8))
    plan_reminders(on=ON)
    return visit


@pytest.fixture
def row(visit):
    return Reminder.objects.get(lead_days=1)


def path(row):
    return reverse("reminders:reminder", args=[row.pk])


def act(client, user, row, act="CANCEL", reason="Told by telephone"):
    client.force_login(user)
    return client.post(
        path(row), {"act": act, "reason": reason}, headers={"accept-language": "en"}, follow=True
    )


def page(client, user, where, **query):
    client.force_login(user)
    return client.get(where, query, headers={"accept-language": "en"}).content.decode()


def test_the_page_shows_every_answer_of_the_server(client, nurse_a, row):
    Attempt.objects.create(reminder=row, at=seoul(ON), verdict="NOT_NOW", answer="451 greylisted")
    shown = page(client, nurse_a, path(row))
    for words in ("99-042", "Month 6", "451 greylisted", "Not now", "Cancel this mail"):
        assert words in shown


def test_a_nurse_cancels_with_a_reason(client, nurse_a, row):
    shown = act(client, nurse_a, row).content.decode()
    assert "The mail is cancelled" in shown
    assert "Told by telephone" in shown
    assert Reminder.objects.get(pk=row.pk).reason == "CANCELLED_BY_HAND"


def test_a_nurse_sends_a_failed_one_again(client, nurse_a, row):
    Reminder.objects.filter(pk=row.pk).update(state="FAILED", reason="REFUSED")
    assert "goes out with the next sweep" in act(client, nurse_a, row, "RESEND").content.decode()
    assert Reminder.objects.get(pk=row.pk).state == "PLANNED"


def test_without_a_reason_nothing_happens(client, nurse_a, row):
    answer = act(client, nurse_a, row, reason=" ")
    assert "Say why" in answer.content.decode()
    assert not LedgerAct.objects.exists()


def test_an_act_that_comes_too_late_says_so(client, nurse_a, row):
    Reminder.objects.filter(pk=row.pk).update(state="SKIPPED", reason="DIED")
    answer = act(client, nurse_a, row)
    assert "changed meanwhile" in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("monitor", 403), ("data_manager", 403)])
def test_others_do_not_act(client, row, who, status, request):
    assert act(client, request.getfixturevalue(who), row).status_code == status
    assert not LedgerAct.objects.exists()


def test_a_monitor_sees_no_buttons(client, monitor, row):
    assert "By hand" not in page(client, monitor, path(row))


PREVIEW = "/reminders/preview/"


def test_the_preview_of_a_day_says_what_goes_out(client, nurse_a, visit):
    shown = page(client, nurse_a, PREVIEW, on="2025-07-09")
    for words in ("99-042", "Month 6", "Wednesday, 9 Jul 2025", "Planned"):
        assert words in shown


def test_the_preview_says_why_not(client, nurse_a, visit):
    opt_out(visit.patient.contact.opt_out_token)
    assert "The patient has opted out" in page(client, nurse_a, PREVIEW, on="2025-07-09")


def test_the_preview_looks_beyond_the_ledger(client, nurse_a, site_01):
    far = BOOKED_ON + timedelta(days=90)
    expected_visit(
        patient_with_mail(site=site_01, subject_id="99-043"), booked_on=far, booked_at=seoul(ON, 8)
    )
    plan_reminders(on=ON)
    assert not Reminder.objects.filter(patient__subject_id="99-043").exists()
    assert "99-043" in page(client, nurse_a, PREVIEW, on=str(far - timedelta(days=1)))


def test_the_preview_of_a_past_day_tells_what_became_of_it(client, nurse_a, row):
    Reminder.objects.filter(pk=row.pk).update(due_on=ON, state="FAILED", reason="REFUSED")
    assert "The mail server refused it" in page(client, nurse_a, PREVIEW, on=str(ON))


def test_the_preview_remembers_what_was_cancelled_by_hand(client, nurse_a, row):
    act(client, nurse_a, row)
    assert "Cancelled by hand" in page(client, nurse_a, PREVIEW, on="2025-07-09")


def test_the_preview_shows_ones_own_sites_only(client, nurse_b, visit):
    assert "99-042" not in page(client, nurse_b, PREVIEW, on="2025-07-09")


def test_the_preview_opens_on_tomorrow_and_explains_a_day_it_cannot_read(client, nurse_a, visit):
    assert "Wednesday, 2 Jul 2025" in page(client, nurse_a, PREVIEW)
    assert "Type a day like" in page(client, nurse_a, PREVIEW, on="soon")
