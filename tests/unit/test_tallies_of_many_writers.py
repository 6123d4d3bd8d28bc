"""Several writers at once: nobody's change is lost in the sums, and nobody waits for another in a ring."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit import recording
from courses.models import CourseSummary
from courses.services import rebuild_summaries
from dosing.models import DoseOrder
from patients.saving import lock_patient
from patients.signals import announce
from tests.unit.test_tallies import TODAY, make_patient, stored, summed

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works):
    """Each in a thread with a connection of its own, all begun at the same moment; what went wrong."""
    gate, faults = threading.Barrier(len(works)), []

    def run(work):
        try:
            gate.wait()
            work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@transaction.atomic
def reduce_dose(patient, by):
    """As a service does it: the patient is held, a fact is written, the change is told."""
    lock_patient(patient)
    with recording(by=by, reason="Test record"):
        day = date(2025, 6, 1)
        DoseOrder.objects.create(
            patient=patient, from_on=day, anchor_on=day, pattern_mg=[200], reason="TOXICITY"
        )
    announce([patient.pk], "dose order")


def test_changes_of_many_patients_of_one_site_all_count(time_machine):
    time_machine.move_to("2025-06-30T10:00:00+09:00")
    patients, by = [make_patient() for _ in range(4)], User.objects.system()
    ids = [patient.pk for patient in patients]
    rebuild_summaries(ids, on=TODAY)
    nights = [
        lambda: rebuild_summaries(ids, on=TODAY),
        lambda: rebuild_summaries(ids[::-1], on=date(2025, 7, 1)),
    ]
    changes = [lambda patient=patient: reduce_dose(patient, by) for patient in patients]
    assert together(*changes, *nights) == []
    assert stored() == summed()
    assert stored().count("patients", "dose_below_minimum") == len(ids)


def test_the_first_summary_of_a_patient_is_counted_once():
    patient = make_patient()
    build = lambda: rebuild_summaries([patient.pk], on=TODAY)  # noqa: E731
    assert together(build, build, build) == []
    assert CourseSummary.objects.count() == 1
    assert stored() == summed()
    assert stored().count("patients", "enrolled") == 1
