"""The investigator looks at what a new version would do to the sample cohort, brings it in, and sees what happened."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from exchange.services import import_cohort
from patients.models import Patient
from tests.e2e.conftest import DESKTOP, TABLET
from tests.protocols import SECOND

SAMPLE = Path(__file__).parents[2] / "data" / "cohorts" / "sample"


@pytest.fixture
def cohort(site_01, system, second_version):
    import_cohort(by=system, folder=SAMPLE, on=timezone.localdate())


def given_the_preview(page: Page, sign_in, person) -> None:
    sign_in(person)
    page.goto("/amendments/")
    page.get_by_role("row", name="01 Test Clinic 01").get_by_role("link", name="Preview version 2.0").click()


def test_the_preview_is_what_happened(page: Page, sign_in, pi_a, cohort, accessible, complaints):
    # Given the preview of the second version for the site
    given_the_preview(page, sign_in, pi_a)
    expect(page.get_by_role("heading", name="Version 2.0 for site 01")).to_be_visible()
    expect(page.get_by_text("Nothing on this page has happened yet.")).to_be_visible()
    accessible()
    announced = page.locator("section:has(#totals) dd").all_inner_texts()
    # When a patient is opened, their visits stand there old and new
    page.locator("details summary").first.click()
    expect(page.get_by_role("columnheader", name="Took place").first).to_be_visible()
    # And when it is brought in with a reason
    page.get_by_label("Why it is brought in here").fill("Approved by the review board")
    page.get_by_role("button", name="Bring in version 2.0").click()
    # Then the page after says the same numbers, and the list says who is on it
    expect(page).to_have_url(re.compile(r"/amendments/applied/[0-9a-f-]+/$"))
    done = page.locator("section:has(#act) dd").all_inner_texts()
    assert done[1:] == announced
    accessible()
    page.get_by_role("link", name="All versions").click()
    expect(page.get_by_role("row", name="01 Test Clinic 01")).to_contain_text("2.0:")
    assert Patient.objects.filter(site__code="01", protocol_version=SECOND).exists()
    assert complaints == []


def test_without_a_reason_nothing_happens(page: Page, sign_in, pi_a, cohort, accessible):
    given_the_preview(page, sign_in, pi_a)
    page.get_by_role("button", name="Bring in version 2.0").click()
    expect(page.get_by_role("alert")).to_contain_text("Why it is brought in here")
    expect(page).to_have_title(re.compile("^Error:"))
    accessible()
    assert not Patient.objects.filter(protocol_version=SECOND).exists()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", [DESKTOP, TABLET], ids=["desktop", "tablet"])
def test_the_pages_can_be_used_by_all(
    page: Page, sign_in, pi_a, cohort, accessible, complaints, language, size
):
    pi_a.language = language
    page.set_viewport_size(size)
    sign_in(pi_a)
    site = pi_a.delegations.get().site_id
    for path in ("", f"{SECOND}/", f"{SECOND}/compare/amc2202_v1/", f"{SECOND}/sites/{site}/"):
        page.goto(f"/amendments/{path}")
        accessible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []
