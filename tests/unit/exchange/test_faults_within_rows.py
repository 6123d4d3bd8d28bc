"""Every cell that cannot be accepted is reported at its own place, and nothing else is."""

import pytest

from tests.small_cohort import ROWS

pytestmark = pytest.mark.django_db

NEVER_BLANK = {
    "patients.csv": "site_id entry_path",
    "dose_orders.csv": "from_on pattern_mg reason",
    "missed_doses.csv": "from_on to_on doses_missed",
    "dispensing.csv": "dispensed_on source strength_mg tablets",
    "returns.csv": "kit_id returned_on tablets_returned",
    "visits.csv": "visit occurred_on",
    "bookings.csv": "visit booked_for",
    "labs.csv": "collected_on test value",
    "adverse_events.csv": "term started_on",
    "outcomes.csv": "kind on",
    "disposition.csv": "record ended_on reason last_dose_on",
}
FUTURE = {
    "missed_doses.csv": "from_on",
    "dispensing.csv": "dispensed_on",
    "returns.csv": "returned_on",
    "visits.csv": "occurred_on",
    "labs.csv": "collected_on",
    "adverse_events.csv": "started_on",
    "outcomes.csv": "on",
    "disposition.csv": "ended_on last_dose_on",
}
WRONG = [
    ("outcomes.csv", "kind", "SUSPECTED"),  # decided in the product, never brought in
    ("patients.csv", "sex", "m"),
    ("patients.csv", "sex", " M"),
    ("patients.csv", "birth_date", "1960-5-4"),
    ("patients.csv", "birth_date", "19600504"),
    ("patients.csv", "birth_date", "2025-01-03"),  # the day after consent
    ("patients.csv", "consent_on", "02.01.2025"),
    ("patients.csv", "enrolled_on", "2025-02-30"),
    ("patients.csv", "enrolled_on", "0202-01-05"),
    ("patients.csv", "first_dose_on", "9999-12-31"),
    ("patients.csv", "entry_path", "C"),
    ("patients.csv", "resection", "R3"),
    ("patients.csv", "tumour_site", "STOMACH"),
    ("patients.csv", "tumour_size_cm", "11,2"),
    ("patients.csv", "tumour_size_cm", "1e3"),
    ("patients.csv", "tumour_size_cm", "NaN"),
    ("patients.csv", "tumour_size_cm", "-1"),
    ("patients.csv", "tumour_size_cm", ".5"),
    ("patients.csv", "tumour_size_cm", "1234567890123456789"),
    ("patients.csv", "mitoses_per_50hpf", "١٤"),
    ("patients.csv", "rupture", "R1,N2"),
    ("patients.csv", "rupture", "R1;UNK"),
    ("patients.csv", "rupture", "R1;"),
    ("patients.csv", "pdgfra_d842v", "YES"),
    ("patients.csv", "language", "fr"),
    ("patients.csv", "reminders", "1"),
    ("patients.csv", "site_id", " \t"),
    ("screening.csv", "histology_confirmed", "true"),
    ("screening.csv", "ecog", "6"),
    ("screening.csv", "anc", "3.5 "),
    ("screening.csv", "cardiovascular_event_on", "None"),
    ("screening.csv", "hiv", "unknown"),
    ("dose_orders.csv", "pattern_mg", "400/"),
    ("dose_orders.csv", "pattern_mg", "400;0"),
    ("dose_orders.csv", "pattern_mg", "99999999999"),
    ("dose_orders.csv", "anchor_on", "x"),
    ("dose_orders.csv", "reason", "START "),
    ("dose_orders.csv", "ae_no", "one"),
    ("missed_doses.csv", "to_on", "2025-01-31"),  # before its start
    ("missed_doses.csv", "doses_missed", "1.5"),
    ("missed_doses.csv", "doses_missed", "2147483648"),
    ("dispensing.csv", "source", "ip"),
    ("dispensing.csv", "strength_mg", "200"),
    ("dispensing.csv", "tablets", "60.0"),
    ("returns.csv", "tablets_returned", "+5"),
    ("returns.csv", "tablets_lost", "x"),
    ("returns.csv", "tablets_kept", "-1"),
    ("visits.csv", "visit", "M1"),
    ("visits.csv", "visit", "LT27"),
    ("visits.csv", "not_done", "yes"),  # beside the day on which it occurred
    ("visits.csv", "not_done", "no"),
    ("bookings.csv", "visit", "UNS"),
    ("bookings.csv", "booked_for", "2026-12-07 10:30"),
    ("bookings.csv", "booked_for", "2026-12-07T24:00"),
    ("bookings.csv", "booked_for", "2026-12-07T10:30+09:00"),
    ("labs.csv", "test", "HB"),
    ("labs.csv", "value", "<0.5"),
    ("labs.csv", "uln", "1.1234567890123"),
    ("adverse_events.csv", "term", "anemia"),
    ("adverse_events.csv", "ended_on", "2025-02-19"),  # before its start
    ("adverse_events.csv", "grade", "0"),
    ("adverse_events.csv", "grade", "6"),
    ("adverse_events.csv", "serious", "HOSPITALIZATION"),
    ("adverse_events.csv", "aware_at", "2025-02-21T09:30:00"),
    ("adverse_events.csv", "aware_at", "2025-02-21"),
    ("adverse_events.csv", "aware_at", "2025-02-30T09:30:00+09:00"),
    ("adverse_events.csv", "causality", "LIKELY"),
    ("adverse_events.csv", "outcome", "RECOVERED"),
    ("adverse_events.csv", "action_taken", "DOSE_REDUCED"),
    ("outcomes.csv", "kind", "PROGRESSION"),
    ("disposition.csv", "reason", "ADVERSE_EVENT"),
    ("disposition.csv", "record", "STUDY"),
]


def cells(by_file):
    return [(file, column) for file, columns in by_file.items() for column in columns.split()]


@pytest.mark.parametrize(("file", "column"), cells(NEVER_BLANK))
def test_a_blank_cell_where_none_may_be_is_reported(cohort, system, file, column):
    assert (file, 2, column) in cohort.set(file, 2, **{column: ""}).faults(system)


@pytest.mark.parametrize(("file", "column"), cells(FUTURE))
def test_a_day_in_the_future_is_reported_where_it_cannot_be(cohort, system, file, column):
    cohort.set(file, 2, **{column: "2026-11-23"})
    assert "future" not in " ".join(fault.message for fault in cohort.reported(system))
    cohort.set(file, 2, **{column: "2026-11-24"})
    assert (file, 2, column) in cohort.faults(system)


@pytest.mark.parametrize(("file", "column", "value"), WRONG)
def test_a_wrong_cell_is_reported_at_its_place_alone(cohort, system, file, column, value):
    row = 2
    assert cohort.set(file, row, **{column: value}).faults(system) == [(file, row, column)]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"visit": "W2", "occurred_on": "", "not_done": ""}, "occurred_on"),
        ({"visit": "W2", "occurred_on": "2025-01-20", "not_done": "yes"}, "not_done"),
        ({"visit": "UNS", "occurred_on": "", "not_done": "yes"}, "occurred_on"),
        ({"visit": "W2", "occurred_on": "soon", "not_done": ""}, "occurred_on"),
    ],
)
def test_a_visit_occurred_or_was_not_done(cohort, system, cells, column):
    assert cohort.set("visits.csv", 2, **cells).faults(system) == [("visits.csv", 2, column)]


def test_a_grade_above_the_highest_of_its_term_is_reported(cohort, system):
    cohort.set("adverse_events.csv", 2, term="Periorbital edema", grade="4")
    assert cohort.faults(system) == [("adverse_events.csv", 2, "grade")]


def test_a_last_dose_belongs_to_the_end_of_treatment_alone(cohort, system):
    cohort.set("disposition.csv", 2, last_dose_on="").set("disposition.csv", 3, last_dose_on="2025-08-01")
    place = "disposition.csv", "last_dose_on"
    assert cohort.faults(system) == [(place[0], 2, place[1]), (place[0], 3, place[1])]


@pytest.mark.parametrize("file", ROWS)
def test_a_cell_of_a_thousand_characters_is_the_longest(cohort, system, file):
    cohort.set(file, 2, subject_id="x" * 1001)
    assert (file, 2, "subject_id") in cohort.faults(system)


def test_a_text_of_a_thousand_characters_is_kept_and_one_with_nul_is_not(cohort, system):
    cohort.set("visits.csv", 3, reason="x" * 1000).set("visits.csv", 2, reason="a\0b")
    assert cohort.faults(system) == [("visits.csv", 2, "reason")]


def test_everything_wrong_is_reported_in_order_of_file_row_and_column(cohort, system):
    cohort.set("disposition.csv", 3, reason="?").set("labs.csv", 3, value="?", test="?")
    cohort.set("labs.csv", 2, value="?").set("patients.csv", 3, sex="?")
    assert cohort.faults(system) == [
        ("patients.csv", 3, "sex"),
        ("labs.csv", 2, "value"),
        ("labs.csv", 3, "test"),
        ("labs.csv", 3, "value"),
        ("disposition.csv", 3, "reason"),
    ]
