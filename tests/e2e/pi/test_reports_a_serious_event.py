"""A serious event on the eve of the Chuseok holidays: its clock runs on, until the report that was sent ends it."""

from datetime import date

import pytest
from playwright.sync_api import expect

from adverse_events.models import AdverseEvent, ReportDispatch, SafetyReport
from tests.e2e.conftest import TABLET
from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    PatientFactory,
)


@pytest.fixture
def patient(site_01):
    """On 400 mg; nausea is known, and not yet that it led to a hospital."""
    patient = PatientFactory(site=site_01, subject_id="01-101")
    ConsentFactory(patient=patient)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    AdverseEventFactory(
        patient=patient, ae_no=1, term="Nausea", grade=3, started_on=date(2025, 9, 30), causality="POSSIBLE"
    )
    return patient


def given_the_nurse_calls_it_serious(page, event_path):
    page.goto(f"{event_path}change/")
    page.get_by_text("Serious?").click()
    page.locator("[name=serious][value=HOSPITALISATION]").check()
    page.get_by_label("Site became aware at").fill("2025-10-02 16:30")
    page.get_by_label("Why is it changed?").fill("Admitted on the eve of Chuseok")
    page.get_by_role("button", name="Save the change").click()


def when_the_investigator_writes_the_report(page, reports_path, accessible):
    page.goto(reports_path)
    accessible()
    page.get_by_role("link", name="Write the initial report").click()
    page.get_by_label("What happened, in your own words").fill("Admitted with vomiting; fluids given.")
    accessible()
    page.get_by_role("button", name="See the whole report").click()
    expect(page.get_by_text("Admitted with vomiting; fluids given.")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Write this report").click()
    expect(page.get_by_text("Version 1 is written.", exact=False)).to_be_visible()


def when_the_nurse_records_what_was_sent(page, reports_path, accessible):
    page.goto(reports_path)
    page.get_by_role("link", name="Record what was sent").click()
    page.get_by_label("Sponsor", exact=True).check()
    page.get_by_label("Sent at").fill("2025-10-03 09:00")
    accessible()
    page.get_by_role("button", name="Record what was sent").click()


def test_a_serious_event_is_reported(page, sign_in, nurse_a, pi_a, patient, accessible, complaints):
    event_path = f"/patients/{patient.uuid}/adverse-events/1/"
    reports_path = f"{event_path}reports/"
    sign_in(nurse_a)
    given_the_nurse_calls_it_serious(page, event_path)
    assert AdverseEvent.objects.get().serious == ["HOSPITALISATION"]

    page.goto("/clinic/")
    expect(page.locator("#follow-up").get_by_text("overdue by", exact=False).first).to_be_visible()
    accessible()

    sign_in(pi_a)
    page.goto("/dashboard/")
    expect(page.locator("#serious").get_by_text("2025", exact=False).first).to_be_visible()
    when_the_investigator_writes_the_report(page, reports_path, accessible)
    answer = page.request.get(f"{reports_path}1/pdf/en/")
    assert (answer.headers["content-type"], answer.body()[:5]) == ("application/pdf", b"%PDF-")

    sign_in(nurse_a)
    page.set_viewport_size(TABLET)
    when_the_nurse_records_what_was_sent(page, reports_path, accessible)
    expect(page.locator("#clocks").get_by_text("Sent in time")).to_be_visible()
    accessible()
    assert ReportDispatch.objects.get().report == SafetyReport.objects.get()
    page.goto("/clinic/")
    expect(page.get_by_text("Serious event to the sponsor")).to_have_count(0)
    assert complaints == []
