"""Adverse events: numbered in turn, graded by the dictionary, changed with a reason."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from adverse_events import services
from adverse_events.services import EventValues
from patients.saving import ReasonMissing
from patients.validation import NeedsConfirmation
from tests.factories import AdverseEventFactory, PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
EDEMA = EventValues(term="Periorbital edema", started_on=date(2025, 3, 1), grade=2)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


@pytest.fixture
def event(patient):
    return AdverseEventFactory(patient=patient, ae_no=3)


def report(by, patient, **values):
    return services.report_adverse_event(by=by, patient=patient, values=replace(EDEMA, **values))


def change(by, event, reason="Worse", **values):
    new = replace(services.values_of(event), **values)
    return services.change_adverse_event(by=by, event=event, values=new, reason=reason)


def test_events_are_numbered_in_turn(nurse_a, event, heard):
    saved = report(nurse_a, event.patient)
    assert (saved.ae_no, saved.grade) == (4, 2)
    assert saved.events.latest("pgh_id").pgh_context["actor"] == "nurse_a"
    assert heard == [("adverse event", [event.patient_id])]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"term": "Headaches"}, "no term of CTCAE"),
        ({"grade": 5}, "has no grade 5"),
        ({"started_on": date(2999, 1, 1)}, "future"),
        ({"ended_on": date(2025, 2, 28)}, "before the start"),
    ],
)
def test_impossible_events(nurse_a, patient, wrong, sentence):
    with pytest.raises(ValidationError, match=sentence):
        report(nurse_a, patient, **wrong)


def test_what_does_not_fit_together_is_asked_once(nurse_a, patient):
    values = replace(EDEMA, serious=["HOSPITALISATION"])
    with pytest.raises(NeedsConfirmation, match="aware"):
        services.report_adverse_event(by=nurse_a, patient=patient, values=values)
    saved = services.report_adverse_event(by=nurse_a, patient=patient, values=values, confirmed=True)
    assert saved.serious == ["HOSPITALISATION"]


def test_a_change_keeps_old_and_new_in_the_trail(nurse_a, event):
    change(nurse_a, event, grade=2)
    history = event.events.order_by("pgh_id")
    assert [row.grade for row in history] == [1, 2]
    assert history.last().pgh_context["reason"] == "Worse"


def test_a_change_needs_a_reason(nurse_a, event):
    with pytest.raises(ReasonMissing):
        change(nurse_a, event, grade=2, reason="")


def test_completing_an_event_explains_itself(nurse_a, event):
    assert change(nurse_a, event, causality="POSSIBLE", reason="").causality == "POSSIBLE"


def test_a_new_grade_is_checked_against_the_dictionary(nurse_a, event):
    assert services.record_grade(by=nurse_a, event=event, grade=3, from_on=date(2025, 6, 2)).grade == 3
    with pytest.raises(ValidationError, match="has no grade 4"):
        services.record_grade(by=nurse_a, event=event, grade=4, from_on=date(2025, 6, 3))


def test_a_resolved_event_has_an_end(nurse_a, event):
    saved = services.resolve_adverse_event(by=nurse_a, event=event, ended_on=date(2025, 5, 1))
    assert (saved.ended_on, saved.outcome) == (date(2025, 5, 1), "RECOVERED/RESOLVED")


def test_an_event_does_not_end_as_ongoing(nurse_a, event):
    with pytest.raises(ValidationError, match="how it ended"):
        services.resolve_adverse_event(
            by=nurse_a, event=event, ended_on=date(2025, 5, 1), outcome="RECOVERING/RESOLVING"
        )


WRITES = {
    "report": lambda by, event: report(by, event.patient),
    "change": change,
    "resolve": lambda by, event: services.resolve_adverse_event(
        by=by, event=event, ended_on=date(2025, 5, 1)
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("who", ["nurse_b", "monitor", "data_manager", "outsider"])
def test_only_the_clinic_of_the_site_writes_events(request, event, write, who):
    with pytest.raises(PermissionDenied):
        write(request.getfixturevalue(who), event)
