"""Whom next? Overdue is only what nobody has dealt with; and the work does not grow with the database."""

from datetime import date, time

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.selectors.follow_up import open_events, pending_labs
from tests.factories import (
    AdverseEventFactory,
    AssessmentFactory,
    ConsentFactory,
    DispositionFactory,
    EnrolmentFactory,
    OutcomeFactory,
    PatientFactory,
    VisitFactory,
)
from visits.rules.agenda import Section
from visits.selectors import Scope, visit_items
from visits.services import (
    book_visit,
    mark_not_done,
    project_visits,
    record_unscheduled_visit,
    record_visit_facts,
)

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 21)  # the window of Month 6 closed yesterday


@pytest.fixture
def scheduled(site_01, system):
    """scheduled(**facts): a patient with T0 2025-01-06 whose earlier visits took place."""

    def make(seen_until="M3", site=site_01, enrolled_on=date(2024, 12, 27), **facts):
        patient = PatientFactory(site=site, **facts)
        ConsentFactory(patient=patient)
        EnrolmentFactory(patient=patient, enrolled_on=enrolled_on)
        project_visits(by=system, patient_ids=[patient.pk])
        if seen_until:
            record(patient, seen_until, system)
        return patient

    return make


def record(patient, code, by):
    visit = patient.visits.get(visit=code)
    return record_visit_facts(by=by, visit=visit, occurred_on=visit.target_on)


def found(user, on=TODAY, **scope):
    items = visit_items(user, Scope(on, max(on, TODAY), **scope))
    return [(item.section, item.visit.visit, item.on) for item in items]


def overdue(user, on=TODAY, **scope):
    return [code for section, code, _ in found(user, on, **scope) if section is Section.OVERDUE]


def test_a_passed_window_is_overdue_the_day_after_it_closed(nurse_a, scheduled):
    scheduled()
    assert overdue(nurse_a, date(2025, 7, 20)) == []
    assert overdue(nurse_a) == ["M6"]


def test_one_row_a_patient_names_the_earlier_ones(nurse_a, scheduled):
    scheduled()
    (item,) = visit_items(nurse_a, Scope(date(2025, 10, 21), TODAY))
    assert (item.visit.visit, [visit.visit for visit in item.also]) == ("M9", ["M6"])


@time_machine.travel("2025-06-01 10:00 +0900", tick=False)
def test_a_booked_visit_is_overdue_after_its_day_not_after_its_window(nurse_a, scheduled, system):
    visit = scheduled().visits.get(visit="M6")
    book_visit(by=system, visit=visit, booked_on=date(2025, 7, 22))
    assert overdue(nurse_a) == []
    assert overdue(nurse_a, date(2025, 7, 23)) == ["M6"]


def test_what_is_recorded_is_not_overdue(nurse_a, scheduled, system):
    scheduled(seen_until="M6")
    mark_not_done(by=system, visit=scheduled().visits.get(visit="M6"), why="Abroad")
    assert overdue(nurse_a) == []


def test_imported_history_never_fills_the_list(nurse_a, scheduled):
    scheduled(seen_until="M6", first_dose_on=date(2025, 1, 5))
    assert overdue(nurse_a) == []


def test_an_unscheduled_visit_does_not_make_up_for_a_scheduled_one(nurse_a, scheduled, system):
    record_unscheduled_visit(by=system, patient=scheduled(), occurred_on=date(2025, 7, 20))
    assert overdue(nurse_a) == ["M6"]


@pytest.mark.parametrize(
    "leave",
    [
        lambda p: OutcomeFactory(patient=p, kind="DEATH", on=date(2025, 7, 1)),
        lambda p: DispositionFactory(
            patient=p, record="PARTICIPATION", ended_on=date(2025, 7, 1), last_dose_on=None
        ),
        lambda p: DispositionFactory(patient=p, last_dose_on=date(2025, 6, 1), ended_on=date(2025, 6, 1)),
    ],
)
def test_who_has_left_is_not_overdue(nurse_a, scheduled, leave):
    leave(scheduled())
    assert overdue(nurse_a) == []


def test_a_window_missed_before_death_is_nobodys_task_any_more(nurse_a, scheduled):
    OutcomeFactory(patient=scheduled(), kind="DEATH", on=date(2025, 9, 1))
    assert overdue(nurse_a, date(2025, 8, 31)) == ["M6"]
    assert overdue(nurse_a, date(2025, 9, 1)) == []


def test_an_assessment_that_the_patient_is_alive_changes_nothing(nurse_a, scheduled):
    OutcomeFactory(patient=scheduled(), kind="ALIVE", on=date(2025, 7, 1))
    assert overdue(nurse_a) == ["M6"]


def test_visits_before_entry_and_merged_with_it_are_never_overdue(nurse_a, scheduled):
    patient = scheduled(seen_until=None, entry_path="B", enrolled_on=date(2025, 7, 7))
    record_codes = overdue(nurse_a, date(2025, 7, 22))
    assert set(record_codes) <= {"SCR"}
    assert patient.visits.filter(visit="M3", occurred_on=None).exists()


def test_path_b_becomes_overdue_after_entry(nurse_a, scheduled):
    scheduled(seen_until="SCR", entry_path="B", enrolled_on=date(2025, 5, 1))
    assert overdue(nurse_a) == ["M6"]


@time_machine.travel("2025-06-01 10:00 +0900", tick=False)
def test_today_and_this_week_by_the_booked_day(nurse_a, scheduled, system):
    for subject, day in (("01-1", 7), ("01-2", 9)):
        visit = scheduled(subject_id=subject).visits.get(visit="M6")
        book_visit(by=system, visit=visit, booked_on=date(2025, 7, day), booked_time=time(10))
    assert found(nurse_a, date(2025, 7, 7)) == [
        (Section.TODAY, "M6", date(2025, 7, 7)),
        (Section.THIS_WEEK, "M6", date(2025, 7, 9)),
    ]


def test_an_unbooked_window_that_closes(nurse_a, scheduled):
    scheduled()
    assert found(nurse_a, date(2025, 7, 14)) == [(Section.WINDOW_CLOSING, "M6", date(2025, 7, 20))]


def test_a_day_in_the_past_looks_as_it_looked_then(nurse_a, scheduled, system):
    record(scheduled(), "M6", system)
    items = visit_items(nurse_a, Scope(date(2025, 7, 1), TODAY))
    assert [(item.visit.visit, item.section) for item in items] == [("M6", Section.THIS_WEEK)]


def test_search_and_site_narrow(data_manager, scheduled, site_02):
    scheduled(subject_id="01-1")
    scheduled(subject_id="02-1", site=site_02)
    assert len(overdue(data_manager)) == 2
    assert len(overdue(data_manager, site="02")) == 1
    assert len(overdue(data_manager, search="01-")) == 1


def test_other_sites_stay_out(nurse_b, outsider, scheduled):
    patient = scheduled()
    AdverseEventFactory(patient=patient, grade=3)
    AssessmentFactory(visit=patient.visits.get(visit="M3"), labs_pending=True)
    scope = Scope(TODAY, TODAY)
    for user in (nurse_b, outsider):
        assert [visit_items(user, scope), *open_events(user, scope), *pending_labs(user, scope)] == [[]]


@pytest.mark.parametrize(
    ("facts", "listed"),
    [
        ({"grade": 3}, True),
        ({"grade": 2}, False),
        ({"grade": 1, "serious": ["HOSPITALISATION"]}, True),
        ({"grade": 4, "ended_on": date(2025, 7, 21)}, False),
        ({"grade": 4, "ended_on": date(2025, 7, 22)}, True),
        ({"grade": 4, "started_on": date(2025, 7, 22)}, False),
    ],
)
def test_severe_or_serious_events_that_go_on_need_follow_up(nurse_a, scheduled, facts, listed):
    AdverseEventFactory(patient=scheduled(), **facts)
    assert open_events(nurse_a, Scope(TODAY, TODAY)).exists() is listed


def test_pending_results_need_follow_up(nurse_a, scheduled):
    AssessmentFactory(visit=scheduled().visits.get(visit="M3"), labs_pending=True)
    assert [row.visit.visit for row in pending_labs(nurse_a, Scope(TODAY, TODAY))] == ["M3"]


def test_the_number_of_queries_does_not_grow(nurse_a, scheduled):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            visit_items(nurse_a, Scope(TODAY, TODAY))
        return len(captured)

    scheduled()
    few = queries()
    for _ in range(4):
        scheduled()
    assert queries() == few


def test_a_visit_the_schedule_has_no_place_for_is_passed_over(nurse_a, site_01):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    VisitFactory(patient=patient, target_on=None, opens_on=None, closes_on=None, booked_on=TODAY)
    assert found(nurse_a) == []
