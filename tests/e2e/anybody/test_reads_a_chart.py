"""Somebody looks for a patient and reads the course, with the mouse, by keyboard, in both languages, on a tablet."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.services import rebuild_summaries
from tests.e2e.conftest import DESKTOP, TABLET
from tests.factories import (
    AdverseEventFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    LabResultFactory,
    PatientFactory,
)
from visits.services.projection import project_visits

PLACES = {
    "Visits": "Took place",
    "Doses and tablets": "Tablets out and back",
    "Adverse events": "Causality",
    "Laboratory": "Neutrophils",
    "Disease and ends": "No assessment recorded yet",
    "Consent and eligibility": "Criterion by criterion",
    "Queries": "Queries and cautions",
    "History": "Nobody can alter it",
    "Course": "The picture as a table",
}


@pytest.fixture
def patient(site_01, nurse_a, sign_in):
    patient = PatientFactory(subject_id="01-001", site=site_01)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    DoseOrderFactory(patient=patient, from_on=date(2025, 6, 2), pattern_mg=[400, 0], reason="TOXICITY")
    AdverseEventFactory(patient=patient, grade=3)
    LabResultFactory(patient=patient)
    project_visits(by=User.objects.system(), patient_ids=[patient.pk])
    rebuild_summaries([patient.pk], on=date(2025, 12, 1))
    sign_in(nurse_a)
    return patient


def test_the_whole_row_opens_the_chart(page: Page, patient, accessible, complaints):
    page.goto("/patients/")
    accessible()
    page.locator("tbody tr").first.locator("td").last.click(force=True)  # the row's link lies over it
    expect(page).to_have_url(f"/patients/{patient.uuid}/")
    expect(page.locator(".banner .subject")).to_have_text("01-001")
    assert complaints == []


@pytest.mark.parametrize("viewport", [DESKTOP, TABLET], ids=["desktop", "tablet"])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("part", ["", "?tab=outcomes", "?tab=labs", "?tab=history"])
def test_the_chart_is_for_everybody(
    page: Page, patient, nurse_a, sign_in, accessible, viewport, language, part
):
    nurse_a.language = language
    sign_in(nurse_a)
    page.set_viewport_size(viewport)
    page.goto(f"/patients/{patient.uuid}/{part}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    accessible()


def test_marks_of_the_picture_are_reached_by_tab(page: Page, patient):
    page.goto(f"/patients/{patient.uuid}/")
    page.locator(".picture-box").focus()
    page.keyboard.press("Tab")
    assert "400 mg" in page.evaluate("document.activeElement.querySelector('title').textContent")


def test_the_banner_stays_in_view(page: Page, patient):
    page.goto(f"/patients/{patient.uuid}/?tab=entry#eligibility")
    expect(page.locator(".banner .subject")).to_be_in_viewport()
    expect(page.locator("#eligibility h2")).to_be_in_viewport()


def test_the_language_changes_in_place_and_keeps_what_was_typed(page: Page, patient):
    page.goto("/patients/?phase=STANDARD")
    page.locator("[name=subject_id]").fill("01-0")
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("h1")).to_have_text("대상자")
    expect(page).to_have_url("/patients/?phase=STANDARD")
    expect(page.locator("[name=subject_id]")).to_have_value("01-0")


def test_without_javascript_everything_is_there(browser, live_server, patient, context):
    quiet = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    quiet.add_cookies(context.cookies())
    page = quiet.new_page()
    page.goto("/patients/")
    page.locator("[name=subject_id]").fill("001")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="01-001").click()
    expect(page.locator("svg.course-picture")).to_be_visible()
    for name, words in PLACES.items():
        page.get_by_role("navigation", name="Parts of the chart").get_by_role("link", name=name).click()
        expect(page.locator("main")).to_contain_text(words)
    quiet.close()


def test_the_parts_are_walked_by_keyboard(page: Page, patient, complaints):
    page.goto(f"/patients/{patient.uuid}/")
    for name, words in PLACES.items():
        page.get_by_role("navigation", name="Parts of the chart").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".tabs [aria-current=page]")).to_contain_text(name)
        expect(page.locator("main")).to_contain_text(words)
    assert complaints == []
