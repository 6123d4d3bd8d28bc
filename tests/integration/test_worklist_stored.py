"""The worklist read from stored agendas: it follows every change, and costs the same whoever else there is."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.services import rebuild_agendas
from tests.factories import ConsentFactory, EnrolmentFactory, PatientFactory
from visits.services import book_visit, project_visits, record_visit_facts

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 21)  # the window of Month 6 closed yesterday


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2025-07-21 10:00 +0900", tick=False):
        yield


@pytest.fixture
def scheduled(site_01, system):
    """A patient with T0 2025-01-06, seen until Month 3, of a site or of another."""

    def make(site=site_01):
        patient = PatientFactory(site=site)
        ConsentFactory(patient=patient)
        EnrolmentFactory(patient=patient, enrolled_on=date(2024, 12, 27))
        project_visits(by=system, patient_ids=[patient.pk])
        seen = patient.visits.get(visit="M3")
        record_visit_facts(
            by=system, visit=seen, occurred_on=seen.target_on
        )  # announces: the agenda is built
        return patient

    return make


def listed(client, **query):
    worklist = client.get("/clinic/", query).context["worklist"]
    return {part.source.key: [row.patient.subject_id for row in part.rows] for part in worklist.visits}


def test_a_row_comes_with_a_change_and_goes_with_the_next(client, nurse_a, scheduled, system):
    client.force_login(nurse_a)
    patient = scheduled()
    month_6 = patient.visits.get(visit="M6")
    assert listed(client)["overdue"] == [patient.subject_id]
    book_visit(by=system, visit=month_6, booked_on=date(2025, 7, 23))
    assert (listed(client)["overdue"], listed(client)["this-week"]) == ([], [patient.subject_id])
    assert listed(client, on="2025-07-24")["overdue"] == [patient.subject_id]
    month_6.refresh_from_db()
    record_visit_facts(by=system, visit=month_6, occurred_on=TODAY)
    assert not any(listed(client).values())


def test_other_sites_and_the_search_narrow(client, nurse_a, nurse_b, scheduled, site_02):
    mine, other = scheduled(), scheduled(site_02)
    for user, subject in ((nurse_a, mine.subject_id), (nurse_b, other.subject_id)):
        client.force_login(user)
        assert listed(client)["overdue"] == [subject]
        assert listed(client, q=subject[-2:])["overdue"] == [subject]
        assert listed(client, q="nobody")["overdue"] == []


def test_a_part_is_read_page_by_page(client, nurse_a, scheduled):
    subjects = sorted(scheduled().subject_id for _ in range(3))
    client.force_login(nurse_a)
    part = client.get("/clinic/worklist/overdue/").context["part"]
    assert ([row.patient.subject_id for row in part.rows], part.count) == (subjects, 3)


def test_the_number_of_queries_does_not_grow(client, nurse_a, scheduled):
    client.force_login(nurse_a)
    scheduled()
    client.get("/clinic/")
    few = queries(client)
    rebuild_agendas([scheduled().pk for _ in range(5)], on=TODAY)
    assert queries(client) == few


def queries(client):
    with CaptureQueriesContext(connection) as made:
        client.get("/clinic/")
    return len(made)
