"""Who decides a dose, what it is held against, how it is corrected, and what is said to a flag."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from audit import recording
from dosing import services
from dosing.models import DoseOrder
from dosing.selectors import flags_of, provisional_orders
from patients.saving import ReasonMissing
from patients.validation import NeedsConfirmation
from tests.factories import (
    T0,
    AdverseEventFactory,
    DoseOrderFactory,
    LabResultFactory,
    PatientFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2025, 6, 2)


@pytest.fixture
def investigator_a(person, site_01):
    return person("investigator_a", Role.INVESTIGATOR, site_01)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


def order(by, patient, *pattern_mg, from_on=DAY, reason="PATIENT_DECISION", **values):
    return services.order_dose(
        by=by, patient=patient, from_on=from_on, pattern_mg=pattern_mg, reason=reason, **values
    )


def test_a_nurses_order_waits_for_an_investigator(nurse_a, investigator_a, pi_a, patient):
    saved = order(nurse_a, patient, 300)
    assert (saved.is_provisional, saved.decided_by) == (True, None)
    assert list(provisional_orders(pi_a)) == [saved]
    services.confirm_order(by=investigator_a, order=saved)
    saved.refresh_from_db()
    assert (saved.is_provisional, saved.decided_by) == (False, investigator_a)
    assert list(provisional_orders(pi_a)) == []


@pytest.mark.parametrize("who", ["investigator_a", "pi_a"])
def test_an_investigators_order_is_decided(request, patient, who):
    by = request.getfixturevalue(who)
    saved = order(by, patient, 300)
    assert (saved.is_provisional, saved.decided_by) == (False, by)
    with pytest.raises(ValidationError, match="confirmed already"):
        services.confirm_order(by=by, order=saved)


def test_a_nurse_confirms_nothing(nurse_a, patient):
    with pytest.raises(PermissionDenied):
        services.confirm_order(by=nurse_a, order=order(nurse_a, patient, 300))


def test_provisional_orders_of_another_site_are_not_seen(nurse_a, nurse_b, patient):
    order(nurse_a, patient, 300)
    assert list(provisional_orders(nurse_b)) == []


def test_the_database_keeps_who_and_when_together(nurse_a, patient, system):
    saved = order(nurse_a, patient, 300)
    with pytest.raises(IntegrityError), transaction.atomic(), recording(by=system, reason="Try"):
        DoseOrder.objects.filter(pk=saved.pk).update(decided_by=nurse_a)


def correct(by, saved, *pattern_mg, why="Misread", **values):
    values = {"from_on": saved.from_on, "anchor_on": saved.anchor_on, "reason": saved.reason, **values}
    return services.correct_order(by=by, order=saved, pattern_mg=pattern_mg, why=why, **values)


def test_a_correction_keeps_old_and_new_with_its_reason(nurse_a, investigator_a, patient, heard):
    saved = order(investigator_a, patient, 300)
    correct(nurse_a, saved, 400)
    event = saved.events.latest("pgh_id")
    assert (event.pattern_mg, event.pgh_context["reason"]) == ([400], "Misread")
    assert (saved.is_provisional, saved.decided_by) == (True, None)
    assert heard[-1] == ("dose order", [patient.pk])


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"why": ""}, ReasonMissing),
        ({"from_on": T0}, ValidationError),
        ({"reason": "TOXICITY"}, ValidationError),
    ],
)
def test_a_correction_is_held_to_the_rules_of_an_order(nurse_a, patient, values, error):
    DoseOrderFactory(patient=patient, from_on=T0)
    saved = order(nurse_a, patient, 300)
    with pytest.raises(error):
        correct(nurse_a, saved, 400, **values)
    assert DoseOrder.objects.get(pk=saved.pk).pattern_mg == [300]


def test_a_corrected_dose_out_of_range_asks_first(nurse_a, patient):
    saved = order(nurse_a, patient, 300)
    with pytest.raises(NeedsConfirmation):
        correct(nurse_a, saved, 200)
    correct(nurse_a, saved, 200, confirmed=True, comment="PI agreed")
    assert DoseOrder.objects.get(pk=saved.pk).pattern_mg == [200]


def test_an_order_of_an_earlier_day_is_filled_in_between(nurse_a, patient):
    DoseOrderFactory(patient=patient, from_on=T0)
    order(nurse_a, patient, 300, from_on=date(2025, 3, 3))
    order(nurse_a, patient, 0, from_on=date(2025, 2, 3))
    assert [row.pattern_mg for row in patient.dose_orders.order_by("from_on")] == [[400], [0], [300]]


@pytest.fixture
def held(patient):
    """On hold since 5 May for neutrophils of 0.8."""
    event = AdverseEventFactory(patient=patient, term="Neutrophil count decreased", grade=3)
    DoseOrderFactory(patient=patient, from_on=T0)
    DoseOrderFactory(
        patient=patient, from_on=date(2025, 5, 5), pattern_mg=[0], reason="TOXICITY", adverse_event=event
    )
    return patient


def results(patient, anc, plt):
    LabResultFactory(patient=patient, collected_on=DAY, test="ANC", value=Decimal(anc))
    LabResultFactory(patient=patient, collected_on=DAY, test="PLT", value=Decimal(plt))


@pytest.mark.parametrize(("anc", "plt"), [("1.4", "80"), ("1.5", "74")])
def test_resuming_before_the_label_allows_it_asks_first(nurse_a, held, anc, plt):
    results(held, anc, plt)
    with pytest.raises(NeedsConfirmation, match="Not yet to be resumed"):
        order(nurse_a, held, 400, reason="RESUME")
    assert order(nurse_a, held, 400, reason="RESUME", confirmed=True, comment="PI agreed")


def test_resuming_at_the_limits_asks_nothing(nurse_a, held):
    results(held, "1.5", "75")
    assert order(nurse_a, held, 400, reason="RESUME").pattern_mg == [400]


def test_another_hold_asks_for_no_results(nurse_a, patient):
    DoseOrderFactory(patient=patient, from_on=T0, pattern_mg=[0], reason="SUPPLY")
    assert order(nurse_a, patient, 400, reason="RESUME").pattern_mg == [400]


@pytest.mark.parametrize(
    ("lowered_on", "grade", "asked"),
    [
        (date(2025, 5, 5), 1, None),
        (date(2025, 5, 6), 1, "may be raised from"),
        (date(2025, 4, 1), 2, "still goes on"),
    ],
)
def test_raising_the_dose_is_held_against_the_days_at_grade_1(nurse_a, patient, lowered_on, grade, asked):
    AdverseEventFactory(patient=patient, grade=grade)
    DoseOrderFactory(patient=patient, from_on=lowered_on, pattern_mg=[300])
    doubts = services.order_doubts(patient, from_on=DAY, pattern_mg=[400])
    assert (asked in doubts[0]) if asked else doubts == []
    assert services.order_doubts(patient, from_on=DAY, pattern_mg=[300]) == []


def say(by, patient, mean="200.0", from_on=DAY, comment="Seen, tolerated"):
    return services.acknowledge_flag(
        by=by,
        patient=patient,
        code="DOSE_BELOW_300",
        from_on=from_on,
        mean_daily_mg=Decimal(mean),
        comment=comment,
        on=DAY,
    )


@pytest.fixture
def low(patient):
    return DoseOrderFactory(patient=patient, from_on=DAY, pattern_mg=[200])


def test_an_acknowledged_flag_stays_in_the_history(pi_a, patient, low, heard):
    said = say(pi_a, patient)
    found = flags_of(patient, on=DAY)
    assert [(row.flag.code, row.acknowledgement) for row in found] == [("DOSE_BELOW_300", said)]
    assert heard == [("flag acknowledged", [patient.pk])]


def test_a_changed_order_makes_a_new_flag(pi_a, patient, low):
    say(pi_a, patient)
    correct(pi_a, low, 100, confirmed=True, comment="PI agreed", reason="OTHER")
    assert [row.acknowledgement for row in flags_of(patient, on=DAY)] == [None]
    with pytest.raises(ValidationError, match="not flagged any more"):
        say(pi_a, patient)
    assert say(pi_a, patient, mean="100.0")


@pytest.mark.parametrize("values", [{"comment": " "}, {"from_on": T0}, {"mean": "199.0"}])
def test_an_acknowledgement_speaks_of_a_flag_and_says_something(pi_a, patient, low, values):
    with pytest.raises(ValidationError):
        say(pi_a, patient, **values)


def test_a_flag_is_acknowledged_once(pi_a, patient, low):
    say(pi_a, patient)
    with pytest.raises(ValidationError, match="acknowledged already"):
        say(pi_a, patient)


def test_only_the_principal_investigator_acknowledges(nurse_a, investigator_a, patient, low):
    for by in (nurse_a, investigator_a):
        with pytest.raises(PermissionDenied):
            say(by, patient)


@pytest.mark.parametrize(("expires_on", "lot"), [(DAY, "L-7"), (None, "")])
def test_a_kit_keeps_its_lot_and_expiry(nurse_a, patient, expires_on, lot):
    values = {"kit_id": "K-1", "source": "PRESCRIPTION", "strength_mg": 400, "tablets": 90}
    kit = services.dispense_kit(
        by=nurse_a, patient=patient, dispensed_on=DAY, lot=lot, expires_on=expires_on, **values
    )
    assert (kit.lot, kit.expires_on) == (lot, expires_on)


def test_an_expired_kit_is_refused(nurse_a, patient):
    values = {"kit_id": "K-1", "source": "PRESCRIPTION", "strength_mg": 400, "tablets": 90}
    with pytest.raises(ValidationError, match="expired"):
        services.dispense_kit(
            by=nurse_a, patient=patient, dispensed_on=DAY, expires_on=date(2025, 6, 1), **values
        )


@pytest.mark.parametrize(("day", "refused"), [(date(2025, 5, 31), True), (date(2025, 6, 1), False)])
def test_study_drug_is_not_handed_out_before_the_transition(nurse_a, site_01, day, refused):
    patient = PatientFactory(site=site_01, first_dose_on=date(2022, 6, 15))
    values = {"kit_id": "K-1", "source": "IP", "strength_mg": 400, "tablets": 90}
    if refused:
        with pytest.raises(ValidationError, match="handed out from"):
            services.dispense_kit(by=nurse_a, patient=patient, dispensed_on=day, **values)
    else:
        assert services.dispense_kit(by=nurse_a, patient=patient, dispensed_on=day, **values).pk


def test_study_drug_needs_a_first_dose(nurse_a, site_01):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    values = {"kit_id": "K-1", "source": "IP", "strength_mg": 400, "tablets": 90}
    with pytest.raises(ValidationError, match="no first dose"):
        services.dispense_kit(by=nurse_a, patient=patient, dispensed_on=DAY, **values)
