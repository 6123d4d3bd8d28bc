"""A nurse finds that a mail was refused, corrects the address, and the mail goes out; her own mails failed as well."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from reminders.models import Notice, Reminder
from reminders.postman import Answer, Postman, Verdict
from reminders.services import plan_reminders, send_reminders
from tests.e2e.conftest import DESKTOP, TABLET
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

ON, BOOKED_ON = date(2025, 7, 1), date(2025, 7, 10)
WEEK_BEFORE = seoul(BOOKED_ON - timedelta(days=7))
pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": ("Check the address", "refused this address", "E-mail", "Why is it changed?", "Save the contact", "See what"),
    "ko": ("주소 확인", "이 주소를 거부했습니다", "이메일", "수정 사유", "연락처 저장", "메일 서버의 응답"),
}  # fmt: skip


@pytest.fixture
def refused(site_01, nurse_a, time_machine, monkeypatch):
    time_machine.move_to(WEEK_BEFORE)
    patient = patient_with_mail(site=site_01, contact__email="gone@example.org")
    expected_visit(patient, booked_on=BOOKED_ON, booked_at=seoul(ON, 8))
    plan_reminders(on=BOOKED_ON - timedelta(days=7))
    monkeypatch.setattr(Postman, "deliver", lambda *_: Answer(Verdict.NO_MAILBOX, "550 5.1.1 no such user"))
    send_reminders(at=WEEK_BEFORE)
    monkeypatch.undo()
    mine = Notice.objects.create(user=nurse_a, kind="DIGEST", due_on=WEEK_BEFORE.date(), due_at=WEEK_BEFORE)
    Notice.objects.filter(pk=mine.pk).update(state="FAILED", reason="REFUSED", attempts=1)
    return patient


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("ko", TABLET)], ids=["desktop", "tablet"])
def test_a_nurse_corrects_an_address_that_was_refused(
    page, sign_in, complaints, accessible, nurse_a, refused, language, size
):
    check, told, email, why, save, see = WORDS[language]
    # Given a mail to a patient that was refused, and one to herself
    User.objects.filter(pk=nurse_a.pk).update(language=language)
    nurse_a.refresh_from_db()
    sign_in(nurse_a)
    page.set_viewport_size(size)
    # When she opens the worklist, both stand there
    page.goto("/clinic/")
    page.get_by_role("link", name=see).wait_for()
    accessible()
    page.get_by_role("link", name=check).first.click()
    # And the page of the contact says what happened
    page.get_by_text(told).wait_for()
    accessible()
    page.get_by_label(email).fill("right@example.org")
    page.get_by_label(why).fill("Asked the patient")
    page.get_by_role("button", name=save).click()
    # Then the mail goes to the corrected address
    page.wait_for_load_state()
    assert send_reminders(at=WEEK_BEFORE).sent == 1
    assert Reminder.objects.get(state="SENT").recipient == "right@example.org"
    # And what is left to look after is her own mail, which she opens
    page.goto("/clinic/")
    assert page.get_by_role("link", name=check).count() == 0
    page.get_by_role("link", name=see).click()
    page.get_by_role("heading", level=1).wait_for()
    accessible()
    assert complaints == []


@pytest.mark.parametrize("path", ["/reminders/", "/reminders/preview/", "/reminders/mine/"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_of_the_reminders_is_accessible(
    page, sign_in, accessible, nurse_a, refused, path, language
):
    User.objects.filter(pk=nurse_a.pk).update(language=language)
    nurse_a.refresh_from_db()
    sign_in(nurse_a)
    page.goto(path)
    accessible()
    page.goto(f"/reminders/{Reminder.objects.get(state='FAILED').pk}/")
    accessible()
