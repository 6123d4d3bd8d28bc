"""The investigator reads the dashboard and goes from a number to its patients, and from a patient to the chart."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.services import rebuild_summaries
from protocol.days import add_months
from tests.e2e.conftest import DESKTOP, TABLET
from tests.factories import (
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
    VisitFactory,
)


@pytest.fixture
def study(site_01, system):
    """Three patients half a year into treatment; one is on 200 mg, one missed month 3."""
    today = timezone.localdate()
    t0 = add_months(today, -6)
    for number, pattern in enumerate(([400], [400], [400, 0]), start=101):
        patient = PatientFactory(site=site_01, subject_id=f"01-{number}", first_dose_on=t0)
        EnrolmentFactory(patient=patient, enrolled_on=t0)
        DoseOrderFactory(patient=patient, from_on=t0, pattern_mg=pattern)
        kit = KitFactory(patient=patient, dispensed_on=t0, tablets=100)
        KitReturnFactory(
            kit=kit, returned_on=t0 + timedelta(days=91), tablets_returned=9 if number < 103 else 70
        )
        KitFactory(patient=patient, dispensed_on=t0 + timedelta(days=91), tablets=100)
        VisitFactory(
            patient=patient, visit="D1", visitnum=2, occurred_on=t0, target_on=t0, opens_on=t0, closes_on=t0
        )
        rebuild_summaries([patient.pk], on=today)


def given_the_dashboard(page: Page, sign_in, person) -> None:
    sign_in(person)
    page.goto("/dashboard/")


def test_a_dose_under_300_mg_leads_to_the_chart(page: Page, sign_in, pi_a, study, accessible, complaints):
    given_the_dashboard(page, sign_in, pi_a)
    flags = page.locator("#flags")
    expect(flags).to_contain_text("01-103")
    expect(flags).to_contain_text("Under 300 mg")
    expect(flags).not_to_contain_text("01-101")
    flags.get_by_role("link", name="01-103").click()
    expect(page).to_have_url(re.compile(r"/patients/[0-9a-f-]+/$"))
    assert complaints == []


def test_a_bar_of_the_distribution_opens_its_patients(page: Page, sign_in, pi_a, study, accessible):
    given_the_dashboard(page, sign_in, pi_a)
    expect(
        page.get_by_role("heading", name="1 of 3 patients took less than 90 % of what was ordered")
    ).to_be_visible()
    bar = page.locator("#pill_count svg").get_by_role("link", name="2 patients")
    bar.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Adherence by pill count: 100 to under 105 %")).to_be_visible()
    expect(page.get_by_role("link", name="01-101")).to_be_visible()
    expect(page.get_by_text("Data cut-off:").first).to_be_visible()
    accessible()


def test_the_picture_has_a_table_of_the_same_numbers(page: Page, sign_in, pi_a, study):
    given_the_dashboard(page, sign_in, pi_a)
    panel = page.locator("#pill_count")
    panel.get_by_text("As a table").click()
    expect(panel.get_by_role("row", name="100 to under 105 % 2")).to_be_visible()


def test_the_page_as_it_was_on_a_past_day(page: Page, sign_in, pi_a, study, accessible, complaints):
    # Given the dashboard of today, with a dose under 300 mg
    given_the_dashboard(page, sign_in, pi_a)
    expect(page.get_by_role("link", name=re.compile(r"^3\s*of 35"))).to_be_visible()
    # When the investigator asks for a day before anybody was enrolled
    page.get_by_label("As of").fill("2023-01-02")
    page.get_by_role("button", name="Show").click()
    # Then the page says so, nobody was enrolled, and the list behind the number keeps the day
    expect(page.get_by_role("note")).to_contain_text("As of 2 Jan 2023, not today.")
    page.get_by_role("link", name=re.compile(r"^0\s*of 35")).click()
    expect(page.get_by_text("No patient is behind this number.")).to_be_visible()
    expect(page.get_by_role("note")).to_contain_text("not today")
    accessible()
    page.get_by_role("link", name="Back to the dashboard").click()
    page.get_by_role("link", name="Back to today").click()
    expect(page.get_by_role("note")).to_have_count(0)
    assert complaints == []


def test_a_flag_is_acknowledged_from_here(page: Page, sign_in, pi_a, study):
    given_the_dashboard(page, sign_in, pi_a)
    waiting = page.locator("#waiting")
    expect(waiting).to_contain_text("1 flag")
    waiting.get_by_role("link", name="Acknowledge").click()
    expect(page).to_have_url(re.compile(r"/flags/DOSE_BELOW_300/.*/acknowledge/$"))


def test_a_course_is_reached_by_keyboard(page: Page, sign_in, pi_a, study, accessible, complaints):
    given_the_dashboard(page, sign_in, pi_a)
    page.get_by_role("link", name="Sort and filter").click()
    page.get_by_label("Sort by").select_option("adherence")
    page.get_by_role("button", name="Show").press("Enter")
    lanes = page.locator("#swimmer svg a")
    expect(lanes.first).to_contain_text("01-103")
    page.locator("#swimmer .picture-box").focus()
    page.keyboard.press("Tab")
    expect(lanes.first).to_be_focused()
    accessible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/patients/[0-9a-f-]+/$"))
    assert complaints == []


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", [DESKTOP, TABLET], ids=["desktop", "tablet"])
def test_the_page_can_be_used_by_all(
    page: Page, sign_in, pi_a, study, accessible, complaints, language, size
):
    pi_a.language = language
    page.set_viewport_size(size)
    sign_in(pi_a)
    for path in ("", "swimmer/", "events/", "?on=2026-03-01"):
        page.goto(f"/dashboard/{path}")
        accessible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []
