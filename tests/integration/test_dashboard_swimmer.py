"""The swimmer plot: which courses, in which order, a page at a time, and the same as a table."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.services import rebuild_summaries
from dashboard.selectors import Choice, Today
from tests.factories import (
    AdverseEventFactory,
    DispositionFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    OutcomeFactory,
    PatientFactory,
)

TODAY = date(2026, 11, 22)
PAGE = "/dashboard/swimmer/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 10:00 +0900", tick=False):
        yield


@pytest.fixture
def at(client, pi_a):
    client.force_login(pi_a)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def course(site_01):
    """A course of so many days, on one dose."""

    def make(days, *pattern_mg, **patient):
        t0 = TODAY - timedelta(days=days)
        made = PatientFactory(site=site_01, first_dose_on=t0, **patient)
        EnrolmentFactory(patient=made, enrolled_on=t0)
        DoseOrderFactory(patient=made, from_on=t0, pattern_mg=list(pattern_mg or [400]))
        rebuild_summaries([made.pk], on=TODAY)
        return made

    return make


def subjects(page):
    return [row.lane.facts.subject_id for row in page.context["plot"].rows]


def test_courses_are_sorted_as_asked(at, course):
    short, long = course(100), course(900)
    assert subjects(at.get(f"{PAGE}?sort=months")) == [short.subject_id, long.subject_id]
    assert subjects(at.get(f"{PAGE}?sort=months&descending=on")) == [long.subject_id, short.subject_id]
    assert subjects(at.get(f"{PAGE}?sort=nonsense")) == sorted([short.subject_id, long.subject_id])


def test_courses_are_narrowed(at, course):
    young, old = course(100), course(1300, entry_path="B")
    assert subjects(at.get(f"{PAGE}?phase=EXTENSION")) == [old.subject_id]
    assert subjects(at.get(f"{PAGE}?path=A")) == [young.subject_id]
    assert subjects(at.get(f"{PAGE}?ended=yes")) == []
    assert "A course appears here" in at.get(f"{PAGE}?ended=yes").text


def test_a_lane_says_what_it_shows(at, course):
    patient = course(400, 300)
    AdverseEventFactory(patient=patient, term="Anemia", grade=3, started_on=TODAY - timedelta(days=50))
    OutcomeFactory(patient=patient, kind="RECURRENCE", on=TODAY - timedelta(days=10))
    DispositionFactory(patient=patient, last_dose_on=TODAY - timedelta(days=5), reason="DISEASE RELAPSE")
    rebuild_summaries([patient.pk], on=TODAY)
    page = at.get(PAGE)
    (row,) = page.context["plot"].rows
    assert (row.doses, [mark.kind for mark in row.lane.marks]) == ("300 mg", ["STOP", "RECURRENCE"])
    assert "Anemia, grade 3" in row.events and "Recurrence on 12 Nov 2026" in row.words
    assert f'href="/patients/{patient.uuid}/"' in page.text


def test_a_page_holds_fifty(at, course):
    for _ in range(51):
        course(200)
    first, second = at.get(PAGE), at.get(f"{PAGE}?page=2")
    assert (len(subjects(first)), len(subjects(second))) == (50, 1)
    assert "Page 1 of 2" in first.text
    assert first.context["plot"].finding == "50 of the 50 courses shown go on; there are 51"


def test_who_has_not_begun_is_not_drawn(at, site_01):
    rebuild_summaries([PatientFactory(site=site_01, first_dose_on=None).pk], on=TODAY)
    assert subjects(at.get(PAGE)) == []


def test_more_courses_cost_no_more_queries(at, course):
    counts = []
    for number in (1, 5):
        for _ in range(number):
            course(300)
        with CaptureQueriesContext(connection) as queries:
            at.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(phase="EXTENSION"),
        Choice(path="B"),
        Choice(ended="no"),
        Choice(site="01"),
        Choice(site="02"),
    ],
)
def test_rows_of_the_past_are_narrowed_as_stored_ones_are(pi_a, course, choice):
    course(100), course(1300, entry_path="B")
    every = list(Today(pi_a, TODAY).chosen(Choice(), "subject"))
    stored = [row.pk for row in Today(pi_a, TODAY).chosen(choice, "subject")]
    assert [row.pk for row in every if choice.holds(row)] == stored
