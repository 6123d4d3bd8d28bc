"""Order a dose: the echo of the mean, and what is asked before a low one is saved."""

from datetime import date

import pytest

from dosing.models import DoseOrder
from patients.models import Patient
from tests.factories import AdverseEventFactory, PatientFactory

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 7)


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/doses/new/"


@pytest.fixture
def nurse(hand, nurse_a, frozen):
    return hand(nurse_a)


def ordered():
    order = DoseOrder.objects.filter(from_on=DAY).first()
    return order.pattern_mg if order else None


@pytest.mark.parametrize(
    ("act", "pattern", "expected"),
    [
        ("REDUCE", "300", [300]),
        ("OTHER", "400 / 300", [400, 300]),
        ("HOLD", "", [0]),
        ("HOLD", "300", [0]),
        ("RESUME", "400", [400]),
    ],
)
def test_doses_in_range_and_holds_are_ordered_at_once(nurse, path, act, pattern, expected):
    answer = nurse.send(path, act=act, pattern=pattern, reason="PATIENT_DECISION")
    assert answer.status_code == 302
    assert ordered() == expected


@pytest.mark.parametrize("pattern", ["200", "400/0", "299", "600"])
def test_doses_out_of_range_ask_first(nurse, path, pattern):
    typed = {"act": "OTHER", "pattern": pattern, "reason": "OTHER"}
    page = nurse.send(path, **typed)
    assert "confirm it and say why" in page.content.decode() and ordered() is None
    nurse.send(path, **typed, comment="PI agreed", **{"confirm-confirmed": page.context["mark"]})
    assert ordered() == [int(mg) for mg in pattern.split("/")]


def test_the_first_dose_ordered_starts_treatment_and_plans_the_visits(nurse, site_01):
    new = PatientFactory(site=site_01, first_dose_on=None)
    nurse.send(f"/patients/{new.uuid}/doses/new/", act="OTHER", pattern="400", reason="START")
    assert Patient.objects.get(pk=new.pk).first_dose_on == DAY
    assert new.visits.get(visit="M6").target_on == date(2026, 1, 7)


def test_a_hold_starts_nothing(nurse, site_01):
    new = PatientFactory(site=site_01, first_dose_on=None)
    nurse.send(f"/patients/{new.uuid}/doses/new/", act="HOLD", reason="OTHER")
    assert Patient.objects.get(pk=new.pk).first_dose_on is None


def test_a_tick_alone_is_not_enough(nurse, path):
    typed = {"act": "REDUCE", "pattern": "200", "reason": "OTHER"}
    mark = nurse.send(path, **typed).context["mark"]
    page = nurse.send(path, **typed, **{"confirm-confirmed": mark})
    assert page.context["form"].errors["comment"] and ordered() is None


def test_checking_echoes_the_mean_and_saves_nothing(nurse, path):
    page = nurse.send(path, "check", act="OTHER", pattern="400/300", reason="OTHER")
    assert "Mean 350 mg a day." in page.content.decode()
    assert ordered() is None


def test_toxicity_names_its_event(nurse, path, consulted):
    typed = {"act": "REDUCE", "pattern": "300", "reason": "TOXICITY"}
    assert "name the adverse event" in nurse.send(path, **typed).content.decode()
    event = AdverseEventFactory(patient=consulted, ae_no=2)
    nurse.send(path, **typed, event=str(event.pk))
    assert DoseOrder.objects.get(from_on=DAY).adverse_event == event


def test_another_patients_event_is_not_offered(nurse, path):
    typed = {
        "act": "REDUCE",
        "pattern": "300",
        "reason": "TOXICITY",
        "event": str(AdverseEventFactory(ae_no=9).pk),
    }
    assert nurse.send(path, **typed).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"act": "REDUCE"}, "Give the dose"),
        ({"act": "REDUCE", "pattern": "0"}, "is a hold"),
        ({"act": "REDUCE", "pattern": "many"}, "milligrams"),
        ({"act": "REDUCE", "pattern": "300", "from_on": "2025-01-06"}, "from this day already"),
    ],
)
def test_the_impossible_is_said(nurse, path, typed, sentence):
    assert sentence in nurse.send(path, reason="OTHER", **typed).content.decode()
    assert DoseOrder.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_do_not_order(hand, path, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert (other.open(path).status_code, other.send_again(path, {}).status_code) == (status, status)
