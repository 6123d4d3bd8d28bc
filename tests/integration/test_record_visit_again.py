"""Record a visit: a page that comes back after it was saved, by Back and a second press of the button."""

from datetime import date

import pytest

from adverse_events.models import AdverseEvent
from tests.factories import PatientFactory
from tests.integration.conftest import fields_of
from visits.models import Visit
from visits.services import record_unscheduled_visit, record_visit_facts

pytestmark = pytest.mark.django_db

EVENT = {"new-0-term": "Nausea", "new-0-grade": "2", "new-0-started_on": "2025-06-30", "action": "save"}


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def test_a_page_with_a_new_event_sent_twice_makes_one_record(nurse, path):
    sent = fields_of(nurse.open(path)) | EVENT
    assert [nurse.send_again(path, sent).status_code for _ in range(2)] == [302, 302]
    assert AdverseEvent.objects.filter(term="Nausea").count() == 1


def test_a_page_with_a_new_event_changed_after_back_is_compared(nurse, path):
    sent = fields_of(nurse.open(path)) | EVENT
    nurse.send_again(path, sent)
    page = nurse.send_again(path, sent | {"new-0-grade": "3"})
    assert page.status_code == 409
    assert [
        (row.difference.label, row.difference.stored, row.difference.typed) for row in page.context["choices"]
    ] == [("Nausea", 2, 3)]


def test_a_page_overtaken_is_told_so_before_its_faults(nurse, path):
    sent = fields_of(nurse.open(path)) | EVENT
    nurse.send_again(path, sent)
    page = nurse.send_again(path, sent | {"new-0-grade": ""})
    assert page.status_code == 409
    assert "after you opened the page" in page.content.decode()
    assert "What differs" not in page.content.decode()


def test_an_unscheduled_visit_says_why_the_patient_came(nurse, consulted):
    base = f"/patients/{consulted.uuid}/visits/UNS/record/"
    nurse.send(base, **{"day-occurred_on": "2025-07-07", "day-came_for": "Swollen eyelids"})
    visit = Visit.objects.get(visit="UNS")
    assert visit.reason == "Swollen eyelids"
    assert "Swollen eyelids" in nurse.open(f"/patients/{consulted.uuid}/?tab=visits").content.decode()
    page = nurse.open(f"{base}?on=2025-07-07").content.decode()
    assert 'value="Swollen eyelids"' in page


def test_why_the_patient_came_is_corrected_with_a_reason(system, site_01):
    visit = record_unscheduled_visit(
        by=system,
        patient=PatientFactory(site=site_01),
        occurred_on=date(2025, 7, 1),
        came_for="Swollen eyelids",
    )
    record_visit_facts(
        by=system, visit=visit, occurred_on=date(2025, 7, 1), came_for=" Swollen ankles ", reason="Misheard"
    )
    assert Visit.objects.get(pk=visit.pk).reason == "Swollen ankles"


def test_a_scheduled_visit_is_not_asked_why(nurse, consulted):
    page = nurse.open(f"/patients/{consulted.uuid}/visits/M6/record/").content.decode()
    assert "Why the patient came" not in page
