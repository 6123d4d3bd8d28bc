"""A nurse looks up whether a patient was reminded, and why not, on a desktop and on a tablet."""

from datetime import date

import pytest

from accounts.models import User
from patients.services import opt_out
from reminders.services import plan_reminders
from tests.e2e.conftest import DESKTOP, TABLET
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

TODAY = date(2025, 7, 1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [DESKTOP, TABLET], ids=["desktop", "tablet"])
@pytest.mark.parametrize(
    ("language", "reason"), [("en", "The patient has opted out"), ("ko", "대상자가 수신을 거부함")]
)
def test_a_nurse_finds_out_why_a_patient_was_not_reminded(
    page, sign_in, complaints, accessible, nurse_a, site_01, time_machine, size, language, reason
):
    # Given a patient who was to be reminded and has opted out
    User.objects.filter(pk=nurse_a.pk).update(language=language)
    nurse_a.refresh_from_db()
    visit = expected_visit(patient_with_mail(site=site_01))
    time_machine.move_to(seoul(TODAY))
    plan_reminders(on=TODAY)
    opt_out(visit.patient.contact.opt_out_token)
    # When the nurse opens the ledger and asks for what was not sent
    sign_in(nurse_a)
    page.set_viewport_size(size)
    page.goto("/reminders/?state=SKIPPED")
    # Then the reason stands there, and that nothing is running just now
    assert page.get_by_role("cell", name=reason).count() == 2
    assert page.get_by_role("status").count() == 1
    accessible()
    assert complaints == []
