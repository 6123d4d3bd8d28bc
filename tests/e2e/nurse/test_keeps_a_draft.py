"""A nurse is called away in the middle of a visit: what was typed keeps itself, comes back and can be discarded."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinic.models import Draft
from protocol.days import add_months
from tests.factories import ConsentFactory, DoseOrderFactory, EnrolmentFactory, KitFactory, PatientFactory
from visits.models import Visit
from visits.services import project_visits


@pytest.fixture
def patient(site_01, system):
    """Month 6 is due today; 100 tablets went out at month 3."""
    today = timezone.localdate()
    first_dose_on = add_months(today, -6)
    patient = PatientFactory(site=site_01, subject_id="01-101", first_dose_on=first_dose_on)
    ConsentFactory(patient=patient, consented_on=first_dose_on)
    EnrolmentFactory(patient=patient, enrolled_on=first_dose_on)
    DoseOrderFactory(patient=patient, from_on=first_dose_on)
    KitFactory(patient=patient, kit_id="RX-77", dispensed_on=today - timedelta(days=91), tablets=100)
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


def given_half_a_visit(page: Page, sign_in, nurse, patient) -> None:
    sign_in(nurse)
    page.goto(f"/patients/{patient.uuid}/visits/M6/record/")
    page.get_by_label("Weight (kg)").press_sequentially("61.5")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft kept at")


def when_the_worklist_is_opened(page: Page) -> None:
    page.goto("/clinic/")
    page.get_by_role("link", name="Draft of Month 6 visit").click()


def test_the_draft_comes_back_from_the_worklist(page, sign_in, nurse_a, patient, accessible, complaints):
    given_half_a_visit(page, sign_in, nurse_a, patient)
    when_the_worklist_is_opened(page)
    expect(page.get_by_label("Weight (kg)")).to_have_value("61.5")
    expect(page.get_by_text("Nothing of it is saved yet")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Save Month 6 visit").click()
    expect(page.get_by_role("status").first).to_be_visible()
    assert Visit.objects.get(patient=patient, visit="M6").occurred_on == timezone.localdate()
    assert (Draft.objects.count(), complaints) == (0, [])


def test_the_draft_is_discarded_on_a_page_of_its_own(page, sign_in, nurse_a, patient, accessible):
    given_half_a_visit(page, sign_in, nurse_a, patient)
    when_the_worklist_is_opened(page)
    page.get_by_role("link", name="Discard the draft").click()
    accessible()
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_text("The draft is discarded")).to_be_visible()
    assert not Draft.objects.exists()


def test_nothing_scrolls_sideways_on_a_tablet(page, sign_in, nurse_a, patient, accessible):
    page.set_viewport_size({"width": 820, "height": 1180})
    given_half_a_visit(page, sign_in, nurse_a, patient)
    wide = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth).length"
    assert page.locator("main .table-box").evaluate_all(wide) == 0
    accessible()


def given_a_clock_of_its_own(page: Page) -> None:
    """Fourteen minutes pass at once, for the page alone."""
    page.clock.install()


def sign_in_again(page: Page) -> None:
    page.locator("[name=login]").fill("nurse_a")
    page.locator("[name=password]").fill("a long test password")
    page.locator("[name=password]").press("Enter")


def test_whoever_is_warned_stays_signed_in(page, sign_in, nurse_a, patient, accessible, complaints):
    given_a_clock_of_its_own(page)
    given_half_a_visit(page, sign_in, nurse_a, patient)
    page.clock.fast_forward("14:00")
    warning = page.get_by_role("alertdialog")
    expect(warning).to_contain_text("You will be signed out in two minutes")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    accessible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    page.clock.fast_forward("12:00")
    expect(warning).to_be_hidden()
    assert complaints == []


def test_signing_in_again_returns_to_the_draft(page, sign_in, nurse_a, patient, accessible, time_machine):
    given_a_clock_of_its_own(page)
    given_half_a_visit(page, sign_in, nurse_a, patient)
    page.clock.fast_forward("16:00")
    expect(page.get_by_role("alertdialog")).to_contain_text("You are signed out")
    accessible()
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in_again(page)
    expect(page.get_by_role("heading", name="Record Month 6 visit")).to_be_visible()
    expect(page.get_by_label("Weight (kg)")).to_have_value("61.5")
