"""The sums as of a past day: the same built at once or by a worker, batch by batch, whoever dies in between."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from courses import tasks
from courses.models import PastTally
from courses.rules.tally import Tallies
from courses.selectors import past_tally
from courses.services import continue_past_tally, past, rebuild_summaries, start_past_tally
from dashboard.selectors import day_of
from patients.models import Patient
from tests.factories import SiteFactory
from tests.unit.test_tallies import make_patient, tallies

PAST, TODAY = date(2025, 3, 31), date(2025, 6, 30)


def tallies_on(user, *, on):
    """As the dashboard shows them: of nobody while they are being built."""
    return day_of(user, on, today=TODAY).figures.tallies


@pytest.fixture
def patients(pi_a):
    return [make_patient() for _ in range(3)]


@pytest.fixture
def many(settings, monkeypatch):
    """Three patients are too many for a request, and a batch is one of them."""
    settings.PAST_PATIENTS_IN_A_REQUEST = 2
    monkeypatch.setattr(past, "PATIENTS_A_BATCH", 1)


def test_few_patients_are_looked_at_while_a_person_waits(pi_a, patients):
    found = tallies_on(pi_a, on=PAST)
    rebuild_summaries([patient.pk for patient in patients], on=PAST)
    assert found == tallies(pi_a)
    assert found.count("patients", "enrolled") == 3


def test_sums_of_a_past_day_are_of_the_sites_of_a_person(pi_a, patients):
    make_patient(site=SiteFactory(code="02"))
    assert tallies_on(pi_a, on=PAST).count("patients", "enrolled") == 3


def test_many_patients_are_a_workers_task(pi_a, patients, many):
    assert (past_tally(pi_a, on=PAST), tallies_on(pi_a, on=PAST)) == (None, Tallies())
    started = start_past_tally(by=pi_a, on=PAST)
    assert (started.done, started.total, started.tallies) == (0, 3, None)
    tasks.build_past_tally(started.pk)
    assert past_tally(pi_a, on=PAST).percent_done == 100
    rebuild_summaries([patient.pk for patient in patients], on=PAST)
    assert tallies_on(pi_a, on=PAST) == tallies(pi_a)


def test_progress_is_kept_after_every_batch(pi_a, patients, many):
    pk = start_past_tally(by=pi_a, on=PAST).pk
    assert continue_past_tally(pk)
    assert (past_tally(pi_a, on=PAST).done, tallies_on(pi_a, on=PAST)) == (1, Tallies())
    assert [continue_past_tally(pk) for _ in range(4)] == [True, True, False, False]
    assert tallies_on(pi_a, on=PAST).count("patients", "enrolled") == 3


def test_a_worker_that_dies_loses_one_batch(pi_a, patients, many, monkeypatch):
    pk = start_past_tally(by=pi_a, on=PAST).pk
    continue_past_tally(pk)
    with monkeypatch.context() as dying:
        dying.setattr(past, "sums_on", lambda ids, on: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            continue_past_tally(pk)
    tasks.build_past_tally(pk)
    assert tallies_on(pi_a, on=PAST).count("patients", "enrolled") == 3


def test_asking_again_while_it_is_built_does_not_begin_anew(pi_a, patients, many):
    continue_past_tally(start_past_tally(by=pi_a, on=PAST).pk)
    assert start_past_tally(by=pi_a, on=PAST).done == 1
    assert PastTally.objects.count() == 1


def test_what_is_built_can_be_built_again_from_the_facts_of_now(pi_a, patients, many):
    tasks.build_past_tally(start_past_tally(by=pi_a, on=PAST).pk)
    make_patient()
    again = start_past_tally(by=pi_a, on=PAST)
    assert (again.done, again.total) == (0, 4)
    tasks.build_past_tally(again.pk)
    assert tallies_on(pi_a, on=PAST).count("patients", "enrolled") == Patient.objects.count() == 4


def test_a_lost_message_is_made_up_for(pi_a, patients, many, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.build_past_tally, "delay", asked.append)
    pk = start_past_tally(by=pi_a, on=PAST).pk
    tasks.build_past_tallies()
    assert asked == [pk]


def test_only_who_sees_the_dashboard_has_it_built(outsider, nurse_a, patients):
    for somebody in (outsider, nurse_a):
        with pytest.raises(PermissionDenied):
            start_past_tally(by=somebody, on=PAST)
