"""A data manager corrects a value: found by subject id, changed with a reason, its trail read beside the form."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from dosing.models import DoseOrder
from tests.e2e.conftest import DESKTOP, TABLET
from tests.factories import ContactFactory, DoseOrderFactory, LabResultFactory, PatientFactory, VisitFactory

ORDERS = "/admin/dosing/doseorder/"
PAGES = (
    "/admin/",
    ORDERS,
    f"{ORDERS}add/",
    f"{ORDERS}export/",
    "/admin/visits/labresult/?q=01-101",
    "/admin/visits/visit/",
    "/admin/review/query/",
    "/admin/accounts/site/",
)


@pytest.fixture
def order(site_01, system):
    patient = PatientFactory(site=site_01, subject_id="01-101")
    LabResultFactory(patient=patient)
    VisitFactory(patient=patient)
    ContactFactory(patient=patient)
    DoseOrderFactory(patient=PatientFactory(site=site_01, subject_id="01-102"))
    return DoseOrderFactory(patient=patient, from_on=date(2025, 1, 6), pattern_mg=[300])


def given_the_order_found_by_subject(page: Page, sign_in, person) -> None:
    sign_in(person)
    page.goto(ORDERS)
    page.get_by_role("textbox", name="Search").fill("01-101")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="01-102")).to_have_count(0)
    page.get_by_role("link", name="01-101").click()


def when_the_dose_is_typed(page: Page, pattern: str) -> None:
    page.get_by_label("Pattern (mg a day)").fill(pattern)


def and_the_reason_is_given(page: Page) -> None:
    page.locator("#id_reason_code").select_option(label="Differs from the source document")
    page.get_by_label("In your words").fill("chart page 3")


def test_a_value_is_corrected_and_the_trail_shows_it(
    page: Page, sign_in, data_manager, order, accessible, complaints
):
    given_the_order_found_by_subject(page, sign_in, data_manager)
    when_the_dose_is_typed(page, "400")
    and_the_reason_is_given(page)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("Saved: 01-101 · dose order")).to_be_visible()
    assert complaints == []
    trail = page.get_by_role("row").filter(has_text="chart page 3")
    expect(trail).to_contain_text("data_manager")
    expect(trail).to_contain_text(re.compile(r"Pattern \(mg a day\):\s+300\s+→\s+400"))
    accessible()
    assert DoseOrder.objects.get(pk=order.pk).pattern_mg == [400]


def test_without_a_reason_nothing_is_saved_and_nothing_typed_is_lost(
    page: Page, sign_in, data_manager, order
):
    given_the_order_found_by_subject(page, sign_in, data_manager)
    when_the_dose_is_typed(page, "400/0")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_title(re.compile("Error:"))
    expect(page.get_by_label("Pattern (mg a day)")).to_have_value("400/0")
    assert DoseOrder.objects.get(pk=order.pk).events.count() == 1


def test_nothing_offers_to_delete(page: Page, sign_in, data_manager, order):
    sign_in(data_manager)
    page.goto(f"{ORDERS}{order.pk}/change/")
    expect(page.get_by_text("Delete", exact=True)).to_have_count(0)


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("ko", TABLET)], ids=["desktop", "tablet"])
def test_every_kind_of_page_keeps_to_the_policy_and_can_be_used_by_all(
    page: Page, sign_in, data_manager, order, accessible, complaints, language, size
):
    """The policy is judged before axe runs: it copies style sheets into the page, which the policy refuses."""
    data_manager.language = language
    sign_in(data_manager)
    page.set_viewport_size(size)
    addresses = (*PAGES, f"{ORDERS}{order.pk}/change/", f"{ORDERS}{order.pk}/history/")
    for address in addresses:
        page.goto(address)
    assert complaints == []
    for address in addresses:
        page.goto(address)
        accessible()


def test_the_calendar_of_a_date_field_works_under_the_policy(
    page: Page, sign_in, data_manager, order, complaints
):
    sign_in(data_manager)
    page.goto(f"{ORDERS}{order.pk}/change/")
    page.get_by_role("link", name="Choose a Date").first.click()
    page.get_by_role("link", name="15", exact=True).first.click()
    expect(page.locator("#id_from_on")).to_have_value("2025-01-15")
    assert complaints == []
