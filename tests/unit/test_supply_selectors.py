"""Whose tablets run out too soon, and who is without any at the change to study drug."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dosing.selectors import ip_gaps, supply_at_risk, supply_outlook
from patients.models import Patient
from tests.factories import (
    DispositionFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    KitReturnFactory,
    OutcomeFactory,
    PatientFactory,
)
from visits.services import book_visit, mark_not_done, project_visits, record_visit_facts

pytestmark = pytest.mark.django_db
T0 = date(2025, 1, 6)
SEEN, ON = date(2025, 4, 7), date(2025, 5, 5)  # month 3, and four weeks later
CLOSES = date(2025, 7, 20)  # the window of month 6: 105 days from month 3, both inside


@pytest.fixture
def treated(site_01, system):
    """treated(tablets): on 400 mg, seen at month 3 and given that many tablets."""

    def make(tablets=100, seen="M3", **facts):
        patient = PatientFactory(site=site_01, **{"first_dose_on": T0, **facts})
        EnrolmentFactory(patient=patient)
        DoseOrderFactory(patient=patient)
        KitFactory(patient=patient, dispensed_on=SEEN, tablets=tablets)
        project_visits(by=system, patient_ids=[patient.pk])
        record_visit_facts(by=system, visit=patient.visits.get(visit=seen), occurred_on=SEEN)
        return patient

    return make


def at_risk(user, on=ON):
    return [(row.runs_out_on, row.next_closes_on) for row in supply_at_risk(user, on=on)]


def test_tablets_to_the_end_of_the_window_are_enough(nurse_a, treated):
    treated(105)
    assert at_risk(nurse_a) == []


def test_one_tablet_less_is_not(nurse_a, treated):
    treated(104)
    assert at_risk(nurse_a) == [(CLOSES, CLOSES)]


@time_machine.travel("2025-04-08 10:00 +0900", tick=False)
@pytest.mark.parametrize(
    ("booked_on", "is_listed"),
    [(date(2025, 7, 16), False), (date(2025, 7, 17), True), (date(2025, 5, 2), True)],
)
def test_a_visit_booked_while_the_tablets_last_brings_new_ones(
    nurse_a, treated, system, booked_on, is_listed
):
    patient = treated(100)  # the last on 15 July, none on the 16th
    book_visit(by=system, visit=patient.visits.get(visit="M6"), booked_on=booked_on)
    assert bool(at_risk(nurse_a)) is is_listed


def test_the_visit_after_a_missed_one_counts(nurse_a, treated):
    treated(105)
    assert at_risk(nurse_a, date(2025, 7, 21)) == [(date(2025, 7, 21), date(2025, 10, 20))]


def test_a_visit_recorded_as_not_done_brings_no_tablets(nurse_a, treated, system):
    patient = treated(110)
    mark_not_done(by=system, visit=patient.visits.get(visit="M6"), why="Abroad")
    assert at_risk(nurse_a, date(2025, 6, 21)) == []  # counts from the day the window opens
    assert at_risk(nurse_a, date(2025, 6, 22)) == [(date(2025, 7, 26), date(2025, 10, 20))]


def test_what_was_given_back_is_gone(nurse_a, treated):
    patient = treated(150)
    count = KitReturnFactory(kit=patient.kits.get(), returned_on=ON, tablets_returned=100, tablets_kept=20)
    assert at_risk(nurse_a, date(2025, 5, 4)) == []
    assert at_risk(nurse_a) == [(date(2025, 5, 25), CLOSES)]
    assert count.tablets_lost == 0


def test_a_lower_dose_needs_tablets_it_can_be_made_of(nurse_a, treated):
    DoseOrderFactory(patient=treated(105), from_on=date(2025, 5, 12), pattern_mg=[300], reason="OTHER")
    (row,) = supply_at_risk(nurse_a, on=ON)
    assert (row.runs_out_on, row.shortage.is_of_strength) == (date(2025, 5, 12), True)


@pytest.mark.parametrize(
    "leave",
    [
        lambda p: OutcomeFactory(patient=p, kind="DEATH", on=ON),
        lambda p: DispositionFactory(patient=p, last_dose_on=ON, ended_on=ON),
        lambda p: DispositionFactory(patient=p, record="PARTICIPATION", ended_on=ON, last_dose_on=None),
        lambda p: DoseOrderFactory(patient=p, from_on=ON, pattern_mg=[0], reason="OTHER"),
    ],
)
def test_who_takes_no_tablets_any_more_needs_none(nurse_a, treated, leave):
    leave(treated(30))
    assert at_risk(nurse_a, date(2025, 5, 6)) == []


def test_the_last_planned_dose_is_the_end_of_need(nurse_a, treated):
    treated(105, first_dose_on=date(2020, 4, 7), seen="M57")
    assert at_risk(nurse_a) == []


def test_visits_without_tablets_do_not_count(nurse_a, site_01, system):
    patient = PatientFactory(site=site_01)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    KitFactory(patient=patient, dispensed_on=T0, tablets=20)
    project_visits(by=system, patient_ids=[patient.pk])
    assert at_risk(nurse_a, date(2025, 1, 10)) == [(date(2025, 1, 26), date(2025, 2, 6))]  # week 4, not 2


def test_nothing_is_said_without_a_kit_or_before_entry(nurse_a, site_01, treated):
    DoseOrderFactory(patient=(entering := PatientFactory(site=site_01)))
    KitFactory(patient=entering, dispensed_on=SEEN, tablets=5)
    treated(30).kits.all()
    EnrolmentFactory(patient=PatientFactory(site=site_01))
    assert len(at_risk(nurse_a)) == 1


def test_other_sites_and_what_was_not_asked_for_stay_out(nurse_b, nurse_a, treated):
    patient = treated(30)
    assert at_risk(nurse_b) == []
    others = Patient.objects.exclude(pk=patient.pk)
    assert supply_outlook(nurse_a, on=ON, among=others).at_risk == []
    assert ip_gaps(nurse_b, on=ON) == []


# -- the change to study drug: month 36 of a first dose on 2022-06-07, window 24 May to 21 June 2025 -------------------
CHANGE = {"first_dose_on": date(2022, 6, 7), "seen": "M33"}


def gaps(user, on):
    found = ip_gaps(user, on=on)
    return [(row.runs_out_on, row.closes_on, row.gap and row.gap.days) for row in found]


def study_drug(patient, day):
    KitFactory(patient=patient, dispensed_on=day, source="IP", tablets=90)
    return patient


@time_machine.travel("2025-04-08 10:00 +0900", tick=False)
def test_tablets_that_end_inside_the_window_of_the_transition_are_a_gap_to_come(nurse_a, treated, system):
    patient = treated(60, **CHANGE)  # the last on 5 June
    assert gaps(nurse_a, ON) == [(date(2025, 6, 6), date(2025, 6, 21), None)]
    book_visit(by=system, visit=patient.visits.get(visit="M36"), booked_on=date(2025, 6, 6))
    assert gaps(nurse_a, ON) == []


def test_own_tablets_to_the_end_of_the_window_leave_no_gap(nurse_a, treated):
    treated(76, **CHANGE)
    assert gaps(nurse_a, ON) == []


def test_a_gap_is_open_until_the_study_drug_begins(nurse_a, treated):
    patient = treated(60, **CHANGE)
    assert gaps(nurse_a, date(2025, 6, 19)) == [(date(2025, 6, 6), date(2025, 6, 21), None)]  # 14 days so far
    assert gaps(nurse_a, date(2025, 6, 20)) == [(date(2025, 6, 6), None, 15)]
    study_drug(patient, date(2025, 6, 20))
    assert gaps(nurse_a, date(2025, 6, 20)) == []


def test_a_gap_that_was_too_long_stands_until_the_next_visit(nurse_a, treated, system):
    patient = study_drug(treated(60, **CHANGE), date(2025, 6, 21))
    assert gaps(nurse_a, date(2025, 7, 1)) == [(date(2025, 6, 6), None, 15)]
    record_visit_facts(by=system, visit=patient.visits.get(visit="M39"), occurred_on=date(2025, 9, 5))
    assert len(gaps(nurse_a, date(2025, 9, 4))) == 1
    assert gaps(nurse_a, date(2025, 9, 5)) == []


def test_the_number_of_queries_does_not_grow(nurse_a, treated):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            supply_at_risk(nurse_a, on=ON)
            ip_gaps(nurse_a, on=ON)
        return len(captured)

    treated(60)
    treated(60, **CHANGE)
    few = queries()
    for _ in range(3):
        treated(60)
        treated(60, **CHANGE)
    assert queries() == few
