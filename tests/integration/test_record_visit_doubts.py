"""Record a visit: what is possible and yet looks wrong is asked about before it is saved."""

from datetime import date
from decimal import Decimal

import pytest

from dosing.models import Kit
from tests.factories import AssessmentFactory, VisitFactory
from tests.integration.conftest import fields_of
from visits.models import Assessment, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def words(page):
    return page.content.decode()


def asked(page):
    return [doubt.sentence for doubt in page.context["doubts"]]


ALTERNATING = {
    "dose-decision": "CHANGE", "dose-reason": "PATIENT_DECISION", "dose-pattern": "400/0", "dose-comment": "PI agreed",
}  # fmt: skip
REDUCED = ALTERNATING | {"dose-pattern": "300"}
HOLD = {"dose-decision": "HOLD", "dose-reason": "SUPPLY"}
STOP = {"dose-decision": "STOP", "dose-last_dose_on": "2025-07-06", "dose-why": "PHYSICIAN DECISION"}


@pytest.mark.parametrize(
    ("decision", "doubt"),
    [
        (ALTERNATING, "106 tablets of 400 mg are handed out, 53 are needed."),
        (REDUCED, "0 tablets of 100 mg are handed out, 318 are needed."),
        (HOLD, "106 tablets of 400 mg are handed out, 0 are needed."),
        (STOP, "106 tablets of 400 mg are handed out, 0 are needed."),
    ],
)
def test_a_proposal_from_before_the_decision_is_asked_about(nurse, path, decision, doubt):
    typed = decision | {"out-0-kit_id": "RX-78"}
    page = nurse.send(path, **typed)
    assert doubt in asked(page)
    assert not Kit.objects.filter(kit_id="RX-78").exists()
    ticked = {"confirm-confirmed": page.context["mark"], "confirm-doubted": "As the pharmacy had it"}
    assert nurse.send(path, **typed, **ticked).status_code == 302


@pytest.mark.parametrize(("tablets", "status"), [("106", 302), ("110", 302), ("30", 200), ("161", 200)])
def test_a_quantity_far_from_what_is_needed_is_asked_about(nurse, path, tablets, status):
    assert nurse.send(path, **{"out-0-kit_id": "RX-78", "out-0-tablets": tablets}).status_code == status


def test_without_a_kit_no_quantity_is_asked_about(nurse, path):
    assert nurse.send(path, **HOLD).status_code == 302


def echoed(nurse, path, **typed):
    sent = fields_of(nurse.open(path)) | typed
    return nurse.send_again(path, sent, headers={"hx-request": "true"})


@pytest.mark.parametrize(
    ("decision", "proposed"),
    [(ALTERNATING, (400, 53)), (REDUCED, (100, 318)), (HOLD, (None, None)), (STOP, (None, None))],
)
def test_the_live_echo_refreshes_an_untouched_proposal(nurse, path, decision, proposed):
    page = echoed(nurse, path, **decision)
    (row,) = page.context["refreshed_kits"]
    assert (row.initial["strength_mg"], row.initial["tablets"]) == proposed
    assert 'id="id_out-0-tablets"' in words(page) and 'id="id_out-0-proposed"' in words(page)


@pytest.mark.parametrize("typed", [{"out-0-tablets": "90"}, {"out-0-strength_mg": "100"}])
def test_the_live_echo_leaves_what_somebody_typed(nurse, path, typed):
    page = echoed(nurse, path, **ALTERNATING, **typed)
    assert page.context["refreshed_kits"] == []
    assert 'id="id_out-0-tablets"' not in words(page)


def test_nothing_is_proposed_after_a_hold(nurse, path):
    nurse.send(path, **HOLD)
    row = nurse.open(path.replace("M6", "M9")).context["forms"].kits[0]
    assert row.initial.get("tablets") is None
    assert Visit.objects.get(visit="M6").occurred_on


@pytest.mark.parametrize(
    ("typed", "doubts"),
    [
        ({"seen-weight_kg": "64"}, []),
        ({"seen-weight_kg": "640"}, ["640 kg is an unusual weight: under 30 or over 200 kg."]),
        ({"seen-systolic_mmhg": "120", "seen-diastolic_mmhg": "80"}, []),
        (
            {"seen-systolic_mmhg": "80", "seen-diastolic_mmhg": "120"},
            ["The systolic pressure, 80, is not above the diastolic, 120."],
        ),
    ],
)
def test_an_unlikely_measurement_is_asked_about(nurse, path, typed, doubts):
    assert asked(nurse.send(path, "check", **typed)) == doubts


@pytest.mark.parametrize(("kg", "number"), [("66", 0), ("66.1", 1), ("54", 0), ("53.9", 1)])
def test_a_weight_far_from_the_last_one_is_asked_about(nurse, path, consulted, kg, number):
    before = VisitFactory(patient=consulted, visit="UNS", visitnum=999, occurred_on=date(2025, 4, 7))
    AssessmentFactory(visit=before, weight_kg=Decimal(60))
    page = nurse.send(path, "check", **{"seen-weight_kg": kg})
    assert sum("off the last weight, 60 kg" in sentence for sentence in asked(page)) == number


def test_what_looks_wrong_is_confirmed_with_a_reason_that_is_kept(nurse, path):
    typed = {"seen-weight_kg": "29"}
    page = nurse.send(path, **typed)
    ticked = {"confirm-confirmed": page.context["mark"]}
    page = nurse.send(path, **typed, **ticked)
    assert "Why it is right as it stands: Say why." in words(page)
    assert page.context["is_ticked"]
    assert nurse.send(path, **typed, **ticked, **{"confirm-doubted": "Weighed twice"}).status_code == 302
    context = Assessment.objects.get().events.latest("pgh_id").pgh_context
    assert context["reason"] == "Seen at visit: M6; Weighed twice"


def test_a_dose_that_says_why_is_not_asked_twice(nurse, path):
    typed = {"dose-decision": "CHANGE", "dose-reason": "PATIENT_DECISION", "dose-pattern": "200"}
    page = nurse.send(path, **typed)
    assert not page.context["wants_reason"]
