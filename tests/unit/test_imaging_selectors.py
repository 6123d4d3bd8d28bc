"""Scans of one patient, and those somebody has to ask for, from stored visits and outcomes."""

from datetime import date

import pytest

from review.models import Query
from review.services import sync_queries
from tests.factories import DispositionFactory, EnrolmentFactory, OutcomeFactory, PatientFactory
from visits.selectors import imaging_due, imaging_of
from visits.services import project_visits

pytestmark = pytest.mark.django_db
T0 = date(2025, 1, 6)  # Month 6 is on 6 July


@pytest.fixture
def patient(site_01, system):
    patient = PatientFactory(site=site_01, first_dose_on=T0, subject_id="01-801")
    EnrolmentFactory(patient=patient, enrolled_on=date(2025, 1, 3))
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


def due(user, on):
    return [(row.code, row.is_gap) for row in imaging_due(user, on=on)]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 7, 6), []),
        (date(2025, 7, 7), [("M6", False)]),
        (date(2025, 8, 3), [("M6", False)]),
        (date(2025, 8, 4), [("M6", True)]),
        (date(2026, 1, 7), [("M12", True)]),
    ],
)
def test_a_scan_is_asked_for_once_its_target_has_passed(patient, nurse_a, on, expected):
    assert due(nurse_a, on) == expected


@pytest.mark.parametrize("kind", ["DISEASE_FREE", "SUSPECTED"])
def test_an_assessment_in_the_window_answers_it(patient, nurse_a, kind):
    OutcomeFactory(patient=patient, kind=kind, on=date(2025, 6, 20))
    assert due(nurse_a, date(2025, 7, 7)) == []
    (scan,) = [scan for scan in imaging_of(patient, on=date(2025, 7, 7)).scans if scan.code == "M6"]
    assert (scan.state, scan.seen_on) == ("DONE", date(2025, 6, 20))


@pytest.mark.parametrize(
    "end",
    [
        lambda p: OutcomeFactory(patient=p, kind="RECURRENCE", on=date(2025, 5, 5)),
        lambda p: OutcomeFactory(patient=p, kind="DEATH", on=date(2025, 5, 5)),
        lambda p: DispositionFactory(
            patient=p,
            record="PARTICIPATION",
            reason="WITHDRAWAL BY SUBJECT",
            ended_on=date(2025, 5, 5),
            last_dose_on=None,
        ),
    ],
)
def test_after_recurrence_death_or_leaving_nobody_asks(patient, nurse_a, end):
    end(patient)
    assert due(nurse_a, date(2025, 8, 4)) == []


def test_another_site_s_scans_are_not_seen(patient, nurse_b):
    assert due(nurse_b, date(2025, 8, 4)) == []


def test_before_entry_nobody_had_to_look(site_01, system, nurse_a):
    treated = PatientFactory(
        site=site_01, entry_path="B", first_dose_on=date(2023, 3, 15), subject_id="01-802"
    )
    EnrolmentFactory(patient=treated, enrolled_on=date(2025, 9, 15))
    project_visits(by=system, patient_ids=[treated.pk])
    assert due(nurse_a, date(2025, 9, 16)) == []
    scans = imaging_of(treated, on=date(2025, 9, 16)).scans
    assert scans[0].code == "M36"


def test_the_list_costs_the_same_however_long_it_is(site_01, system, nurse_a, django_assert_num_queries):
    def enrol(count):
        for _ in range(count):
            patient = PatientFactory(site=site_01, first_dose_on=T0)
            EnrolmentFactory(patient=patient, enrolled_on=T0)
            project_visits(by=system, patient_ids=[patient.pk])

    enrol(2)
    with django_assert_num_queries(1):
        assert len(due(nurse_a, date(2025, 7, 7))) == 2
    enrol(8)
    with django_assert_num_queries(1):
        assert len(due(nurse_a, date(2025, 7, 7))) == 10


def test_a_gap_between_two_assessments_is_a_query_until_the_missing_one_is_recorded(patient, system):
    OutcomeFactory(patient=patient, kind="DISEASE_FREE", on=date(2025, 12, 1))
    sync_queries(by=system, patient_ids=[patient.pk])
    query = Query.objects.get(code="IMAGING_GAP")
    assert query.detail == {"from_on": "2025-01-06", "to_on": "2025-12-01"}
    OutcomeFactory(patient=patient, kind="DISEASE_FREE", on=date(2025, 7, 1))
    sync_queries(by=system, patient_ids=[patient.pk])
    query.refresh_from_db()
    assert query.closed_at is not None
