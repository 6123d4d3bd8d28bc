"""A patient already on imatinib comes at month 30 and changes to study drug at month 36."""

from datetime import date

from playwright.sync_api import Page, expect

from dosing.models import Kit
from patients.models import Patient
from tests.e2e.nurse.steps import fill, open_chart, press, screen, visit_row


def entered(page: Page, step) -> Patient:
    """Thirty months after the first dose, with what was taken until then."""
    screen(
        page,
        **{
            "patient-subject_id": "01-002",
            "patient-entry_path": "B",
            "patient-first_dose_on": "2022-12-08",
            "consent-consented_on": "2025-06-09",
            "tumour-surgery_on": "2022-10-20",
        },
    )
    press(page, "Save the screening")
    step("Eligibility and enrolment")
    press(page, "Enrol this patient")
    return Patient.objects.get()


def dosed_since_the_beginning(page: Page, step) -> None:
    page.get_by_role("link", name="Change the dose").click()
    page.get_by_role("link", name="Order a dose").click()
    page.get_by_label("Start or another pattern").check()
    fill(page, {"from_on": "2022-12-08", "pattern": "400", "reason": "START"})
    step("Order a dose")
    press(page, "Order this dose")
    expect(page.get_by_role("status").first).to_contain_text("Ordered from 8 Dec 2022: 400 mg")


def seen_at_month_33(page: Page, step) -> None:
    page.goto("/clinic/")
    page.get_by_role("link", name="Month 33 visit").click()
    fill(page, {"out-0-kit_id": "RX-9"})
    step("Record Month 33 visit")
    press(page, "Save Month 33 visit")
    expect(page.get_by_role("status").first).to_contain_text("Month 33 visit of 8 Sep 2025 is recorded")


def extension_signed(page: Page, step) -> None:
    """The consent to the extension is due in time, and said on the worklist."""
    page.goto("/clinic/")
    page.get_by_role("link", name="Have the consent signed: IP extension").click()
    step("Consents")
    fill(page, {"purpose": "EXTENSION", "consented_on": "2025-12-08"})
    press(page, "Record the consent")
    page.goto("/clinic/")
    expect(page.get_by_role("link", name="Have the consent signed: IP extension")).to_have_count(0)


def first_study_drug(page: Page, step) -> None:
    page.goto("/clinic/")
    page.get_by_role("link", name="Record Month 36 transition visit").click()
    page.wait_for_load_state()
    page.get_by_label("RX-9: Returned").press_sequentially("14")
    fill(page, {"out-0-kit_id": "IP-0001", "out-0-source": "IP"})
    step("Record Month 36 transition visit")
    press(page, "Save Month 36 transition visit")


def test_a_treated_patient_enters_and_changes_to_study_drug(page, site_01, arrive, step, complaints):
    # Given a patient who took the first dose thirty months ago
    arrive("2025-06-10")
    patient = entered(page, step)
    dosed_since_the_beginning(page, step)

    # Then the visits of that time are no duty, and the one of these days went into the entry
    open_chart(page, patient, "visits")
    step("Course of 01-002")
    expect(visit_row(page, "M27")).to_contain_text("Before enrolment")
    expect(visit_row(page, "M30")).to_contain_text("Merged with entry")

    # When the patient goes on to month 36
    arrive("2025-09-08")
    seen_at_month_33(page, step)
    arrive("2025-12-08")
    extension_signed(page, step)
    first_study_drug(page, step)

    # Then study drug is out since that day
    assert Kit.objects.get(source="IP").dispensed_on == date(2025, 12, 8)
    expect(page.get_by_label("Patient in view")).to_contain_text("IP extension")
    open_chart(page, patient)
    step("Course of 01-002")
    assert complaints == []
