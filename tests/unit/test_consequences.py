"""What an act will do is found by doing it and taking it back: the preview is what happens, and leaves nothing."""

from datetime import date

import pytest
import time_machine

from audit import recording
from clinic.consequences import consequences_of
from clinic.selectors.coming import coming_visits
from patients.models import Disposition, Patient
from patients.services import record_disposition
from reminders.models import Reminder
from reminders.rules.states import OPEN
from reminders.services import plan_reminders
from tests.factories import (
    ConsentFactory,
    ContactFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    PatientFactory,
)
from visits.services import project_visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2025, 7, 7)


@pytest.fixture
def patient(site_01, system):
    with time_machine.travel("2025-07-07 10:00 +0900", tick=False):
        patient = PatientFactory(site=site_01)
        for factory in (ConsentFactory, EnrolmentFactory, DoseOrderFactory):
            factory(patient=patient)
        ContactFactory(patient=patient)
        project_visits(by=system, patient_ids=[patient.pk])
        plan_reminders(on=TODAY, patient_ids=[patient.pk])
        yield patient


def leave(by, patient):
    record_disposition(
        by=by,
        patient=patient,
        record="PARTICIPATION",
        ended_on=TODAY,
        why="WITHDRAWAL BY SUBJECT",
    )


def state(patient):
    visits = {visit.code for visit in coming_visits(patient, on=TODAY)}
    mails = Reminder.objects.filter(patient=patient, state__in=sorted(OPEN)).count()
    return visits, mails


def test_the_preview_is_what_happens(nurse_a, patient):
    found = consequences_of(patient, lambda: leave(nurse_a, patient), on=TODAY)
    before, mails = state(patient)
    leave(nurse_a, Patient.objects.get(pk=patient.pk))
    after, mails_after = state(patient)
    assert {visit.code for visit in found.cancelled} == before - after
    assert found.reminders_cancelled == mails - mails_after
    assert (found.added, found.moved, found.kept) == ((), (), ())


def test_the_preview_leaves_nothing(nurse_a, patient):
    event_model = Disposition.pgh_event_models["insert"]
    before = state(patient), event_model.objects.count()
    consequences_of(patient, lambda: leave(nurse_a, patient), on=TODAY)
    assert (state(patient), event_model.objects.count()) == before
    assert not Disposition.objects.exists()


def test_appointments_fall_with_their_visits(nurse_a, patient, system):
    visit = patient.visits.get(visit="M9")
    with recording(by=system, reason="Test"):
        patient.visits.filter(pk=visit.pk).update(booked_on=visit.target_on)
    found = consequences_of(patient, lambda: leave(nurse_a, patient), on=TODAY)
    assert [coming.code for coming in found.bookings] == ["M9"]


def test_what_the_end_dates_into_the_past_is_named_too(nurse_a, patient):
    """Two months after the last dose the visits of that end are late already, and still to be recorded."""

    def stop():
        record_disposition(
            by=nurse_a,
            patient=patient,
            record="TREATMENT",
            ended_on=TODAY,
            last_dose_on=date(2025, 5, 1),
            why="PHYSICIAN DECISION",
        )

    found = consequences_of(patient, stop, on=TODAY)
    late = {visit.code for visit in (*found.added, *found.moved) if visit.is_missed}
    assert late == {"EOT", "SFU"}
    assert "SFU" not in {visit.code for visit in found.cancelled}
    assert not [visit for visit in found.kept if visit.is_missed]
