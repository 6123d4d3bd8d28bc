"""What must hold between rows: reported at the place the format names, once, and not at what merely follows from it."""

import pytest

from tests.small_cohort import ROWS

pytestmark = pytest.mark.django_db

DUPLICATES_AT = {
    "patients.csv": "subject_id",
    "screening.csv": "subject_id",
    "dose_orders.csv": "from_on",
    "missed_doses.csv": "from_on",
    "dispensing.csv": "kit_id",
    "returns.csv": "kit_id",
    "visits.csv": "visit",
    "bookings.csv": "visit",
    "labs.csv": "collected_on",
    "adverse_events.csv": "ae_no",
    "outcomes.csv": "kind",
    "disposition.csv": "record",
}


@pytest.mark.parametrize(("file", "column"), DUPLICATES_AT.items())
def test_a_second_row_of_a_key_is_reported_at_the_later_row(cohort, system, file, column):
    cohort.add(file, **ROWS[file][0])
    assert cohort.faults(system) == [(file, len(ROWS[file]) + 2, column)]


def test_unscheduled_visits_are_told_apart_by_their_day(cohort, system):
    cohort.set("visits.csv", 5, occurred_on="2025-01-25")
    assert cohort.faults(system) == [("visits.csv", 5, "visit")]


def test_a_number_is_a_key_by_its_value(cohort, system):
    cohort.add("adverse_events.csv", subject_id="01-001", ae_no="01", term="Nausea", started_on="2025-02-20")
    assert cohort.faults(system) == [("adverse_events.csv", 3, "ae_no")]


@pytest.mark.parametrize("file", [file for file in ROWS if file not in ("patients.csv", "dispensing.csv")])
def test_a_row_of_an_unknown_subject_says_only_that(cohort, system, file):
    last = len(ROWS[file]) + 1
    assert cohort.set(file, last, subject_id="99-999").faults(system)[-1] == (file, last, "subject_id")


def test_kits_of_an_unknown_subject_are_not_also_missed_by_their_returns(cohort, system):
    cohort.set("dispensing.csv", 3, subject_id="99-999")
    assert cohort.faults(system) == [("dispensing.csv", 3, "subject_id")]


def test_a_subject_whose_own_row_is_wrong_is_known(cohort, system):
    cohort.set("patients.csv", 2, sex="?")
    assert cohort.faults(system) == [("patients.csv", 2, "sex")]


@pytest.mark.parametrize(
    ("from_on", "pattern", "faults"),
    [
        ("2025-08-01", "400", []),
        ("2025-08-02", "400", [("dose_orders.csv", 3, "from_on")]),
        ("2025-08-02", "0/100", [("dose_orders.csv", 3, "from_on")]),
        ("2025-08-02", "0", []),
        ("2025-08-02", "0/0", []),
    ],
)
def test_no_dose_begins_after_the_last_but_a_hold_may(cohort, system, from_on, pattern, faults):
    cohort.set("dose_orders.csv", 3, from_on=from_on, anchor_on="", pattern_mg=pattern)
    assert cohort.faults(system) == faults


def test_an_order_names_an_event_of_its_own_subject(cohort, system):
    cohort.set("dose_orders.csv", 3, ae_no="2")
    cohort.add("adverse_events.csv", subject_id="02-001", ae_no="2", term="Nausea", started_on="2025-02-20")
    assert cohort.faults(system) == [("dose_orders.csv", 3, "ae_no")]


def test_a_return_names_a_kit_of_its_own_subject(cohort, system):
    cohort.set("returns.csv", 2, kit_id="K9").set("returns.csv", 3, subject_id="02-001")
    assert cohort.faults(system) == [("returns.csv", 2, "kit_id"), ("returns.csv", 3, "kit_id")]


@pytest.mark.parametrize(
    ("day", "faults"), [("2025-01-06", []), ("2025-01-05", [("returns.csv", 2, "returned_on")])]
)
def test_no_kit_comes_back_before_it_went_out(cohort, system, day, faults):
    assert cohort.set("returns.csv", 2, returned_on=day).faults(system) == faults


@pytest.mark.parametrize(
    ("counts", "faults"),
    [
        ({"tablets_returned": "56"}, []),  # of 60, with 4 kept
        ({"tablets_returned": "57"}, [("returns.csv", 2, "tablets_returned")]),
        ({"tablets_returned": "5", "tablets_lost": "52"}, [("returns.csv", 2, "tablets_returned")]),
    ],
)
def test_no_more_comes_back_than_was_out(cohort, system, counts, faults):
    assert cohort.set("returns.csv", 2, **counts).faults(system) == faults


@pytest.mark.parametrize(
    ("returned", "faults"), [("33", []), ("34", [("returns.csv", 3, "tablets_returned")])]
)
def test_tablets_kept_are_out_in_the_next_interval(cohort, system, returned, faults):
    """30 dispensed, 4 brought along, 1 lost."""
    assert cohort.set("returns.csv", 3, tablets_returned=returned).faults(system) == faults


def test_a_count_that_cannot_be_read_leaves_what_it_feeds_undecided(cohort, system):
    cohort.set("returns.csv", 2, tablets_kept="four").set("returns.csv", 3, tablets_returned="33")
    assert cohort.faults(system) == [("returns.csv", 2, "tablets_kept")]


@pytest.mark.parametrize(("on", "faults"), [("2025-01-05", []), ("2025-01-04", [("outcomes.csv", 3, "on")])])
def test_nobody_dies_before_enrolment(cohort, system, on, faults):
    assert cohort.set("outcomes.csv", 3, on=on).faults(system) == faults


def test_other_outcomes_may_lie_before_enrolment(cohort, system):
    assert cohort.set("outcomes.csv", 2, on="2024-12-01").faults(system) == []


def test_faults_within_and_between_rows_come_together(cohort, system):
    cohort.set("patients.csv", 2, sex="?").set("returns.csv", 2, kit_id="K9").set("labs.csv", 3, value="")
    cohort.set("outcomes.csv", 3, on="2024-01-01")
    assert cohort.faults(system) == [
        ("patients.csv", 2, "sex"),
        ("returns.csv", 2, "kit_id"),
        ("labs.csv", 3, "value"),
        ("outcomes.csv", 3, "on"),
    ]


def test_a_day_in_the_future_hides_no_other_fault_of_it(cohort, system):
    cohort.set("missed_doses.csv", 2, from_on="2027-02-01", to_on="2026-02-10")
    cohort.set("visits.csv", 2, occurred_on="2027-01-01", not_done="yes")
    found = cohort.faults(system)
    assert {("missed_doses.csv", 2, "from_on"), ("missed_doses.csv", 2, "to_on")} <= set(found)
    assert {("visits.csv", 2, "occurred_on"), ("visits.csv", 2, "not_done")} <= set(found)
