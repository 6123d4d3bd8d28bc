"""The dose ledger: what is impossible is refused in words, what is doubtful asks first."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from dosing import services
from patients.saving import ReasonMissing
from patients.validation import NeedsConfirmation
from tests.factories import (
    AdverseEventFactory,
    DispositionFactory,
    DoseOrderFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2025, 6, 2)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


def order(by, patient, *pattern_mg, **values):
    values = {"from_on": DAY, "reason": "PATIENT_DECISION", **values}
    return services.order_dose(by=by, patient=patient, pattern_mg=pattern_mg or [300], **values)


def test_an_order_is_saved_anchored_on_its_first_day(nurse_a, patient, heard):
    saved = order(nurse_a, patient, 400, 0, confirmed=True, comment="Every other day, PI agreed")
    assert (saved.pattern_mg, saved.anchor_on) == ([400, 0], DAY)
    assert saved.events.latest("pgh_id").pgh_context["actor"] == "nurse_a"
    assert heard == [("dose order", [patient.pk])]


@pytest.mark.parametrize("pattern", [(300,), (400,), (0,), (400, 300), (400, 200)])
def test_doses_in_range_and_holds_ask_nothing(nurse_a, patient, pattern):
    assert order(nurse_a, patient, *pattern).pattern_mg == list(pattern)


@pytest.mark.parametrize("pattern", [(200,), (400, 0), (300, 299), (1, 0, 0), (600,), (400, 402)])
@pytest.mark.parametrize("given", [{}, {"confirmed": True}, {"comment": "PI agreed"}])
def test_doses_out_of_range_ask_for_confirmation_and_comment(nurse_a, patient, pattern, given):
    with pytest.raises(NeedsConfirmation):
        order(nurse_a, patient, *pattern, **given)


def test_toxicity_names_its_event(nurse_a, patient):
    with pytest.raises(ValidationError, match="adverse event"):
        order(nurse_a, patient, 300, reason="TOXICITY")
    event = AdverseEventFactory(patient=patient)
    assert order(nurse_a, patient, 300, reason="TOXICITY", adverse_event=event).adverse_event == event


def test_another_patients_event_is_refused(nurse_a, patient):
    with pytest.raises(ValidationError, match="another patient"):
        order(nurse_a, patient, 300, adverse_event=AdverseEventFactory())


def test_one_order_a_day(nurse_a, patient):
    DoseOrderFactory(patient=patient, from_on=DAY)
    with pytest.raises(ValidationError, match="from this day already"):
        order(nurse_a, patient, 300)


def test_no_dose_after_the_last_one_but_a_hold(nurse_a, patient):
    DispositionFactory(patient=patient, last_dose_on=date(2025, 6, 1), ended_on=date(2025, 6, 1))
    with pytest.raises(ValidationError, match="ended"):
        order(nurse_a, patient, 400)
    assert order(nurse_a, patient, 0).pattern_mg == [0]


@pytest.mark.parametrize("pattern", [[], [-400]])
def test_a_pattern_has_days_of_at_least_nothing(nurse_a, patient, pattern):
    with pytest.raises(ValidationError):
        services.order_dose(by=nurse_a, patient=patient, from_on=DAY, pattern_mg=pattern, reason="OTHER")


def dispense(by, patient, **values):
    values = {"kit_id": "K-1", "source": "PRESCRIPTION", "strength_mg": 400, "tablets": 105, **values}
    return services.dispense_kit(by=by, patient=patient, dispensed_on=values.pop("on", DAY), **values)


def test_a_kit_goes_out(nurse_a, patient, heard):
    assert dispense(nurse_a, patient).tablets == 105
    assert heard == [("kit", [patient.pk])]


@pytest.mark.parametrize("wrong", [{"strength_mg": 250}, {"on": date(2999, 1, 1)}, {"kit_id": ""}])
def test_impossible_kits(nurse_a, patient, wrong):
    with pytest.raises(ValidationError):
        dispense(nurse_a, patient, **wrong)


def count(by, kit, returned, **values):
    values = {"returned_on": DAY, "tablets_returned": returned, **values}
    return services.record_return(by=by, kit=kit, **values)


def test_a_kit_comes_back(nurse_a, patient, heard):
    saved = count(nurse_a, KitFactory(patient=patient), 9, tablets_lost=1, tablets_kept=2)
    assert (saved.tablets_returned, saved.tablets_lost, saved.tablets_kept) == (9, 1, 2)
    assert heard == [("return", [patient.pk])]


def test_more_tablets_back_than_out_is_impossible(nurse_a, patient):
    with pytest.raises(ValidationError, match="only 100 were out"):
        count(nurse_a, KitFactory(patient=patient), 90, tablets_kept=11)


def test_what_was_kept_may_come_back_with_the_next_kit(nurse_a, patient):
    count(nurse_a, KitFactory(patient=patient), 0, tablets_kept=10)
    later = KitFactory(patient=patient, dispensed_on=date(2025, 5, 1))
    assert count(nurse_a, later, 110).tablets_returned == 110


@pytest.mark.parametrize("day", [date(2025, 1, 5), date(2999, 1, 1)])
def test_a_return_lies_between_dispensing_and_today(nurse_a, patient, day):
    with pytest.raises(ValidationError):
        count(nurse_a, KitFactory(patient=patient), 1, returned_on=day)


def test_a_second_count_needs_a_reason(nurse_a, patient):
    kit = KitReturnFactory(kit=KitFactory(patient=patient)).kit
    with pytest.raises(ReasonMissing):
        count(nurse_a, kit, 8)
    assert count(nurse_a, kit, 8, reason="Counted again").tablets_returned == 8


def missed(by, patient, **values):
    values = {"from_on": DAY, "to_on": DAY, "doses_missed": 1, **values}
    return services.record_missed_doses(by=by, patient=patient, **values)


def test_missed_doses_are_kept_and_changed_with_a_reason(nurse_a, patient):
    missed(nurse_a, patient)
    with pytest.raises(ReasonMissing):
        missed(nurse_a, patient, doses_missed=2)
    assert missed(nurse_a, patient, doses_missed=2, reason="Diary").doses_missed == 2


def test_missed_doses_end_after_they_start(nurse_a, patient):
    with pytest.raises(ValidationError):
        missed(nurse_a, patient, to_on=date(2025, 6, 1))


WRITES = {
    "order": order,
    "dispense": dispense,
    "count": lambda by, p: count(by, KitFactory(patient=p), 1),
    "missed": missed,
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("who", ["nurse_b", "monitor", "data_manager", "outsider"])
def test_only_the_clinic_of_the_site_writes_doses(request, patient, write, who):
    with pytest.raises(PermissionDenied):
        write(request.getfixturevalue(who), patient)
