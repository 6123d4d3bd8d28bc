"""A nurse records what a scan seems to show, confirms it later, and sees the survival follow-up come."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from patients.models import Disposition, Outcome
from tests.e2e.conftest import TABLET
from tests.factories import ConsentFactory, DoseOrderFactory, EnrolmentFactory, PatientFactory
from visits.services.projection import project_visits


@pytest.fixture
def patient(site_01, nurse_a, sign_in):
    patient = PatientFactory(subject_id="01-001", site=site_01)
    ConsentFactory(patient=patient)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    project_visits(by=User.objects.system(), patient_ids=[patient.pk])
    sign_in(nurse_a)
    return patient


def test_a_recurrence_is_suspected_confirmed_and_followed(page: Page, patient, accessible, complaints):
    # Given a scan that seems to show a recurrence
    page.set_viewport_size(TABLET)
    page.goto(f"/patients/{patient.uuid}/?tab=outcomes")
    accessible()
    page.get_by_role("link", name="Record a suspected recurrence").click()
    expect(page.get_by_label("Suspected recurrence")).to_be_checked()
    expect(page.get_by_label("Last dose on")).to_be_hidden()
    accessible()
    page.locator("[name=on]").fill("2025-11-03")
    page.get_by_label("Comment").fill("liver, 8 mm")

    # When the nurse records it
    page.get_by_role("button", name="Record this outcome").click()

    # Then it is no event
    expect(page.locator("main")).to_contain_text("no event until it is confirmed")
    expect(page.locator("#outcomes tbody tr").first).to_contain_text("Open: no event yet")

    # When it is confirmed, and treatment ends with it
    page.get_by_role("link", name="Confirm or refute").click()
    page.get_by_label("It is a recurrence").check()
    page.locator("[name=on]").fill("2025-11-24")
    page.get_by_label("Last dose on").fill("2025-11-23")
    page.get_by_label("On what grounds").fill("biopsy")
    accessible()
    page.get_by_role("button", name="Settle the suspicion").click()

    # Then what follows is said before anything is saved
    expect(page.locator("h1")).to_contain_text("Please confirm")
    expect(page.locator("#what-follows")).to_contain_text("survival follow-up")
    accessible()
    assert not Disposition.objects.exists()

    # And done after
    page.get_by_role("button", name="Yes, record it").click()
    expect(page.locator("[role=status]")).to_contain_text("3 Nov 2025")
    expect(page.locator("#coming")).to_contain_text("survival follow-up")
    expect(page.locator("#survival tbody tr").first).to_contain_text("Recurrence 3 Nov 2025")
    assert Outcome.objects.get(kind="RECURRENCE").on == date(2025, 11, 3)
    assert Disposition.objects.get().reason == "DISEASE RELAPSE"
    assert complaints == []
