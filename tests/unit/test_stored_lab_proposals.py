"""Results that ask for an adverse event: stored as built, answered once, and no more queries for many than for one."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from adverse_events.models import LabGradeAnswer
from adverse_events.services import answer_lab_grade
from courses.models import LabProposal
from courses.services import built_lab_proposals
from patients.signals import announce
from tests.factories import (
    AdverseEventFactory,
    EnrolmentFactory,
    LabGradeAnswerFactory,
    LabResultFactory,
    PatientFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2025, 7, 6)


@pytest.fixture
def patient(site_01):
    patient = PatientFactory(site=site_01)
    EnrolmentFactory(patient=patient)
    return patient


def stored(patient):
    announce([patient.pk], "results")
    return list(LabProposal.objects.filter(patient=patient).values_list("test", "grade", "ae_no"))


def test_an_abnormal_result_is_stored_until_an_event_accounts_for_it(patient):
    LabResultFactory(patient=patient, value="0.8")
    assert stored(patient) == [("ANC", 3, None)]
    event = AdverseEventFactory(patient=patient, term="Neutrophil count decreased", grade=2)
    assert stored(patient) == [("ANC", 3, event.ae_no)]
    AdverseEventFactory(patient=patient, term="Neutrophil count decreased", grade=3)
    assert stored(patient) == []


def test_what_is_stored_is_what_is_built(patient):
    LabResultFactory(patient=patient, value="0.8")
    stored(patient)
    (row,), (built,) = LabProposal.objects.all(), built_lab_proposals([patient.pk])
    names = [field.name for field in LabProposal._meta.concrete_fields if field.name != "id"]
    assert {name: getattr(row, name) for name in names} == {name: getattr(built, name) for name in names}


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2024, 12, 27), []), (date(2025, 1, 5), []), (date(2025, 1, 6), [("ANC", 3, None)])],
)
def test_only_what_came_on_study_is_proposed(patient, day, expected):
    """Enrolled on 2024-12-27, first dose on 2025-01-06."""
    LabResultFactory(patient=patient, value="0.8", collected_on=day)
    assert stored(patient) == expected


def test_creatinine_within_the_limits_is_held_against_the_baseline(patient):
    shared = {"patient": patient, "test": "CREAT", "unit": "mg/dL", "lln": None, "uln": Decimal("1.2")}
    LabResultFactory(value="0.6", collected_on=date(2025, 1, 2), **shared)
    LabResultFactory(value="1.0", **shared)
    assert stored(patient) == [("CREAT", 2, None)]


def test_nobody_is_asked_before_treatment(site_01):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    LabResultFactory(patient=patient, value="0.8")
    assert stored(patient) == []


def test_an_answer_settles_its_grade_and_no_worse_one(patient, nurse_a):
    LabResultFactory(patient=patient, value="1.6")
    stored(patient)
    said = answer_lab_grade(
        by=nurse_a, patient=patient, test="ANC", collected_on=DAY, grade=1, comment=" Known for years "
    )
    assert (said.comment, said.answered_by) == ("Known for years", nurse_a)
    assert LabProposal.objects.count() == 0
    LabResultFactory(patient=patient, value="1.2", collected_on=date(2025, 8, 4))
    assert stored(patient) == [("ANC", 2, None)]


@pytest.mark.parametrize(
    "asked", [{"grade": 2}, {"test": "PLT"}, {"collected_on": date(2025, 7, 5)}, {"comment": " "}]
)
def test_only_what_is_asked_is_answered_and_with_a_reason(patient, nurse_a, asked):
    LabResultFactory(patient=patient, value="1.6")
    values = {"test": "ANC", "collected_on": DAY, "grade": 1, "comment": "Known"} | asked
    with pytest.raises(ValidationError):
        answer_lab_grade(by=nurse_a, patient=patient, **values)
    assert not LabGradeAnswer.objects.exists()


@pytest.mark.parametrize("who", ["monitor", "nurse_b", "outsider"])
def test_others_do_not_answer(patient, request, who):
    with pytest.raises(PermissionDenied):
        answer_lab_grade(
            by=request.getfixturevalue(who),
            patient=patient,
            test="ANC",
            collected_on=DAY,
            grade=1,
            comment="-",
        )


@pytest.mark.parametrize("wrong", [{"grade": 0}, {"grade": 5}, {"comment": ""}])
def test_the_database_refuses_an_answer_that_says_nothing(patient, wrong):
    with pytest.raises(IntegrityError):
        LabGradeAnswerFactory(patient=patient, **wrong)


def test_a_grade_is_answered_once(patient):
    LabGradeAnswerFactory(patient=patient)
    with pytest.raises(IntegrityError, match="answered_once"):
        LabGradeAnswerFactory(patient=patient)


def test_many_patients_cost_as_many_statements_as_one(patient, django_assert_num_queries):
    others = [PatientFactory(site=patient.site) for _ in range(4)]
    for person in [patient, *others]:
        LabResultFactory(patient=person, value="0.8")
        LabGradeAnswerFactory(patient=person)
    with CaptureQueriesContext(connection) as one:
        built_lab_proposals([patient.pk])
    with django_assert_num_queries(len(one)):
        built_lab_proposals([patient.pk, *(person.pk for person in others)])
