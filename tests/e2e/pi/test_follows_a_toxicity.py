"""A toxicity from the first low count to the second: held, not yet resumed, resumed, and a low dose acknowledged."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dosing.models import DoseOrder
from patients.signals import announce
from protocol.days import add_months
from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    LabResultFactory,
    PatientFactory,
)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def patient(site_01, today):
    """On 400 mg for six months; neutropenia of grade 3 is reported since yesterday."""
    first_dose_on = add_months(today, -6)
    patient = PatientFactory(site=site_01, subject_id="01-101", first_dose_on=first_dose_on)
    ConsentFactory(patient=patient, consented_on=first_dose_on)
    EnrolmentFactory(patient=patient, enrolled_on=first_dose_on)
    DoseOrderFactory(patient=patient, from_on=first_dose_on)
    started_on = today - timedelta(days=40)
    AdverseEventFactory(
        patient=patient, ae_no=1, term="Neutrophil count decreased", grade=3, started_on=started_on
    )
    return patient


def given_results(patient, on, **values):
    for test, value in values.items():
        LabResultFactory(patient=patient, collected_on=on, test=test, value=Decimal(value))


def given_a_hold(patient, on):
    return DoseOrderFactory(
        patient=patient,
        from_on=on,
        pattern_mg=[0],
        reason="TOXICITY",
        adverse_event=patient.adverse_events.get(ae_no=1),
    )


def when_the_doses_are_opened(page: Page, patient) -> None:
    page.goto(f"/patients/{patient.uuid}/doses/")
    expect(page.get_by_role("heading", name="What is advised")).to_be_visible()


def test_holds_for_neutrophils_of_0_8(page, sign_in, nurse_a, patient, accessible, complaints, today):
    given_results(patient, today, ANC="0.8")
    sign_in(nurse_a)
    when_the_doses_are_opened(page, patient)
    expect(page.get_by_text("The label advises to hold imatinib.")).to_be_visible()
    expect(page.get_by_text("ANC 0.8 < 1", exact=False)).to_be_visible()
    accessible()
    page.get_by_role("link", name="Hold imatinib").click()
    accessible()
    page.get_by_role("button", name="Order this dose").click()
    expect(page.get_by_text("It is provisional until an investigator confirms it.")).to_be_visible()
    order = DoseOrder.objects.get(patient=patient, from_on=today)
    assert (order.pattern_mg, order.adverse_event.ae_no) == ([0], 1)
    assert complaints == []


def test_resumes_when_the_label_allows_it_and_not_before(page, sign_in, nurse_a, patient, accessible, today):
    given_a_hold(patient, today - timedelta(days=14))
    given_results(patient, today - timedelta(days=1), ANC="1.4", PLT="80")
    sign_in(nurse_a)
    when_the_doses_are_opened(page, patient)
    expect(page.locator("#acts").get_by_text("not yet")).to_be_visible()
    accessible()
    page.get_by_role("link", name="Resume imatinib · 400 mg").click()
    page.get_by_role("button", name="Order this dose").click()
    expect(page.get_by_text("Not yet to be resumed: ANC 1.4, must be ≥ 1.5.")).to_be_visible()
    accessible()
    given_results(patient, today, ANC="1.5", PLT="75")
    when_the_doses_are_opened(page, patient)
    expect(page.locator("#acts").get_by_text("not yet")).to_have_count(0)
    page.get_by_role("link", name="Resume imatinib · 400 mg").click()
    page.get_by_role("button", name="Order this dose").click()
    expect(page.get_by_text("Ordered from", exact=False)).to_be_visible()


def test_the_second_time_300_is_proposed(page, sign_in, nurse_a, patient, today):
    given_a_hold(patient, today - timedelta(days=40))
    DoseOrderFactory(patient=patient, from_on=today - timedelta(days=30), reason="RESUME")
    given_a_hold(patient, today - timedelta(days=10))
    given_results(patient, today, ANC="1.8", PLT="160")
    sign_in(nurse_a)
    when_the_doses_are_opened(page, patient)
    expect(page.get_by_role("link", name="Resume imatinib · 300 mg")).to_be_visible()


def test_the_principal_investigator_acknowledges_200_mg(
    page, sign_in, pi_a, patient, accessible, complaints, today
):
    DoseOrderFactory(patient=patient, from_on=today, pattern_mg=[200])
    announce([patient.pk], "test")
    sign_in(pi_a)
    page.goto("/dashboard/")
    page.get_by_role("link", name="Acknowledge 01-101", exact=False).click()
    accessible()
    page.get_by_label("What came of it").fill("Tolerates no more than 200 mg")
    page.get_by_role("button", name="Acknowledge this flag").click()
    expect(page.get_by_text("Tolerates no more than 200 mg")).to_be_visible()
    accessible()
    page.goto("/dashboard/")
    expect(page.locator("#waiting").get_by_text("Nothing waits.")).to_be_visible()
    expect(page.locator("#flags").get_by_text("01-101")).to_be_visible()
    assert complaints == []
