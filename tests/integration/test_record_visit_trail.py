"""Record a visit: everything one consultation saves stands in the trail as one act, with one reason."""

import pytest

from adverse_events.models import AdverseEvent
from dosing.models import DoseOrder
from visits.models import Assessment, Visit

pytestmark = pytest.mark.django_db

TYPED = {
    "seen-weight_kg": "60", "dose-decision": "HOLD", "dose-reason": "SUPPLY",
    "new-0-term": "Nausea", "new-0-grade": "2", "new-0-started_on": "2025-06-30",
}  # fmt: skip


@pytest.fixture
def saved(hand, nurse_a, consulted):
    answer = hand(nurse_a).send(f"/patients/{consulted.uuid}/visits/M6/record/", **TYPED)
    assert answer.status_code == 302
    records = [
        Visit.objects.get(visit="M6"), Visit.objects.get(visit="M9"), Assessment.objects.get(),
        AdverseEvent.objects.get(term="Nausea"), DoseOrder.objects.latest("from_on"),
    ]  # fmt: skip
    return [record.events.latest("pgh_id") for record in records]


def test_one_consultation_has_one_reason(saved):
    assert {event.pgh_context["reason"] for event in saved} == {"Seen at visit: M6"}
    assert {event.pgh_context["actor"] for event in saved} == {"nurse_a"}
