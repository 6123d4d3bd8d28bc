"""A nurse books outside the window, closes a day of the clinic, and calls a patient who did not come."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.nurse.steps import confirm, fill, press
from tests.factories import ConsentFactory, DoseOrderFactory, EnrolmentFactory, PatientFactory
from visits.models import ContactAttempt, Visit
from visits.services import book_visit, project_visits, record_visit_facts


@pytest.fixture
def month_6(site_01, system, arrive):
    """Of a patient who came at month 3; booked for Thursday, 10 July."""
    arrive("2025-07-07")
    patient = PatientFactory(site=site_01, subject_id="01-101")
    ConsentFactory(patient=patient)
    EnrolmentFactory(patient=patient, enrolled_on=patient.first_dose_on)
    DoseOrderFactory(patient=patient, from_on=patient.first_dose_on)
    project_visits(by=system, patient_ids=[patient.pk])
    record_visit_facts(by=system, visit=patient.visits.get(visit="M3"), occurred_on="2025-04-07")
    visit = patient.visits.get(visit="M6")
    book_visit(by=system, visit=visit, booked_on=visit.target_on.replace(day=10))
    return visit


def book(page: Page, visit: Visit, day: str) -> None:
    page.goto(f"/patients/{visit.patient.uuid}/visits/M6/book/")
    fill(page, {"booked_on": day})
    press(page, "Book this day")


def booked_on(visit: Visit) -> str:
    visit.refresh_from_db()
    return visit.booked_on.isoformat()


def test_a_day_outside_the_window_is_meant_and_has_its_reason(page, month_6, step, complaints):
    book(page, month_6, "2025-07-30")
    expect(page.get_by_text("outside the window").first).to_be_visible()
    step("Book Month 6 visit")
    confirm(page, "Book this day")
    expect(page.get_by_role("alert").first).to_contain_text("Say why the day is outside the window")
    step("Book Month 6 visit")
    page.get_by_label("Why outside the window").fill("Abroad until then")
    confirm(page, "Book this day")
    expect(page.get_by_role("status").first).to_contain_text("Month 6 is booked for 30 Jul 2025")
    assert (booked_on(month_6), complaints) == ("2025-07-30", [])


def test_a_day_is_closed_and_its_appointments_get_another(page, month_6, step, complaints):
    page.goto("/clinic/")
    page.get_by_role("link", name="Calendar", exact=True).click()
    step("Calendar of the clinic")
    fill(page, {"first": "2025-07-10", "note": "Audit"})
    press(page, "Close these days")
    expect(page.get_by_role("heading", name="Booked on days the clinic is closed")).to_be_visible()
    step("Calendar of the clinic")
    page.get_by_role("link", name="Book Month 6 visit of 01-101 anew").click()
    fill(page, {"booked_on": "2025-07-11"})
    press(page, "Book this day")
    page.goto("/clinic/calendar/")
    expect(page.get_by_role("heading", name="Booked on days the clinic is closed")).to_have_count(0)
    assert (booked_on(month_6), complaints) == ("2025-07-11", [])


def test_who_did_not_come_is_called_until_reached(page, month_6, arrive, step, complaints):
    arrive("2025-07-11")
    page.goto("/clinic/")
    page.get_by_role("link", name="Did not come").click()
    step("Book Month 6 visit")
    press(page, "Did not come")
    step("Call about Month 6 visit")
    for day, is_reached in (("2025-07-11", "No"), ("2025-07-14", "Yes")):
        arrive(day)
        page.goto(f"/patients/{month_6.patient.uuid}/visits/M6/contacts/")
        fill(page, {"channel": "TELEPHONE"})
        page.get_by_label(is_reached, exact=True).check()
        press(page, "Record the attempt")
        expect(page.get_by_role("status").first).to_contain_text("The attempt is recorded")
        step("Call about Month 6 visit")
    assert list(ContactAttempt.objects.order_by("on").values_list("reached", flat=True)) == [False, True]
    assert complaints == []
