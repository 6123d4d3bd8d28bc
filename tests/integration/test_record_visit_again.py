"""Record a visit: a page that comes back after it was saved, by Back and a second press of the button."""

import pytest

from adverse_events.models import AdverseEvent
from tests.integration.conftest import fields_of

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
