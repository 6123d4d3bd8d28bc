"""A nurse closes a screening that cannot lead to enrolment: it stays, with its reason."""

from playwright.sync_api import expect

from patients.models import Disposition, Patient
from tests.e2e.nurse.steps import open_chart, press, screen


def test_a_screen_failure_stays_with_its_reason(page, site_01, arrive, step, complaints):
    # Given a patient whose condition bars the way
    arrive("2025-07-07")
    screen(
        page,
        **{
            "patient-subject_id": "01-003",
            "patient-entry_path": "A",
            "tumour-surgery_on": "2025-06-02",
            "consent-consented_on": "2025-07-04",
            "screening-planned_start_on": "2025-07-14",
            "screening-ecog": "3",
        },
    )
    press(page, "Save the screening")

    # When the nurse closes the screening from the worklist
    page.goto("/clinic/")
    page.get_by_role("link", name="Close the screening").click()
    step("Close as screen failure")
    expect(page.get_by_label("Why the patient is not enrolled")).to_have_value(
        "I5 ECOG performance status low enough"
    )
    press(page, "Close this screening")

    # Then it is nobody's work any more, and can still be read
    expect(page.get_by_role("status").first).to_contain_text("Screening and assessment stay")
    assert Disposition.objects.get().reason == "SCREEN FAILURE"
    page.goto("/clinic/")
    expect(page.get_by_role("link", name="01-003")).to_have_count(0)
    open_chart(page, Patient.objects.get(), "entry")
    step("Course of 01-003")
    assert complaints == []
