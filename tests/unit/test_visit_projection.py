"""The stored schedule always equals the projected one, and never loses what people said."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import recording
from tests.factories import DispositionFactory, EnrolmentFactory, PatientFactory, VisitFactory
from visits.models import Visit
from visits.services.projection import project_visits


@pytest.fixture
def patient(system):
    patient = PatientFactory(first_dose_on=date(2022, 9, 7))
    EnrolmentFactory(patient=patient, enrolled_on=date(2022, 9, 1))
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


def visit(patient, code):
    return Visit.objects.get(patient=patient, visit=code)


def move_first_dose(patient, day, system):
    with recording(by=system, reason="Wrong day"):
        patient.first_dose_on = day
        patient.save()
    project_visits(by=system, patient_ids=[patient.pk])


def test_projection_stores_target_and_window(patient):
    m6 = visit(patient, "M6")
    assert (m6.target_on, m6.opens_on, m6.closes_on) == (
        date(2023, 3, 7),
        date(2023, 2, 21),
        date(2023, 3, 21),
    )


def test_projection_twice_writes_nothing(patient, system):
    events = visit(patient, "M6").events.count()
    project_visits(by=system, patient_ids=[patient.pk])
    assert visit(patient, "M6").events.count() == events


def test_a_moved_first_dose_moves_every_window(patient, system):
    move_first_dose(patient, date(2022, 10, 7), system)
    assert visit(patient, "M6").target_on == date(2023, 4, 7)


def test_what_happened_is_never_moved(patient, system):
    with recording(by=system, reason="Test"):
        Visit.objects.filter(patient=patient, visit="M6").update(occurred_on=date(2023, 3, 9))
    move_first_dose(patient, date(2022, 10, 7), system)
    assert visit(patient, "M6").occurred_on == date(2023, 3, 9)


def test_an_early_end_makes_the_visits_that_follow(patient, system):
    DispositionFactory(patient=patient, last_dose_on=date(2023, 5, 1), ended_on=date(2023, 5, 1))
    project_visits(by=system, patient_ids=[patient.pk])
    assert visit(patient, "EOT").target_on == date(2023, 5, 1)
    assert visit(patient, "SFU").target_on == date(2023, 5, 31)


def test_a_visit_without_place_goes_unless_something_was_said_of_it(patient, system):
    VisitFactory(patient=patient, visit="EOT", visitnum=90)
    VisitFactory(patient=patient, visit="OS6", visitnum=200, occurred_on=date(2023, 1, 5))
    project_visits(by=system, patient_ids=[patient.pk])
    assert not Visit.objects.filter(patient=patient, visit="EOT").exists()
    assert visit(patient, "OS6").target_on is None


def test_projection_asks_as_often_for_many_as_for_one(patient, system):
    others = [PatientFactory() for _ in range(5)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        project_visits(by=system, patient_ids=[patient.pk])
    project_visits(by=system, patient_ids=[p.pk for p in others])
    with CaptureQueriesContext(connection) as many:
        project_visits(by=system, patient_ids=[patient.pk, *(p.pk for p in others)])
    assert len(many) == len(one)
