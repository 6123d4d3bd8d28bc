"""A clean follow-up visit by keyboard alone, from the worklist to the next appointment: every key is counted."""

import time
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from dosing.models import Kit, KitReturn
from tests.factories import ConsentFactory, DoseOrderFactory, EnrolmentFactory, KitFactory, PatientFactory
from visits.models import Visit
from visits.services import book_visit, project_visits, record_visit_facts

KEYS, SECONDS = 40, 30
TODAY = date(2025, 7, 7)


class Keyboard:
    """Real keys, one by one; a capital or a key with Ctrl is one, as it is one stroke of a hand."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.pressed += len(keys)

    def into(self, field: Locator, *, part_by: int = 0, tabs: int = 0, typing: str = "") -> None:
        """From where the focus is: so many parts down, so many fields on, and this is typed there."""
        self.press(*["Control+ArrowDown"] * part_by, *["Tab"] * tabs)
        expect(field).to_be_focused()
        self.press(*typing)


@pytest.fixture
def patient(site_01, system, arrive):
    """Month 6 is booked for today; nothing is going on, a kit is out."""
    arrive(TODAY.isoformat())
    patient = PatientFactory(site=site_01, subject_id="01-101")
    ConsentFactory(patient=patient)
    EnrolmentFactory(patient=patient, enrolled_on=patient.first_dose_on)
    DoseOrderFactory(patient=patient, from_on=patient.first_dose_on)
    KitFactory(patient=patient, kit_id="RX-77", dispensed_on=date(2025, 4, 7), tablets=100)
    project_visits(by=system, patient_ids=[patient.pk])
    month_3, month_6 = (patient.visits.get(visit=code) for code in ("M3", "M6"))
    record_visit_facts(by=system, visit=month_3, occurred_on=month_3.target_on)
    book_visit(by=system, visit=month_6, booked_on=TODAY)
    return patient


def test_a_clean_visit_takes_forty_keys_and_half_a_minute(page, nurse_a, patient, accessible, complaints):
    # Given the worklist of the day
    keys = Keyboard(page)
    page.goto("/clinic/")
    page.wait_for_load_state()
    accessible()
    begun = time.monotonic()

    # When the visit is opened, weight, tablets and the new kit are typed, and it is saved
    keys.press("j", "Enter")
    expect(page.get_by_role("heading", name="Record Month 6 visit")).to_be_visible()
    page.wait_for_load_state()
    keys.into(page.get_by_label("Weight (kg)"), part_by=1, typing="61.5")
    keys.into(page.get_by_label("Systolic (mmHg)"), tabs=1, typing="124")
    keys.into(page.get_by_label("Diastolic (mmHg)"), tabs=1, typing="78")
    keys.into(page.get_by_label("ECOG"), tabs=1, typing="1")
    keys.into(page.get_by_label("Physical examination", exact=True), part_by=1, typing="1")
    for procedure in ("Pregnancy test", "Concomitant medication", "Patient questionnaire"):
        keys.into(page.get_by_label(procedure, exact=True), tabs=2, typing="1")
    keys.into(
        page.get_by_label("Laboratory results pending"), part_by=2, typing=" "
    )  # the scan is yet to come
    keys.into(page.get_by_label("RX-77: Returned"), part_by=1, typing="9")
    keys.into(page.get_by_label("Kit or prescription number 1"), part_by=3, typing="RX78")
    keys.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Month 6 visit of 7 Jul 2025 is recorded")

    # Then all of it stands, and the next visit is booked
    assert (keys.pressed <= KEYS, time.monotonic() - begun <= SECONDS) == (True, True)
    assert Visit.objects.get(patient=patient, visit="M6").occurred_on == TODAY
    assert Visit.objects.get(patient=patient, visit="M9").booked_on is not None
    assert (KitReturn.objects.get().tablets_returned, Kit.objects.count()) == (9, 2)
    assert complaints == []
