"""Outcomes and ends as services write them: what is refused, what is linked, what follows by itself."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from audit import recording
from patients import services
from patients.models import Disposition, Outcome
from patients.saving import ReasonMissing
from tests.factories import AdverseEventFactory, DispositionFactory, OutcomeFactory, PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MAY, JUNE, JULY = date(2025, 5, 5), date(2025, 6, 2), date(2025, 7, 1)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


@pytest.fixture
def record(nurse_a, patient):
    return lambda kind, on, **more: services.record_outcome(
        by=nurse_a, patient=patient, kind=kind, on=on, **more
    )


def confirm(by, suspicion, on=JULY, **more):
    return services.confirm_recurrence(by=by, suspicion=suspicion, confirmed_on=on, **more)


def test_confirming_records_a_recurrence_dated_the_first_scan_and_linked_to_it(nurse_a, record, heard):
    first, second = record("SUSPECTED", MAY), record("SUSPECTED", JUNE)
    heard.clear()
    recurrence = confirm(nurse_a, second, why="biopsy")
    assert (recurrence.kind, recurrence.on, recurrence.suspicion) == ("RECURRENCE", MAY, first)
    settled = Outcome.objects.filter(kind="SUSPECTED").values_list("settlement", "settled_on", "settled_why")
    assert set(settled) == {("CONFIRMED", JULY, "biopsy")}
    assert heard == [("recurrence", [recurrence.patient_id])]


def test_refuting_keeps_day_and_words_and_leaves_no_event(nurse_a, record):
    suspicion = record("SUSPECTED", MAY)
    services.refute_recurrence(by=nurse_a, suspicion=suspicion, refuted_on=JUNE, why=" scar tissue ")
    suspicion.refresh_from_db()
    assert (suspicion.settlement, suspicion.settled_on) == ("REFUTED", JUNE)
    assert suspicion.settled_why == "scar tissue"
    assert suspicion.events.latest("pgh_id").pgh_context["reason"] == "Suspected recurrence refuted"
    assert not Outcome.objects.filter(kind="RECURRENCE").exists()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda by, seen: confirm(by, seen, MAY), "day of the scan or later"),
        (
            lambda by, seen: services.refute_recurrence(by=by, suspicion=seen, refuted_on=JULY, why=" "),
            "in your words",
        ),
        (
            lambda by, seen: services.refute_recurrence(by=by, suspicion=seen, refuted_on=MAY, why="scar"),
            "day of the scan or later",
        ),
    ],
)
def test_a_suspicion_is_settled_with_its_day_and_grounds(nurse_a, record, act, words):
    with pytest.raises(ValidationError, match=words):
        act(nurse_a, record("SUSPECTED", JUNE))


def test_a_suspicion_is_settled_once(nurse_a, record):
    suspicion = record("SUSPECTED", MAY)
    services.refute_recurrence(by=nurse_a, suspicion=suspicion, refuted_on=JUNE, why="scar tissue")
    with pytest.raises(ValidationError, match="settled already"):
        confirm(nurse_a, Outcome.objects.get(pk=suspicion.pk))


def test_what_is_suspected_is_confirmed_and_not_recorded_beside_it(record):
    record("SUSPECTED", MAY)
    with pytest.raises(ValidationError, match="confirm or refute"):
        record("RECURRENCE", JUNE)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "DISEASE_FREE", "settlement": "CONFIRMED", "settled_on": JULY},
        {"kind": "SUSPECTED", "settlement": "REFUTED", "settled_on": JULY},
        {"kind": "SUSPECTED", "settlement": "CONFIRMED"},
        {"kind": "SUSPECTED", "settled_on": JULY},
    ],
)
def test_the_database_refuses_half_a_settlement(patient, system, broken):
    with pytest.raises(IntegrityError), recording(by=system):
        Outcome.objects.bulk_create([Outcome(patient=patient, on=MAY, **broken)])


def test_a_recurrence_can_end_treatment_in_the_same_act(nurse_a, patient, record):
    suspicion = record("SUSPECTED", MAY)
    confirm(nurse_a, suspicion, last_dose_on=date(2025, 6, 30))
    end = Disposition.objects.get()
    assert (end.record, end.reason, end.ended_on) == ("TREATMENT", "DISEASE RELAPSE", JULY)
    assert end.last_dose_on == date(2025, 6, 30)


def test_a_death_ends_treatment_and_participation(record):
    record("DEATH", JUNE, last_dose_on=MAY)
    ends = Disposition.objects.values_list("record", "reason", "ended_on", "last_dose_on")
    assert set(ends) == {("TREATMENT", "DEATH", JUNE, MAY), ("PARTICIPATION", "DEATH", JUNE, None)}


def test_a_death_after_leaving_the_study_leaves_that_end_as_it_is(patient, record):
    DispositionFactory(patient=patient, record="PARTICIPATION", last_dose_on=None, ended_on=MAY)
    record("DEATH", JUNE)
    assert Disposition.objects.get().ended_on == MAY


def test_an_outcome_is_corrected_with_a_reason(nurse_a, record):
    outcome = record("DISEASE_FREE", MAY)
    change = {"by": nurse_a, "outcome": outcome, "kind": "DISEASE_FREE", "on": JUNE}
    with pytest.raises(ReasonMissing):
        services.change_outcome(**change, reason="")
    services.change_outcome(**change, reason="Date of the report was typed")
    assert Outcome.objects.get().on == JUNE


def test_a_correction_follows_the_rules_of_a_new_outcome(nurse_a, record):
    outcome = record("ALIVE", MAY)
    record("DEATH", JUNE)
    with pytest.raises(ValidationError, match="died on"):
        services.change_outcome(by=nurse_a, outcome=outcome, kind="ALIVE", on=JULY, reason="later")


def test_an_end_by_an_event_names_one_of_this_patient(nurse_a, patient):
    AdverseEventFactory(patient=patient, ae_no=4)
    values = {"by": nurse_a, "patient": patient, "record": "TREATMENT", "ended_on": JULY}
    values |= {"last_dose_on": JUNE, "why": "ADVERSE EVENT"}
    with pytest.raises(ValidationError, match="Name the adverse event"):
        services.record_disposition(**values)
    with pytest.raises(ValidationError, match="no adverse event"):
        services.record_disposition(**values, ae_no=5)
    assert services.record_disposition(**values, ae_no=4).ae_no == 4


def test_the_database_refuses_an_event_beside_another_reason(patient, system):
    end = Disposition(patient=patient, record="PARTICIPATION", ended_on=JULY, reason="OTHER", ae_no=1)
    with pytest.raises(IntegrityError), recording(by=system):
        Disposition.objects.bulk_create([end])


@pytest.mark.parametrize(
    "act",
    [
        lambda by, seen: confirm(by, seen),
        lambda by, seen: services.refute_recurrence(by=by, suspicion=seen, refuted_on=JULY, why="scar"),
        lambda by, seen: services.change_outcome(by=by, outcome=seen, kind="ALIVE", on=MAY, reason="x"),
    ],
)
def test_others_settle_and_correct_nothing(monitor, patient, act):
    with pytest.raises(PermissionDenied):
        act(monitor, OutcomeFactory(patient=patient, kind="SUSPECTED", on=MAY))
