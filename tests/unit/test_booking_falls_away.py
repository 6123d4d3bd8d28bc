"""An appointment goes with its visit, and what the patient would have been told of it goes too."""

from datetime import date, time

import pytest
import time_machine

from audit import recording
from patients.services import record_disposition, record_outcome
from patients.signals import announce
from reminders.models import Reminder
from tests.factories import ConsentFactory, ContactFactory, EnrolmentFactory, PatientFactory
from visits.models import Visit
from visits.services import book_visit, project_visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TODAY = date(2025, 7, 7)


@pytest.fixture
def frozen():
    with time_machine.travel("2025-07-07 10:00 +0900", tick=False):
        yield


@pytest.fixture
def booked(site_01, system):
    """Month 9 (6 October) is booked, and the patient wants mails."""
    patient = PatientFactory(site=site_01)
    EnrolmentFactory(patient=patient)
    ConsentFactory(patient=patient)
    ContactFactory(patient=patient)
    project_visits(by=system, patient_ids=[patient.pk])
    month_9 = patient.visits.get(visit="M9")
    book_visit(by=system, visit=month_9, booked_on=date(2025, 7, 10), booked_time=time(9), reason="Early")
    return month_9


def now(visit):
    return Visit.objects.get(pk=visit.pk)


def last_reason(visit):
    return now(visit).events.latest("pgh_id").pgh_context["reason"]


def stop(patient, nurse_a):
    record_disposition(
        by=nurse_a,
        patient=patient,
        record="TREATMENT",
        ended_on=TODAY,
        why="PHYSICIAN DECISION",
        last_dose_on=TODAY,
    )


def leave(patient, nurse_a):
    record_disposition(
        by=nurse_a, patient=patient, record="PARTICIPATION", ended_on=TODAY, why="WITHDRAWAL BY SUBJECT"
    )


def die(patient, nurse_a):
    record_outcome(by=nurse_a, patient=patient, kind="DEATH", on=TODAY, last_dose_on=TODAY)


@pytest.mark.parametrize("end", [stop, leave, die])
def test_an_end_takes_the_appointment_back_with_its_own_reason(booked, nurse_a, end):
    end(booked.patient, nurse_a)
    assert (now(booked).booked_on, now(booked).booked_time, now(booked).revision) == (None, None, 2)
    assert last_reason(booked) == "Booking cancelled: the visit does not take place any more"


@pytest.mark.parametrize("end", [stop, leave, die])
def test_nobody_is_reminded_of_it_any_more(booked, nurse_a, end):
    assert Reminder.objects.filter(visit=booked, state="PLANNED").exists()
    end(booked.patient, nurse_a)
    assert not Reminder.objects.filter(visit=booked, state="PLANNED").exists()


def test_an_early_stop_makes_the_visits_that_follow(booked, nurse_a):
    stop(booked.patient, nurse_a)
    codes = set(booked.patient.visits.values_list("visit", flat=True))
    assert {"EOT", "SFU", "CTR", "LT3", "LT6", "LT24"} <= codes


def test_a_recurrence_takes_back_follow_up_that_gives_way_to_survival_follow_up(booked, nurse_a, system):
    stop(booked.patient, nurse_a)
    third = booked.patient.visits.get(visit="LT3")
    book_visit(by=nurse_a, visit=third, booked_on=date(2025, 10, 7))
    record_outcome(by=nurse_a, patient=booked.patient, kind="RECURRENCE", on=TODAY)
    assert (now(third).booked_on, now(third).target_on) == (None, None)
    assert booked.patient.visits.get(visit="OS6").target_on == date(2026, 1, 7)


@pytest.mark.parametrize("what", ["visit", "import"])
def test_nothing_is_written_when_nothing_changed(booked, what):
    events = now(booked).events.count()
    announce([booked.patient_id], what)
    assert (now(booked).booked_on, now(booked).events.count()) == (date(2025, 7, 10), events)


def test_an_import_keeps_appointments_as_they_were_agreed(booked, nurse_a, system):
    stop(booked.patient, nurse_a)
    imported = now(booked)
    with recording(by=system, reason="Import"):
        imported.booked_on = date(2025, 7, 10)
        imported.save()
    announce([booked.patient_id], "import")
    assert now(booked).booked_on == date(2025, 7, 10)


def test_an_appointment_that_has_passed_stays_in_the_record(booked, nurse_a):
    with time_machine.travel("2025-07-11 10:00 +0900", tick=False):
        leave(booked.patient, nurse_a)
    assert now(booked).booked_on == date(2025, 7, 10)
