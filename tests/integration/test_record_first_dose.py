"""Record the first-dose visit: treatment starts with an order, and without one somebody is asked."""

import pytest

from dosing.models import DoseOrder
from patients.models import Patient
from tests.factories import ConsentFactory, EnrolmentFactory, PatientFactory
from tests.integration.conftest import DAY, fields_of
from visits.models import Visit
from visits.services import project_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def beginning(site_01, system, frozen):
    """Enrolled; nobody has ordered a dose."""
    patient = PatientFactory(subject_id="01-102", site=site_01, first_dose_on=DAY)
    ConsentFactory(patient=patient)
    EnrolmentFactory(patient=patient, enrolled_on=DAY)
    project_visits(by=system, patient_ids=[patient.pk])
    return f"/patients/{patient.uuid}/visits/D1/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


START = {"dose-decision": "START", "dose-pattern": "400"}


def test_start_is_offered_and_the_planned_dose_is_said_not_filled_in(nurse, beginning):
    page = nurse.open(beginning)
    dose = page.context["forms"].dose
    assert [code for code, _words in dose.fields["decision"].choices] == ["CONTINUE", "START", "STOP"]
    assert dose["pattern"].value() is None
    assert "Planned by the protocol: 400 mg a day" in page.content.decode()


def test_a_first_dose_without_an_order_is_asked_about(nurse, beginning):
    page = nurse.send(beginning)
    assert [doubt.sentence.partition(":")[0] for doubt in page.context["doubts"]] == ["No dose is ordered"]
    assert Visit.objects.get(visit="D1").occurred_on is None
    ticked = {"confirm-confirmed": page.context["mark"], "confirm-doubted": "Ordered on paper"}
    assert nurse.send(beginning, **ticked).status_code == 302


def test_start_orders_the_dose_and_begins_treatment(nurse, beginning):
    assert nurse.send(beginning, **START).status_code == 302
    order = DoseOrder.objects.get()
    assert (order.from_on, order.pattern_mg, order.reason) == (DAY, [400], "START")


def test_a_start_at_an_unscheduled_visit_begins_treatment(nurse, site_01, frozen):
    patient = PatientFactory(subject_id="01-103", site=site_01, first_dose_on=None)
    assert nurse.send(f"/patients/{patient.uuid}/visits/UNS/record/", **START).status_code == 302
    assert Patient.objects.get().first_dose_on == DAY


@pytest.mark.parametrize(("pattern", "sentence"), [("", "needed for the decision"), ("0", "is a hold")])
def test_start_wants_a_dose(nurse, beginning, pattern, sentence):
    page = nurse.send(beginning, **START | {"dose-pattern": pattern})
    assert sentence in page.content.decode()
    assert not DoseOrder.objects.exists()


def test_the_first_visit_sent_twice_makes_one_order(nurse, beginning):
    sent = fields_of(nurse.open(beginning)) | START | {"action": "save"}
    assert [nurse.send_again(beginning, sent).status_code for _ in range(2)] == [302, 302]
    assert DoseOrder.objects.count() == 1
