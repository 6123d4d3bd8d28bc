"""Visits recorded, not done, booked: each once, by somebody, never over somebody else."""

from datetime import date, time
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from patients.saving import ReasonMissing
from tests.factories import ConsentFactory, LabResultFactory, PatientFactory
from visits import services
from visits.models import LabResult, Visit
from visits.services import AssessmentValues, LabValue, VisitChanged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2025, 7, 7)
ANC = LabValue("ANC", Decimal("3.1"), "10^9/L")


@pytest.fixture
def visit(site_01, system):
    patient = PatientFactory(site=site_01)
    services.project_visits(by=system, patient_ids=[patient.pk])
    return patient.visits.get(visit="M6")


def record(by, visit, occurred_on=DAY, **values):
    return services.record_visit_facts(by=by, visit=visit, occurred_on=occurred_on, **values)


def test_a_recorded_visit_names_who_and_when_and_grows_a_revision(nurse_a, visit, heard):
    saved = record(nurse_a, visit)
    assert (saved.occurred_on, saved.recorded_by, saved.revision) == (DAY, nurse_a, 1)
    assert saved.recorded_at is not None
    assert heard == [("visit", [visit.patient_id])]


@pytest.mark.parametrize("consented_on", [None, date(2025, 7, 8)])
def test_screening_waits_for_the_consent(nurse_a, visit, consented_on):
    screening = visit.patient.visits.get(visit="SCR")
    if consented_on:
        ConsentFactory(patient=visit.patient, consented_on=consented_on)
    with pytest.raises(ValidationError, match="record the consent first"):
        record(nurse_a, screening)


def test_screening_on_the_day_of_the_consent_is_in_order(nurse_a, visit):
    screening = visit.patient.visits.get(visit="SCR")
    ConsentFactory(patient=visit.patient, consented_on=DAY)
    assert record(nurse_a, screening).occurred_on == DAY


def test_recording_explains_itself_in_the_trail(nurse_a, visit):
    context = record(nurse_a, visit).events.latest("pgh_id").pgh_context
    assert (context["actor"], context["reason"]) == ("nurse_a", "Visit recorded")


def test_measurements_are_kept_with_the_day(nurse_a, visit):
    record(nurse_a, visit, assessment=AssessmentValues(Decimal("61.5"), 120, 80, 1), labs=[ANC])
    assert Visit.objects.get(pk=visit.pk).assessment.weight_kg == Decimal("61.5")
    assert LabResult.objects.get(patient=visit.patient).collected_on == DAY


def test_results_that_come_later_need_no_reason(nurse_a, visit):
    record(nurse_a, visit, assessment=AssessmentValues(labs_pending=True))
    record(nurse_a, visit, assessment=AssessmentValues(labs_pending=False), labs=[ANC])
    assert LabResult.objects.filter(patient=visit.patient).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"occurred_on": date(2025, 7, 8)},
        {"assessment": AssessmentValues(ecog=2)},
        {"labs": [LabValue("ANC", Decimal("2.9"), "10^9/L")]},
    ],
)
def test_a_changed_value_needs_a_reason(nurse_a, visit, change):
    record(nurse_a, visit, assessment=AssessmentValues(ecog=1), labs=[ANC])
    with pytest.raises(ReasonMissing):
        record(nurse_a, visit, **change)
    record(nurse_a, visit, reason="Read wrongly", **change)


def test_a_result_of_the_same_day_is_not_doubled(nurse_a, visit):
    LabResultFactory(patient=visit.patient, collected_on=DAY, lln=None, uln=None)
    record(nurse_a, visit, labs=[ANC])
    assert LabResult.objects.filter(patient=visit.patient).count() == 1


def test_a_visit_cannot_take_place_tomorrow(nurse_a, visit):
    with pytest.raises(ValidationError, match="future"):
        record(nurse_a, visit, occurred_on=date(2999, 1, 1))


def test_the_second_saver_is_told(nurse_a, visit):
    record(nurse_a, visit, expected_revision=0)
    with pytest.raises(VisitChanged) as conflict:
        record(nurse_a, visit, occurred_on=date(2025, 7, 8), expected_revision=0)
    assert conflict.value.visit.occurred_on == DAY


def test_not_done_keeps_why(nurse_a, visit):
    saved = services.mark_not_done(by=nurse_a, visit=visit, why="Abroad")
    assert (saved.not_done, saved.reason) == (True, "Abroad")


def test_not_done_asks_why(nurse_a, visit):
    with pytest.raises(ValidationError, match="why"):
        services.mark_not_done(by=nurse_a, visit=visit, why=" ")


def test_a_visit_that_took_place_becomes_not_done_only_with_a_reason(nurse_a, visit):
    record(nurse_a, visit)
    with pytest.raises(ReasonMissing):
        services.mark_not_done(by=nurse_a, visit=visit, why="Wrong patient")


def test_who_did_not_come_is_still_to_be_seen(nurse_a, visit):
    saved = services.mark_did_not_come(by=nurse_a, visit=visit)
    assert (saved.did_not_come, saved.occurred_on) == (True, None)
    assert record(nurse_a, visit).did_not_come is False


def test_a_recorded_visit_cannot_be_missed(nurse_a, visit):
    record(nurse_a, visit)
    with pytest.raises(ValidationError, match="already"):
        services.mark_did_not_come(by=nurse_a, visit=visit)


@time_machine.travel("2025-07-07 10:00 +0900", tick=False)
def test_booking_moves_and_cancels(nurse_a, visit, heard):
    booked = services.book_visit(by=nurse_a, visit=visit, booked_on=DAY, booked_time=time(10, 30))
    assert (booked.booked_on, booked.booked_time, booked.revision) == (DAY, time(10, 30), 1)
    moved = services.book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 8))
    assert (moved.booked_on, moved.booked_time, moved.revision) == (date(2025, 7, 8), None, 2)
    cancelled = services.cancel_booking(by=nurse_a, visit=visit)
    assert (cancelled.booked_on, cancelled.booked_at, cancelled.revision) == (None, None, 3)
    assert [what for what, _ in heard] == ["booking"] * 3


def test_a_recorded_visit_is_not_booked(nurse_a, visit):
    record(nurse_a, visit)
    with pytest.raises(ValidationError, match="nothing to book"):
        services.book_visit(by=nurse_a, visit=visit, booked_on=DAY)


def test_an_unscheduled_visit_stands_beside_the_schedule(nurse_a, visit):
    patient = visit.patient
    saved = services.record_unscheduled_visit(by=nurse_a, patient=patient, occurred_on=DAY, labs=[ANC])
    assert (saved.visit, saved.target_on) == ("UNS", None)
    with pytest.raises(ValidationError):
        services.record_unscheduled_visit(by=nurse_a, patient=patient, occurred_on=DAY)


WRITES = {
    "record": record,
    "not done": lambda by, v: services.mark_not_done(by=by, visit=v, why="x"),
    "did not come": lambda by, v: services.mark_did_not_come(by=by, visit=v),
    "book": lambda by, v: services.book_visit(by=by, visit=v, booked_on=DAY),
    "cancel": lambda by, v: services.cancel_booking(by=by, visit=v),
    "unscheduled": lambda by, v: services.record_unscheduled_visit(by=by, patient=v.patient, occurred_on=DAY),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("who", ["nurse_b", "monitor", "data_manager", "outsider"])
def test_only_the_clinic_of_the_site_writes_visits(request, visit, write, who):
    with pytest.raises(PermissionDenied):
        write(request.getfixturevalue(who), visit)
