"""A low count typed at a visit is held for, and an event that says more than the ledger is asked about."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dosing.models import DoseOrder
from protocol.days import add_months
from review.models import Query
from tests.e2e.nurse.steps import fill, open_chart, press
from tests.factories import ConsentFactory, DoseOrderFactory, EnrolmentFactory, PatientFactory
from visits.services import project_visits


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def patient(site_01, system, today):
    """On 400 mg for six months."""
    first_dose_on = add_months(today, -6)
    patient = PatientFactory(site=site_01, subject_id="01-101", first_dose_on=first_dose_on)
    ConsentFactory(patient=patient, consented_on=first_dose_on)
    EnrolmentFactory(patient=patient, enrolled_on=first_dose_on)
    DoseOrderFactory(patient=patient, from_on=first_dose_on)
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


def reported(page: Page, patient, today) -> None:
    """An event of grade 2 that says the dose was reduced."""
    page.goto(f"/patients/{patient.uuid}/adverse-events/new/")
    started_on = str(today - timedelta(days=6))
    fill(page, {"term": "Headache", "started_on": started_on, "action_taken": "DOSE REDUCED"})
    page.locator("[name=grade][value='2']").check()


def test_neutrophils_of_0_8_are_graded_held_for_and_linked(
    page, sign_in, nurse_a, patient, accessible, complaints, today
):
    # Given a visit at which neutrophils come back low
    sign_in(nurse_a)
    page.goto(f"/patients/{patient.uuid}/visits/M6/record/")
    page.locator("[name='lab-ANC-value']").press_sequentially("0.8")

    # Then the grade and what the label advises are said before anything is saved
    expect(page.locator("#echo-lab-ANC")).to_contain_text("grade 3")
    expect(page.locator("#echo-advice")).to_contain_text("The label advises to hold imatinib.")
    accessible()

    # When the event is reported and imatinib held because of it
    event = {"term": "Neutrophil count decreased", "grade": "3", "started_on": str(today)}
    fill(page, {f"new-0-{name}": value for name, value in event.items()})
    page.get_by_label("Hold imatinib").check()
    fill(page, {"dose-from_on": str(today), "dose-reason": "TOXICITY", "dose-event": "NEW"})
    accessible()
    press(page, "Save Month 6 visit")

    # Then the ledger has the hold, and why
    expect(page.get_by_label("Patient in view")).to_contain_text("On hold")
    order = DoseOrder.objects.get(patient=patient, from_on=today)
    assert (order.pattern_mg, order.adverse_event.term) == ([0], "Neutrophil count decreased")
    assert complaints == []


def test_a_reduction_that_nobody_ordered_is_asked_about_until_it_is(
    page, sign_in, nurse_a, patient, accessible, complaints, today
):
    # Given an event that says the dose was reduced, beside a ledger at 400 mg
    sign_in(nurse_a)
    reported(page, patient, today)
    accessible()
    press(page, "Report this adverse event")
    order_page = page.url

    # Then a query asks for the order
    open_chart(page, patient, "queries")
    expect(page.locator("main")).to_contain_text("no lower dose is ordered from its start on")
    accessible()

    # When the order is entered
    page.goto(order_page)
    accessible()
    press(page, "Order this dose")

    # Then nothing is asked any more
    expect(page.get_by_label("Patient in view")).to_contain_text("300 mg")
    expect(page.get_by_label("Patient in view")).not_to_contain_text("open quer")
    assert not Query.objects.filter(closed_at=None).exists()
    assert complaints == []
