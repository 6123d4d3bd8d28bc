"""A nurse's morning: from the worklist to a saved visit and the next date."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dosing.models import DoseOrder, KitReturn
from protocol.days import add_months
from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    PatientFactory,
)
from visits.models import Visit
from visits.services import book_visit, project_visits

CHART = re.compile(r"/patients/[0-9a-f-]+/$")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def patient(site_01, system, today):
    """Month 6 is booked for today at 10:30; 100 tablets went out at month 3, 91 days ago."""
    first_dose_on = add_months(today, -6)
    patient = PatientFactory(site=site_01, subject_id="01-101", first_dose_on=first_dose_on)
    ConsentFactory(patient=patient, consented_on=first_dose_on)
    EnrolmentFactory(patient=patient, enrolled_on=first_dose_on)
    DoseOrderFactory(patient=patient, from_on=first_dose_on)
    KitFactory(patient=patient, kit_id="RX-77", dispensed_on=today - timedelta(days=91), tablets=100)
    AdverseEventFactory(patient=patient, ae_no=1, started_on=first_dose_on)
    project_visits(by=system, patient_ids=[patient.pk])
    month_6 = patient.visits.get(visit="M6")
    book_visit(by=system, visit=month_6, booked_on=today)
    return patient


def given_the_worklist(page: Page, sign_in, nurse) -> None:
    sign_in(nurse)
    page.goto("/clinic/")


def when_month_6_is_opened(page: Page) -> None:
    page.get_by_role("link", name="Record Month 6 visit").click()
    expect(page.get_by_role("heading", name="Record Month 6 visit")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save Month 6 visit").click()


def test_records_a_visit_with_tablets_back(page, sign_in, nurse_a, patient, accessible, complaints, today):
    given_the_worklist(page, sign_in, nurse_a)
    accessible()
    when_month_6_is_opened(page)
    accessible()
    page.get_by_label("Weight (kg)").fill("61.5")
    page.get_by_label("RX-77: Returned").fill("9")
    expect(page.locator("#echo-adherence")).to_contain_text("Adherence 100.00 %")
    save(page)
    expect(page).to_have_url(CHART)
    accessible()
    expect(page.get_by_role("status").first).to_contain_text("Next visit: Month 9")
    assert Visit.objects.get(patient=patient, visit="M6").occurred_on == today
    assert KitReturn.objects.get().tablets_returned == 9
    assert complaints == []


def test_the_next_date_lies_on_a_working_day_and_is_booked(page, sign_in, nurse_a, patient):
    given_the_worklist(page, sign_in, nurse_a)
    when_month_6_is_opened(page)
    proposed = page.get_by_label("Next visit on").input_value()
    page.get_by_label("Time").fill("09:15")
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("at 09:15")
    booked = Visit.objects.get(patient=patient, visit="M9")
    assert (booked.booked_on.isoformat(), booked.booked_on.weekday() < 5) == (proposed, True)


def test_200_mg_asks_for_confirmation_and_a_reason(page, sign_in, nurse_a, patient, accessible, today):
    given_the_worklist(page, sign_in, nurse_a)
    when_month_6_is_opened(page)
    page.get_by_label("Reduce or change").check()
    page.get_by_label("Dose (mg a day)").fill("200")
    page.locator("#id_dose-reason").select_option("PATIENT_DECISION")
    expect(page.locator("#echo-dose")).to_contain_text("Under 300 mg")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    expect(page.get_by_role("heading", name="Please confirm or correct")).to_be_visible()
    expect(page).to_have_title(re.compile("^Error:"))
    accessible()
    page.get_by_label("Comment").fill("Patient cannot stand more, PI informed")
    page.get_by_label("Yes, this is meant").check()
    save(page)
    expect(page).to_have_url(CHART)
    assert DoseOrder.objects.get(patient=patient, from_on=today).pattern_mg == [200]


def test_the_keyboard_alone_is_enough_and_enter_saves_nothing(page, sign_in, nurse_a, patient):
    given_the_worklist(page, sign_in, nurse_a)
    when_month_6_is_opened(page)
    page.get_by_label("Weight (kg)").press_sequentially("60")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Record Month 6 visit")).to_be_visible()
    assert Visit.objects.get(patient=patient, visit="M6").occurred_on is None
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(CHART)


def test_in_korean_on_a_tablet(page, sign_in, nurse_a, patient, accessible):
    nurse_a.language = "ko"
    page.set_viewport_size({"width": 820, "height": 1180})
    given_the_worklist(page, sign_in, nurse_a)
    accessible()
    page.get_by_role("link", name="6개월").first.click()
    accessible()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("#echo-day")).to_contain_text("일째")
