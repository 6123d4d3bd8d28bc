"""A nurse finds a term by a few letters and reports it; the principal investigator sees it waiting, and confirms it."""

import pytest
from playwright.sync_api import Page, expect

from adverse_events.models import AdverseEvent
from tests.factories import ConsentFactory, DoseOrderFactory, EnrolmentFactory, PatientFactory


@pytest.fixture
def patient(site_01):
    patient = PatientFactory(site=site_01, subject_id="01-101")
    ConsentFactory(patient=patient)
    EnrolmentFactory(patient=patient, enrolled_on=patient.first_dose_on)
    DoseOrderFactory(patient=patient, from_on=patient.first_dose_on)
    return patient


def when_an_event_is_reported_by_keyboard(page: Page, patient) -> None:
    page.goto(f"/patients/{patient.uuid}/adverse-events/new/")
    page.wait_for_load_state()
    page.get_by_label("CTCAE term").press_sequentially("부종")
    expect(page.get_by_label("Periorbital edema")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Periorbital edema")).to_be_checked()
    expect(page.locator(".criteria")).to_contain_text("orbit")
    page.locator("[name=grade][value='2']").check()
    page.get_by_label("Started on").fill("2025-03")
    page.get_by_label("Related to imatinib").select_option("PROBABLE")


def test_an_assessment_waits_for_the_investigator(
    page, sign_in, nurse_a, pi_a, patient, accessible, complaints
):
    # Given a nurse who reports a swelling that she found by its Korean word
    sign_in(nurse_a)
    when_an_event_is_reported_by_keyboard(page, patient)
    accessible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Periorbital edema, is saved")
    event = AdverseEvent.objects.get()
    assert (event.term, event.grade, event.is_provisional) == ("Periorbital edema", 2, True)

    # When the principal investigator reads the dashboard
    sign_in(pi_a)
    page.goto("/dashboard/")
    waiting = page.locator("#waiting")
    expect(waiting).to_contain_text("Provisional assessment: adverse event 1, Periorbital edema, grade 2")
    accessible()
    waiting.get_by_role("link", name="Confirm 01-101, Periorbital edema").click()
    expect(page.get_by_role("heading", name="Confirm assessment")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Confirm assessment").click()

    # Then the event says whose judgement it is
    expect(page.locator("#assessment")).to_contain_text("by pi_a")
    accessible()
    event.refresh_from_db()
    assert event.confirmed_by == pi_a
    assert complaints == []
