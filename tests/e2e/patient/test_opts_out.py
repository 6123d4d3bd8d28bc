"""A patient follows the link of a mail and ends the reminders, without login and without scripts."""

from datetime import date

import pytest

from reminders.mails import opt_out_url
from reminders.models import Reminder
from reminders.services import plan_reminders
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

TODAY = date(2025, 7, 1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("language", "button", "done"),
    [
        ("en", "Send me no more reminders", "You will receive no more reminders from us."),
        ("ko", "안내 메일 받지 않기", "앞으로 안내 메일을 보내지 않겠습니다."),
    ],
)
def test_a_patient_ends_the_reminders(
    page, complaints, accessible, live_server, settings, time_machine, language, button, done
):
    # Given a patient with reminders planned
    time_machine.move_to(seoul(TODAY))
    settings.BASE_URL = live_server.url
    visit = expected_visit(patient_with_mail(contact__language=language))
    plan_reminders(on=TODAY)
    # When the link is opened, nothing happens yet
    page.goto(opt_out_url(visit))
    accessible()
    assert set(Reminder.objects.filter(visit=visit).values_list("state", flat=True)) == {"PLANNED"}
    # And when the button is pressed
    page.get_by_role("button", name=button).click()
    # Then the page says so, and nothing goes out any more
    page.get_by_text(done).wait_for()
    accessible()
    assert set(Reminder.objects.filter(visit=visit).values_list("reason", flat=True)) == {"OPTED_OUT"}
    assert complaints == []
