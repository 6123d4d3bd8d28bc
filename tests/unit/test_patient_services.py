"""What is written of a patient: who may, what is refused, what the trail keeps, who hears of it."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction

from audit import recording
from patients import services
from patients.models import Consent, Contact, Patient, Screening, Tumour
from patients.saving import ReasonMissing
from patients.services import NotEligible
from tests.factories import (
    ConsentFactory,
    ContactFactory,
    DispositionFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    PatientFactory,
    ScreeningFactory,
    TumourFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
JUNE = date(2025, 6, 2)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


@pytest.fixture
def candidate(site_01):
    """Eligible in every respect, consented, not enrolled."""
    patient = PatientFactory(site=site_01)
    for factory in (TumourFactory, ScreeningFactory, ConsentFactory):
        factory(patient=patient)
    return Patient.objects.get(pk=patient.pk)


def test_screening_saves_every_part_in_the_name_of_the_nurse(nurse_a, site_01, heard):
    patient = services.screen_patient(
        by=nurse_a,
        patient=Patient(subject_id="01-900", site=site_01, entry_path="A"),
        tumour=Tumour(tumour_size_cm=11),
        screening=Screening(ecog=1),
        consent=Consent(consented_on=JUNE),
        contact=Contact(email="p900@example.org", language="ko", reminders=True),
    )
    assert patient.tumour.tumour_size_cm == 11
    assert patient.events.latest("pgh_id").pgh_context["actor"] == "nurse_a"
    assert heard == [("screening", [patient.pk])]


def test_screening_refuses_a_subject_id_twice(nurse_a, patient):
    twin = Patient(subject_id=patient.subject_id, site=patient.site, entry_path="A")
    with pytest.raises(ValidationError):
        services.screen_patient(by=nurse_a, patient=twin)


def test_completing_screening_needs_no_reason_and_changing_it_does(nurse_a, patient):
    screening = ScreeningFactory(patient=patient, ecog=None)
    screening.ecog = 1
    services.change_screening(by=nurse_a, patient=patient, records=[screening], reason="")
    screening.ecog = 2
    with pytest.raises(ReasonMissing):
        services.change_screening(by=nurse_a, patient=patient, records=[screening], reason=" ")


def test_enrolment_of_an_eligible_patient(nurse_a, candidate, heard):
    enrolment = services.enrol_patient(by=nurse_a, patient=candidate, enrolled_on=JUNE)
    assert enrolment.enrolled_on == JUNE
    assert heard == [("enrolment", [candidate.pk])]


def test_enrolment_names_the_criteria_in_the_way(nurse_a, candidate):
    DoseOrderFactory(patient=candidate, pattern_mg=[200], reason="TOXICITY")
    with pytest.raises(NotEligible, match="E6 Dose under the minimum"):
        services.enrol_patient(by=nurse_a, patient=candidate, enrolled_on=JUNE)


def test_enrolment_refuses_unknown_facts(nurse_a, patient):
    ConsentFactory(patient=patient)
    with pytest.raises(NotEligible, match="I2"):
        services.enrol_patient(by=nurse_a, patient=patient, enrolled_on=JUNE)


def test_enrolment_needs_the_signed_consent(nurse_a, patient):
    with pytest.raises(ValidationError, match="consent"):
        services.enrol_patient(by=nurse_a, patient=patient, enrolled_on=JUNE)


def test_nobody_is_enrolled_twice(nurse_a, candidate):
    services.enrol_patient(by=nurse_a, patient=candidate, enrolled_on=JUNE)
    with pytest.raises(ValidationError, match="already"):
        services.enrol_patient(by=nurse_a, patient=candidate, enrolled_on=JUNE)


def test_the_first_dose_explains_itself_and_a_change_does_not(nurse_a, site_01):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    services.record_first_dose(by=nurse_a, patient=patient, first_dose_on=JUNE)
    with pytest.raises(ReasonMissing):
        services.record_first_dose(by=nurse_a, patient=patient, first_dose_on=date(2025, 6, 3))


def test_a_moved_first_dose_moves_the_schedule(nurse_a, site_01):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    services.record_first_dose(by=nurse_a, patient=patient, first_dose_on=JUNE)
    services.record_first_dose(by=nurse_a, patient=patient, first_dose_on=date(2025, 6, 3), reason="Typo")
    assert patient.visits.get(visit="M6").target_on == date(2025, 12, 3)
    assert patient.events.latest("pgh_id").pgh_context["reason"] == "Typo"


def test_an_outcome_is_recorded(nurse_a, patient, heard):
    outcome = services.record_outcome(by=nurse_a, patient=patient, kind="DISEASE_FREE", on=JUNE)
    assert (outcome.kind, outcome.on) == ("DISEASE_FREE", JUNE)
    assert heard == [("outcome", [patient.pk])]


@pytest.mark.parametrize(("kind", "on"), [("DEATH", date(2024, 12, 1)), ("ALIVE", date(2999, 1, 1))])
def test_impossible_outcomes(nurse_a, patient, kind, on):
    EnrolmentFactory(patient=patient)
    with pytest.raises(ValidationError):
        services.record_outcome(by=nurse_a, patient=patient, kind=kind, on=on)


def end_treatment(by, patient, last_dose_on=JUNE, **values):
    values = {"record": "TREATMENT", "ended_on": JUNE, "why": "PHYSICIAN DECISION", **values}
    return services.record_disposition(by=by, patient=patient, last_dose_on=last_dose_on, **values)


def test_the_end_of_treatment_makes_its_visits(nurse_a, patient):
    services.record_first_dose(by=nurse_a, patient=patient, first_dose_on=date(2025, 1, 7), reason="Typo")
    end_treatment(nurse_a, patient)
    assert patient.visits.get(visit="EOT").target_on == JUNE


def test_the_last_dose_cannot_precede_an_order_with_a_dose(nurse_a, patient):
    DoseOrderFactory(patient=patient, from_on=date(2025, 7, 1))
    with pytest.raises(ValidationError, match="ordered after"):
        end_treatment(nurse_a, patient)


def test_a_hold_that_was_never_resumed_may_follow_the_last_dose(nurse_a, patient):
    DoseOrderFactory(patient=patient, from_on=date(2025, 7, 1), pattern_mg=[0])
    assert end_treatment(nurse_a, patient).last_dose_on == JUNE


def test_a_changed_disposition_needs_a_reason(nurse_a, patient):
    DispositionFactory(patient=patient)
    with pytest.raises(ReasonMissing):
        end_treatment(nurse_a, patient)


def test_opting_out_stands_at_once_and_is_the_systems_own_act(patient, heard):
    contact = ContactFactory(patient=patient)
    services.opt_out(contact.opt_out_token)
    services.opt_out(contact.opt_out_token)
    contact.refresh_from_db()
    assert contact.opted_out_at is not None
    assert contact.events.latest("pgh_id").pgh_context["reason"] == "Opted out through the link"
    assert heard == [("contact", [patient.pk])]


def test_agreeing_again_ends_an_opt_out(nurse_a, patient):
    ContactFactory(patient=patient, opted_out_at=datetime(2025, 5, 1, tzinfo=UTC))
    contact = services.agree_to_reminders(by=nurse_a, patient=patient, version="R1", agreed_on=JUNE)
    assert (contact.opted_in_on, contact.opted_out_at) == (JUNE, None)


def test_what_is_withdrawn_is_not_withdrawn_again(nurse_a, patient):
    ContactFactory(patient=patient, reminders=False)
    with pytest.raises(ValidationError, match="withdrawn already"):
        services.withdraw_from_reminders(by=nurse_a, patient=patient, withdrawn_on=JUNE)
    consent = ConsentFactory(patient=patient, withdrawn_on=JUNE)
    with pytest.raises(ValidationError, match="withdrawn already"):
        services.withdraw_consent(by=nurse_a, consent=consent, withdrawn_on=JUNE)


def test_a_consent_to_reminders_has_no_second_record(nurse_a, patient):
    with pytest.raises(ValidationError, match="kept with the contact"):
        services.give_consent(by=nurse_a, patient=patient, purpose="REMINDERS", version="", consented_on=JUNE)


def test_a_kept_assessment_is_never_changed(nurse_a, patient):
    kept = services.keep_assessment(by=nurse_a, patient=patient, on=JUNE)
    kept.note = "Better"
    with pytest.raises(ProgrammingError), transaction.atomic(), recording(by=nurse_a, reason="Typo"):
        kept.save()


WRITES = {
    "screen": lambda by, p: services.screen_patient(
        by=by, patient=Patient(subject_id="x", site=p.site, entry_path="A")
    ),
    "complete": lambda by, p: services.change_screening(by=by, patient=p, records=[], reason=""),
    "enrol": lambda by, p: services.enrol_patient(by=by, patient=p, enrolled_on=JUNE),
    "first dose": lambda by, p: services.record_first_dose(by=by, patient=p, first_dose_on=JUNE),
    "outcome": lambda by, p: services.record_outcome(by=by, patient=p, kind="ALIVE", on=JUNE),
    "end": lambda by, p: end_treatment(by, p),
    "contact": lambda by, p: services.change_contact(by=by, patient=p, email="", language="ko"),
    "agreement": lambda by, p: services.agree_to_reminders(by=by, patient=p, version="", agreed_on=JUNE),
    "withdrawal": lambda by, p: services.withdraw_from_reminders(by=by, patient=p, withdrawn_on=JUNE),
    "consent": lambda by, p: services.give_consent(
        by=by, patient=p, purpose="STUDY", version="", consented_on=JUNE
    ),
    "keep": lambda by, p: services.keep_assessment(by=by, patient=p, on=JUNE),
    "close": lambda by, p: services.close_as_screen_failure(by=by, patient=p, ended_on=JUNE, note="Age"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("who", ["nurse_b", "monitor", "data_manager", "outsider"])
def test_only_the_clinic_of_the_site_writes(request, patient, write, who):
    with pytest.raises(PermissionDenied):
        write(request.getfixturevalue(who), patient)
