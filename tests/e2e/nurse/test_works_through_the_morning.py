"""A nurse's morning by keyboard alone: from row to row, search, book, and back to the same place."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from agenda.services import rebuild_agendas
from audit import recording
from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    PatientFactory,
)
from visits.services import book_visit, project_visits, record_visit_facts

TITLE = re.compile(r"^1 overdue, 1 today, 1 to follow up · Worklist")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def patients(site_01, system, today):
    """01-101 is booked for today, 01-102 was booked for yesterday and nothing is recorded of it."""
    made = []
    for number, booked_on in ((101, today), (102, today - timedelta(days=1))):
        begun = today - timedelta(days=182)
        patient = PatientFactory(site=site_01, subject_id=f"01-{number}", first_dose_on=begun)
        ConsentFactory(patient=patient, consented_on=begun)
        EnrolmentFactory(patient=patient, enrolled_on=begun)
        DoseOrderFactory(patient=patient, from_on=begun)
        project_visits(by=system, patient_ids=[patient.pk])
        month_3, month_6 = (patient.visits.get(visit=code) for code in ("M3", "M6"))
        record_visit_facts(by=system, visit=month_3, occurred_on=month_3.target_on)
        with recording(by=system, reason="Booked"):  # a day that has passed can no longer be booked
            patient.visits.filter(pk=month_6.pk).update(booked_on=booked_on)
        made.append(patient)
    AdverseEventFactory(patient=made[0], grade=3, started_on=today - timedelta(days=9))
    rebuild_agendas([patient.pk for patient in made], on=today)  # as the signal does after a service
    return made


def given_the_worklist(page: Page, sign_in, nurse) -> None:
    sign_in(nurse)
    page.goto("/clinic/")
    expect(page).to_have_title(TITLE)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def row_with_focus(page: Page):
    return page.locator("tr.whole-row", has=page.locator(".row-link:focus"))


def test_goes_from_row_to_row_and_opens_one(page, sign_in, nurse_a, patients, accessible, complaints):
    given_the_worklist(page, sign_in, nurse_a)
    accessible()
    press(page, "j")
    expect(row_with_focus(page)).to_contain_text("01-102")
    press(page, "j", "ArrowDown", "k")
    expect(row_with_focus(page)).to_contain_text("01-101")
    expect(row_with_focus(page)).to_contain_text("Record Month 6 visit")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Record Month 6 visit")).to_be_visible()
    page.go_back()
    expect(page).to_have_title(TITLE)
    assert complaints == []


def test_searches_as_typed_and_books_what_was_found(page, sign_in, nurse_a, patients):
    given_the_worklist(page, sign_in, nurse_a)
    press(page, "/")
    page.keyboard.type("102")
    expect(page.locator("tr.whole-row")).to_have_count(1)
    expect(page).to_have_title(re.compile(r"^1 overdue, 0 today, 0 to follow up"))
    expect(page).to_have_url(re.compile(r"q=102"))
    expect(page.get_by_label("Subject id")).to_be_focused()
    press(page, "ArrowDown")
    expect(row_with_focus(page)).to_contain_text("01-102")
    press(page, "b")
    expect(page.get_by_role("heading", name="Book Month 6 visit")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Subject id")).to_have_value("102")


def test_the_keys_are_shown_and_can_be_switched_off(page, sign_in, nurse_a, patients, accessible):
    given_the_worklist(page, sign_in, nurse_a)
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    accessible()
    page.get_by_label("Single letters are keys here").uncheck()
    press(page, "Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    press(page, "j")
    expect(page.locator(".row-link:focus")).to_have_count(0)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single letters are keys here").check()
    page.get_by_role("button", name="Close").click()
    press(page, "j")
    expect(page.locator(".row-link:focus")).to_have_count(1)


def test_no_key_traps_the_focus(page, sign_in, nurse_a, patients):
    given_the_worklist(page, sign_in, nurse_a)
    press(page, "j", "Tab")
    expect(page.get_by_label("Move: 01-102")).to_be_focused()
    press(page, "Shift+Tab", "Shift+Tab", "Shift+Tab")
    expect(row_with_focus(page)).to_have_count(0)


def come_back_after_a_while(page: Page) -> None:
    """As a tab that was left and is looked at again two minutes later."""
    page.evaluate(
        """() => {
          const show = (hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
          };
          const now = Date.now;
          show(true);
          Date.now = () => now() + 120000;
          show(false);
          Date.now = now;
        }"""
    )


def test_the_list_is_read_anew_at_the_same_place(page, sign_in, nurse_a, patients, system, today):
    given_the_worklist(page, sign_in, nurse_a)
    press(page, "j", "j")
    overdue = patients[1].visits.get(visit="M6")
    book_visit(by=system, visit=overdue, booked_on=today + timedelta(days=1))
    come_back_after_a_while(page)
    expect(page).to_have_title(re.compile(r"^0 overdue, 1 today"))
    expect(row_with_focus(page)).to_contain_text("01-101")


def test_a_list_that_cannot_be_read_says_so_and_stays(page, sign_in, nurse_a, patients, accessible):
    given_the_worklist(page, sign_in, nurse_a)
    page.route("**/clinic/?*", lambda route: fail(route))
    page.get_by_label("Subject id").press_sequentially("102")
    expect(page.get_by_role("alert")).to_contain_text("The list could not be read anew.")
    expect(page.locator("tr.whole-row")).to_have_count(3)
    accessible()
    page.unroute("**/clinic/?*")
    page.get_by_label("Subject id").press_sequentially("0")
    expect(page.get_by_role("alert")).to_be_hidden()


def fail(route: Route) -> None:
    route.fulfill(status=503, body="away") if route.request.header_value("hx-request") else route.continue_()


def test_who_was_signed_out_meanwhile_is_asked_to_sign_in(page, context, sign_in, nurse_a, patients):
    given_the_worklist(page, sign_in, nurse_a)
    context.clear_cookies()
    come_back_after_a_while(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_works_without_scripts(browser, live_server, sign_in, nurse_a, patients, context):
    sign_in(nurse_a)
    plain = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto("/clinic/")
    page.get_by_label("Subject id").fill("101")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tr.whole-row")).to_have_count(2)
    page.get_by_role("link", name="Record Month 6 visit").click()
    expect(page.get_by_role("heading", name="Record Month 6 visit")).to_be_visible()
    plain.close()
