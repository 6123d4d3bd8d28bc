"""A nurse follows one patient from screening to the safety follow-up; time passes between the visits."""

from playwright.sync_api import Page, expect

from adverse_events.models import AdverseEvent
from dosing.models import DoseOrder
from patients.models import Disposition, Patient
from tests.e2e.nurse.steps import fill, open_chart, press, screen, visit_row


def screened(page: Page, step) -> Patient:
    """Neutrophils that are exactly at the limit bar the way, until the misreading is corrected."""
    screen(
        page,
        **{
            "patient-subject_id": "01-001",
            "patient-entry_path": "A",
            "tumour-surgery_on": "2024-11-20",
            "screening-planned_start_on": "2025-01-09",
            "screening-anc": "1.5",
        },
    )
    expect(page.locator("#eligibility-lines")).to_contain_text("Stands in the way: I6a")
    step("Screen a patient")
    press(page, "Save the screening")
    step("Eligibility and enrolment")
    expect(page.locator("#eligibility")).to_contain_text("1.5 is exactly the limit")
    fill(page, {"screening-anc": "3.4", "reason": "Misread"})
    press(page, "Save the facts")
    expect(page.get_by_role("status").first).not_to_contain_text("Stands in the way")
    return Patient.objects.get()


def consented(page: Page, step) -> None:
    expect(page.get_by_role("button", name="Enrol this patient")).to_have_count(0)
    page.get_by_role("link", name="Consents").click()
    step("Consents")
    fill(page, {"purpose": "STUDY", "consented_on": "2024-12-20"})
    press(page, "Record the consent")
    expect(page.get_by_role("status").first).to_contain_text("The consent is recorded")


def enrolled(page: Page, step) -> None:
    page.goto("/clinic/")
    page.get_by_role("link", name="Enrol patient").click()
    step("Eligibility and enrolment")
    press(page, "Enrol this patient")
    expect(page.get_by_role("status").first).to_contain_text("Enrolled on 3 Jan 2025")


def started(page: Page, step) -> None:
    page.goto("/clinic/")
    page.get_by_role("link", name="Record First dose visit").click()
    page.get_by_label("Start imatinib").check()
    fill(page, {"dose-pattern": "400", "out-0-kit_id": "RX-1", "out-0-tablets": "120"})
    step("Record First dose visit")
    press(page, "Save First dose visit")
    expect(page.get_by_role("status").first).to_contain_text("First dose visit of 9 Jan 2025 is recorded")


def seen_late(page: Page, step, patient) -> None:
    """Twenty days after the target, thirteen after the window: a deviation that is said and stays."""
    page.goto("/clinic/")
    expect(page.locator("#overdue")).to_contain_text("13 days late")
    page.get_by_label("Record: 01-001").click()
    expect(page.locator("#echo-day")).to_contain_text("Out of window")
    page.wait_for_load_state()
    page.get_by_label("RX-1: Returned").press_sequentially("10")
    expect(page.locator("#echo-adherence")).to_contain_text("Adherence 100.00 %")
    step("Record Month 3 visit")
    press(page, "Save Month 3 visit")
    open_chart(page, patient, "visits")
    expect(visit_row(page, "M3")).to_contain_text("Out of window")
    expect(visit_row(page, "M6")).to_contain_text("9 Jul 2025")


def moved(page: Page, step, patient) -> None:
    open_chart(page, patient, "visits")
    page.get_by_role("link", name="Book Month 6 visit").click()
    fill(page, {"booked_on": "2025-07-11", "booked_time": "10:30"})
    step("Book Month 6 visit")
    press(page, "Book this day")
    expect(page.get_by_role("status").first).to_contain_text("Month 6 is booked for 11 Jul 2025")


def held(page: Page, step, patient) -> None:
    """The event of that day is the reason of the hold: both are one act."""
    page.goto("/clinic/")
    page.get_by_role("link", name="Record Month 6 visit").click()
    fill(page, {"new-0-term": "Neutrophil count decreased", "new-0-grade": "3"})
    fill(page, {"new-0-started_on": "2025-07-10"})
    page.get_by_label("Hold imatinib").check()
    fill(page, {"dose-from_on": "2025-07-11", "dose-reason": "TOXICITY", "dose-event": "NEW"})
    step("Record Month 6 visit")
    press(page, "Save Month 6 visit")
    expect(page.get_by_label("Patient in view")).to_contain_text("On hold")
    hold = DoseOrder.objects.get(from_on="2025-07-11")
    assert hold.adverse_event == AdverseEvent.objects.get(patient=patient)


def stopped(page: Page, step, patient) -> None:
    open_chart(page, patient, "outcomes")
    page.get_by_role("link", name="Record the end of treatment or study").click()
    page.get_by_label("Treatment with imatinib").check()
    fill(page, {"ended_on": "2025-09-01", "last_dose_on": "2025-07-10", "why": "ADVERSE EVENT", "ae_no": "1"})
    step("End treatment or participation")
    press(page, "See what follows")
    step("Please confirm")
    expect(page.locator("#what-follows")).to_contain_text("Safety follow-up 9 Aug 2025, window closed")
    assert not Disposition.objects.exists()
    press(page, "Yes, record it")
    assert Disposition.objects.get().reason == "ADVERSE EVENT"


def test_a_course_from_screening_to_the_safety_follow_up(page, site_01, arrive, step, complaints):
    # Given a patient who is screened, signs, is enrolled and takes the first dose
    arrive("2024-12-20")
    patient = screened(page, step)
    consented(page, step)
    arrive("2025-01-03")
    enrolled(page, step)
    arrive("2025-01-09")
    started(page, step)

    # When month 3 is late, month 6 is moved and ends in a hold
    arrive("2025-04-29")
    seen_late(page, step, patient)
    arrive("2025-07-01")
    moved(page, step, patient)
    arrive("2025-07-11")
    held(page, step, patient)

    # And treatment ends early
    arrive("2025-09-01")
    stopped(page, step, patient)

    # Then what was to come falls, and the follow-up stands in its place
    open_chart(page, patient, "visits")
    step("Course of 01-001")
    expect(visit_row(page, "M9")).to_contain_text("Cancelled")
    expect(visit_row(page, "EOT")).to_contain_text("10 Jul 2025")
    expect(visit_row(page, "SFU")).to_contain_text("9 Aug 2025")
    open_chart(page, patient)
    step("Course of 01-001")
    assert complaints == []
