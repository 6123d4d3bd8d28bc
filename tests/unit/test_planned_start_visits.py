"""Before the first dose is taken the planned start gives screening and first dose their provisional days."""

from datetime import date

import pytest

from audit import recording
from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from courses.selectors import course_facts
from protocol import load_protocol
from tests.factories import EnrolmentFactory, PatientFactory, ScreeningFactory
from visits.services import project_visits

pytestmark = pytest.mark.django_db
PLANNED = date(2025, 7, 20)


@pytest.fixture
def waiting(site_01):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    ScreeningFactory(patient=patient, planned_start_on=PLANNED)
    return patient


def days(patient, system):
    project_visits(by=system, patient_ids=[patient.pk])
    return dict(patient.visits.values_list("visit", "target_on"))


def test_screening_has_its_place_and_after_enrolment_the_first_dose(waiting, system):
    assert days(waiting, system) == {"SCR": date(2025, 7, 19)}
    EnrolmentFactory(patient=waiting, enrolled_on=date(2025, 7, 10))
    assert days(waiting, system) == {"SCR": date(2025, 7, 19), "D1": PLANNED}


def test_the_real_first_dose_takes_its_place(waiting, system):
    EnrolmentFactory(patient=waiting, enrolled_on=date(2025, 7, 10))
    days(waiting, system)
    waiting.first_dose_on = date(2025, 7, 22)

    with recording(by=system, reason="First dose"):
        waiting.save()
    found = days(waiting, system)
    assert (found["D1"], found["M6"]) == (date(2025, 7, 22), date(2026, 1, 22))


def test_the_course_summary_stays_without_visits(waiting, system):
    EnrolmentFactory(patient=waiting, enrolled_on=date(2025, 7, 10))
    days(waiting, system)
    summary = course_summary(course_facts([waiting.pk])[waiting.pk], load_protocol(), date(2025, 7, 15))
    assert (summary.visits, summary.next_visit, summary.phase) == ((), None, "PRE")
    assert as_dict(summary)["visits"] == []
