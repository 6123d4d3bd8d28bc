"""The stored summary is what the facts say, after every change and for many as cheaply as for one."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CourseSummary
from courses.selectors import course_facts, course_records, summary_of
from courses.services import built_summary, rebuild_summaries, stale_patient_ids
from patients.signals import announce
from tests.factories import (
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
    VisitFactory,
)

TODAY = date(2025, 6, 30)


@pytest.fixture
def patient(system):
    patient = PatientFactory()
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    KitReturnFactory(kit=KitFactory(patient=patient))
    KitFactory(patient=patient, dispensed_on=date(2025, 4, 7))
    VisitFactory(patient=patient, visit="M3", occurred_on=date(2025, 4, 7))
    return patient


def test_a_summary_is_stored_as_built(patient):
    rebuild_summaries([patient.pk], on=TODAY)
    stored, built = (
        summary_of(patient),
        built_summary(
            patient,
            course_facts([patient.pk])[patient.pk],
            course_records([patient.pk])[patient.pk],
            on=TODAY,
        ),
    )
    assert stored.payload == built.payload
    assert float(stored.pill_count_percent) == built.payload["adherence"]["pill_count_percent"] == 100.0


def test_a_second_build_replaces_the_first(patient):
    rebuild_summaries([patient.pk], on=TODAY)
    rebuild_summaries([patient.pk], on=date(2025, 7, 1))
    assert CourseSummary.objects.get().as_of == date(2025, 7, 1)


@time_machine.travel("2025-06-30T10:00:00+09:00", tick=False)
def test_a_changed_course_is_summarised_at_once(patient):
    DoseOrderFactory(patient=patient, from_on=date(2025, 6, 1), pattern_mg=[200], reason="TOXICITY")
    announce([patient.pk], "dose order")
    assert summary_of(patient).has_dose_below_minimum


def test_a_summary_of_yesterday_is_stale(patient):
    rebuild_summaries([patient.pk], on=TODAY)
    assert stale_patient_ids(on=TODAY) == []
    assert stale_patient_ids(on=date(2025, 7, 1)) == [patient.pk]


def test_many_summaries_cost_as_many_queries_as_one(patient):
    others = [PatientFactory().pk for _ in range(6)]
    with CaptureQueriesContext(connection) as one:
        rebuild_summaries([patient.pk], on=TODAY)
    with CaptureQueriesContext(connection) as many:
        rebuild_summaries([patient.pk, *others], on=TODAY)
    assert len(many) == len(one)
