"""An adverse event and the dose ledger, brought together from either side."""

from datetime import date

import pytest

from adverse_events.models import AdverseEvent
from dosing.models import DoseOrder
from review.models import Query
from tests.factories import AdverseEventFactory, DoseOrderFactory

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 7)


@pytest.fixture
def base(consulted):
    return f"/patients/{consulted.uuid}"


@pytest.fixture
def nurse(hand, nurse_a, frozen):
    return hand(nurse_a)


@pytest.fixture
def event(consulted):
    return AdverseEvent.objects.get(patient=consulted, ae_no=1)


def report(nurse, base, action, **typed):
    values = {"term": "Headache", "grade": "2", "started_on": "2025-07-01", "action_taken": action}
    return nurse.send(f"{base}/adverse-events/new/", **values | typed)


def asked():
    return set(Query.objects.filter(closed_at=None).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("DOSE REDUCED", "/doses/new/?act=REDUCE&ae=2&day=2025-07-07&dose=300"),
        ("DRUG INTERRUPTED", "/doses/new/?act=HOLD&ae=2&day=2025-07-07"),
        ("DRUG WITHDRAWN", "/ends/new/?record=TREATMENT&ae=2"),
        ("DOSE NOT CHANGED", "/"),
        ("", "/"),
    ],
)
def test_an_event_that_says_something_of_the_dose_leads_to_the_ledger(nurse, base, action, expected):
    assert report(nurse, base, action)["Location"].startswith(f"{base}{expected}")


def test_an_event_that_is_over_leads_to_its_first_day(nurse, base):
    answer = report(nurse, base, "DRUG INTERRUPTED", ended_on="2025-07-03")
    assert "day=2025-07-01" in answer["Location"]


def test_the_query_goes_away_with_the_order_it_leads_to(nurse, base):
    path = report(nurse, base, "DOSE REDUCED")["Location"]
    assert asked() == {"REDUCED_WITHOUT_ORDER"}
    form = nurse.open(path).context["form"]
    shown = {name: form[name].value() for name in ("act", "pattern", "reason")}
    assert shown == {"act": "REDUCE", "pattern": "300", "reason": "TOXICITY"}
    nurse.send(path)
    assert asked() == set()
    assert DoseOrder.objects.get(from_on=DAY).adverse_event.ae_no == 2


def test_an_order_that_is_there_is_matched_with_a_reason(nurse, base):
    DoseOrderFactory(patient=AdverseEvent.objects.get().patient, from_on=date(2025, 7, 2),
                     pattern_mg=[300], reason="OTHER")  # fmt: skip
    path = report(nurse, base, "DOSE REDUCED")["Location"]
    page = nurse.open(path)
    (found,) = page.context["doses"].to_match
    link = f"{base}/doses/{found.pk}/correct/?ae=2"
    assert link in page.content.decode()
    nurse.send(link, why="It was for this event")
    assert DoseOrder.objects.get(pk=found.pk).adverse_event.ae_no == 2
    assert DoseOrder.objects.get(pk=found.pk).reason == "TOXICITY"


def test_only_what_is_said_anew_leads_to_the_ledger(nurse, base, event):
    path = f"{base}/adverse-events/1/change/"
    said = nurse.send(path, action_taken="DRUG INTERRUPTED")
    again = nurse.send(path, causality="POSSIBLE")
    assert "/doses/new/" in said["Location"]
    assert again["Location"] == f"{base}/"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"act": "HOLD"}, "DRUG INTERRUPTED"),
        ({"act": "REDUCE", "pattern": "300"}, "DOSE REDUCED"),
        ({"act": "OTHER", "pattern": "400"}, ""),  # the same dose again: nothing was done
        ({"act": "HOLD", "tells_event": ""}, ""),
    ],
)
def test_an_order_is_written_into_its_event_as_the_action_taken(nurse, base, event, typed, expected):
    path = f"{base}/doses/new/"
    nurse.send(path, reason="TOXICITY", event=str(event.pk), **typed)
    event.refresh_from_db()
    assert event.action_taken == expected


def test_the_end_of_treatment_is_written_into_its_event(nurse, base, event):
    typed = {"record": "TREATMENT", "ended_on": "2025-07-07", "last_dose_on": "2025-07-06",
             "why": "ADVERSE EVENT", "ae_no": "1"}  # fmt: skip
    nurse.send(f"{base}/ends/new/", "confirm", **typed)
    event.refresh_from_db()
    assert event.action_taken == "DRUG WITHDRAWN"
    assert asked() == set()


def test_matching_an_order_leaves_its_decision(nurse, base, event, pi_a):
    order = DoseOrderFactory(
        patient=event.patient, from_on=date(2025, 7, 2), pattern_mg=[300], reason="OTHER", decided_by=pi_a,
        decided_at="2025-07-02T01:00Z",
    )  # fmt: skip
    nurse.send(f"{base}/doses/{order.pk}/correct/?ae=1", why="For this event")
    order.refresh_from_db()
    assert (order.decided_by, order.is_provisional) == (pi_a, False)


def test_event_and_order_show_each_other(nurse, base, event):
    DoseOrderFactory(patient=event.patient, from_on=date(2025, 7, 2), pattern_mg=[300], adverse_event=event)
    assert "order of 2 Jul 2025" in nurse.open(f"{base}/?tab=events").content.decode()
    for page in ("doses/", "?tab=dosing"):
        assert (
            f'href="{base}/adverse-events/1/">Periorbital edema</a>'
            in nurse.open(f"{base}/{page}").content.decode()
        )
    assert "300 mg from 2 Jul 2025" in nurse.open(f"{base}/adverse-events/1/").content.decode()


def test_the_action_of_an_event_outside_the_orders_leads_nowhere(nurse, base):
    answer = report(nurse, base, "DRUG INTERRUPTED", started_on="2024-12-22", ended_on="2024-12-24")
    assert answer["Location"] == f"{base}/"


def test_a_visit_writes_its_decision_into_the_event(nurse, base, event):
    AdverseEventFactory(patient=event.patient, ae_no=7)
    path = f"{base}/visits/M6/record/"
    nurse.send(
        path, **{"dose-decision": "HOLD", "dose-from_on": "2025-07-07", "dose-reason": "TOXICITY",
                 "dose-event": str(event.pk), "ae-1-what": "CHANGED", "ae-1-grade": "2"}
    )  # fmt: skip
    event.refresh_from_db()
    assert (event.action_taken, event.grade) == ("DRUG INTERRUPTED", 2)
