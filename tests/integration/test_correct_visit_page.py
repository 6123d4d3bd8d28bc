"""A saved visit is corrected: every change is shown old and new, the reason is asked once, and it is one act."""

from datetime import date
from decimal import Decimal

import pghistory.models
import pytest
from django.core.exceptions import ValidationError

from dosing.models import DoseOrder, Kit, KitReturn, MissedDoses
from dosing.services import record_return, remove_return
from tests.factories import KitFactory, LabResultFactory
from tests.integration.conftest import DAY, fields_of, kept_of
from visits.models import Assessment, LabResult, Visit
from visits.services import record_visit_facts

pytestmark = pytest.mark.django_db

MISSED = {"missed-doses": "3", "missed-from_on": "2025-06-01", "missed-to_on": "2025-07-06"}


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def kit(consulted):
    return Kit.objects.get()


@pytest.fixture
def recorded(nurse, path, kit):
    typed = {
        "seen-weight_kg": "60", "seen-ecog": "1", "lab-ANC-value": "2.5", "lab-PLT-value": "150",
        f"kit-{kit.pk}-returned": "9", "missed-doses": "2",
    }  # fmt: skip
    assert nurse.send(path, **typed).status_code == 302
    return Visit.objects.get(visit="M6")


def changes(page):
    return {row.label: (row.stored, row.typed) for row in page.context["changes"]}


def words(page):
    return page.content.decode()


def test_the_form_shows_what_is_stored(nurse, path, recorded, kit):
    sent = fields_of(nurse.open(path))
    assert (sent["seen-weight_kg"], sent["lab-ANC-value"], sent[f"kit-{kit.pk}-returned"]) == (
        "60.0",
        "2.5",
        "9",
    )
    assert (sent["missed-doses"], sent["missed-from_on"]) == ("2", "2025-01-06")


def test_every_change_is_listed_and_nothing_is_saved_yet(nurse, path, recorded, kit):
    page = nurse.send(
        path,
        **{
            "day-occurred_on": "2025-07-04", "seen-weight_kg": "61", "lab-ANC-value": "2.2", "lab-PLT-value": "",
            f"kit-{kit.pk}-returned": "8", "missed-doses": "3",
        },
    )  # fmt: skip
    assert changes(page) == {
        "Date of the visit": (DAY, date(2025, 7, 4)),
        "weight (kg)": (Decimal("60.0"), Decimal(61)),
        "Neutrophils": ("2.5 10^9/L", "2.2 10^9/L"),
        "Platelets": ("150 10^9/L", None),
        "Tablets back of RX-77": ("9 returned, 0 lost, 0 kept", "8 returned, 0 lost, 0 kept"),
        "Doses missed": ("2 (2025-01-06 – 2025-07-06)", "3 (2025-01-06 – 2025-07-06)"),
    }
    assert "What changes" in words(page) and "removed" in words(page)
    assert Visit.objects.get(visit="M6").revision == recorded.revision


def test_it_is_saved_as_one_act_with_one_reason(nurse, path, recorded, kit):
    typed = {
        "day-occurred_on": "2025-07-04", "seen-weight_kg": "61", "lab-ANC-value": "2.2", "lab-PLT-value": "",
        f"kit-{kit.pk}-returned": "8", "missed-doses": "3", "missed-from_on": "2025-06-01",
    }  # fmt: skip
    assert nurse.explain(path, nurse.send(path, **typed)).status_code == 302
    assert Visit.objects.get(visit="M6").occurred_on == date(2025, 7, 4)
    assert Assessment.objects.get().weight_kg == Decimal(61)
    (lab,) = LabResult.objects.all()
    assert (lab.test, lab.value, lab.collected_on) == ("ANC", Decimal("2.2"), date(2025, 7, 4))
    assert KitReturn.objects.get().tablets_returned == 8
    (missed,) = MissedDoses.objects.all()
    assert (missed.doses_missed, missed.from_on) == (3, date(2025, 6, 1))
    context = pghistory.models.Context.objects.get(metadata__reason="Typing error: 7 for 6")
    events = pghistory.models.Events.objects.filter(pgh_context_id=context.pk)
    assert {event.pgh_model.split(".")[1] for event in events} >= {
        "VisitEvent", "AssessmentEvent", "LabResultEvent", "KitReturnEvent", "MissedDosesEvent",
    }  # fmt: skip


def test_without_a_reason_it_asks_again(nurse, path, recorded):
    page = nurse.send(path, **{"seen-weight_kg": "61"})
    page = nurse.explain(path, page, **{"confirm-reason": " "})
    assert "say why" in words(page) and "<title>Error:" in words(page).replace("\n", "")
    assert Assessment.objects.get().weight_kg == Decimal(60)
    assert nurse.explain(path, page).status_code == 302


def test_a_reason_for_other_changes_does_not_do(nurse, path, recorded):
    page = nurse.send(path, **{"seen-weight_kg": "61"})
    page = nurse.explain(path, page, **{"seen-weight_kg": "62", "confirm-reason": "scale"})
    assert changes(page) == {"weight (kg)": (Decimal("60.0"), Decimal(62))}
    assert Assessment.objects.get().weight_kg == Decimal(60)


def test_what_fills_a_blank_needs_no_reason(nurse, path, recorded):
    assert nurse.send(path, **{"lab-AST-value": "30"}).status_code == 302
    assert LabResult.objects.get(test="AST").value == 30


def test_back_to_the_form_brings_what_was_typed(nurse, path, recorded):
    page = nurse.send(path, **{"seen-weight_kg": "61"})
    form = nurse.send_again(path, kept_of(page) | {"action": "edit"})
    assert fields_of(form)["seen-weight_kg"] == "61"


def test_what_would_be_refused_is_refused_before_the_reason(nurse, path, recorded, kit):
    page = nurse.send(path, **{f"kit-{kit.pk}-returned": "101"})
    assert "only 100 were out" in words(page)
    assert "changes" not in page.context


def test_a_count_and_missed_doses_are_taken_back(nurse, path, recorded, kit):
    emptied = {f"kit-{kit.pk}-{name}": "" for name in ("returned", "lost", "kept")}
    page = nurse.send(path, **emptied, **{"missed-doses": ""})
    assert changes(page)["Tablets back of RX-77"][1] is None
    assert nurse.explain(path, page).status_code == 302
    assert not KitReturn.objects.exists()
    assert MissedDoses.objects.get().doses_missed == 0


def test_the_order_of_the_day_is_corrected(nurse, path, recorded):
    changed = {"dose-decision": "CHANGE", "dose-reason": "PATIENT_DECISION", "dose-pattern": "300"}
    nurse.send(path, **changed)
    page = nurse.send(path, **changed | {"dose-pattern": "400/300"})
    assert changes(page) == {"Dose from 2025-07-07": ("300 mg", "400/300 mg")}
    assert nurse.explain(path, page).status_code == 302
    assert DoseOrder.objects.get(from_on=DAY).pattern_mg == [400, 300]


def test_a_result_of_the_day_that_came_from_elsewhere_is_not_overwritten_unasked(nurse, path, consulted):
    LabResultFactory(patient=consulted, collected_on=DAY, test="ANC", value=Decimal(1), unit="10^9/L")
    page = nurse.send(path, **{"lab-ANC-value": "2"})
    assert "Neutrophils" in changes(page)
    assert nurse.explain(path, page).status_code == 302
    assert LabResult.objects.get(test="ANC").value == 2


def test_an_unscheduled_visit_asks_too(nurse, consulted):
    LabResultFactory(patient=consulted, collected_on=DAY, test="ANC", value=Decimal(1), unit="10^9/L")
    path = f"/patients/{consulted.uuid}/visits/UNS/record/"
    page = nurse.send(path, **{"lab-ANC-value": "2"})
    assert nurse.explain(path, page).status_code == 302
    assert LabResult.objects.get(test="ANC").value == 2


def test_the_services_want_their_reason(recorded, kit, nurse_a):
    with pytest.raises(ValidationError, match="say why"):
        remove_return(by=nurse_a, kit=kit, reason=" ")
    with pytest.raises(ValidationError, match="say why"):
        record_visit_facts(by=nurse_a, visit=recorded, occurred_on=DAY, removed_labs=["ANC"])


def test_a_count_that_a_later_one_rests_on_stays(recorded, kit, consulted, nurse_a):
    later = KitFactory(patient=consulted, kit_id="RX-80", dispensed_on=DAY, tablets=10)
    kept = {"tablets_returned": 0, "tablets_kept": 9}
    record_return(by=nurse_a, kit=kit, returned_on=DAY, reason="kept", **kept)
    record_return(by=nurse_a, kit=later, returned_on=DAY, tablets_returned=19)
    with pytest.raises(ValidationError, match="only 10 were out"):
        remove_return(by=nurse_a, kit=kit, reason="wrong kit")
    assert KitReturn.objects.count() == 2
