"""The status of a visit on a day, and what makes it overdue."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from protocol.codes import VisitStatus
from visits.rules.overdue import is_overdue
from visits.rules.schedule import Anchors, project
from visits.rules.status import VisitContext, VisitRecord, visit_context, visit_status

PROTOCOL = load_protocol()
T0 = date(2023, 3, 15)
ENTERED_ON = date(2025, 9, 15)
VISITS = {visit.code: visit for visit in project(PROTOCOL, Anchors("A", T0, T0))}
M6 = VISITS["M6"]  # 2023-09-01 … 2023-09-29
OPENS, CLOSES = date(2023, 9, 1), date(2023, 9, 29)
DAY = timedelta(days=1)
NEW_START = VisitContext("A", enrolled_on=T0)
TREATED = VisitContext("B", enrolled_on=ENTERED_ON)


def status(on, *, visit=M6, occurred_on=None, not_done=False, context=NEW_START):
    return visit_status(visit, VisitRecord(visit.code, occurred_on, not_done), context, on=on)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (OPENS - DAY, "PLANNED"),
        (OPENS, "DUE"),
        (CLOSES, "DUE"),
        (CLOSES + DAY, "MISSED"),
    ],
)
def test_visit_nobody_recorded(on, expected):
    assert status(on) == expected
    assert visit_status(M6, None, NEW_START, on=on) == expected


@pytest.mark.parametrize(
    ("occurred_on", "expected"),
    [
        (OPENS - DAY, "COMPLETED_OUT_OF_WINDOW"),
        (OPENS, "COMPLETED"),
        (CLOSES, "COMPLETED"),
        (CLOSES + DAY, "COMPLETED_OUT_OF_WINDOW"),
    ],
)
def test_visit_that_took_place(occurred_on, expected):
    assert status(date(2024, 1, 1), occurred_on=occurred_on) == expected


def test_visit_of_a_later_day_is_not_looked_at():
    assert status(OPENS, occurred_on=OPENS + DAY) == "DUE"


@pytest.mark.parametrize(
    ("on", "expected"), [(OPENS - DAY, "PLANNED"), (OPENS, "NOT_DONE"), (CLOSES, "NOT_DONE")]
)
def test_not_done_counts_from_the_day_the_window_opens(on, expected):
    assert status(on, not_done=True) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SCR", "MERGED_WITH_ENTRY"),
        ("D1", "PRE_ENROLMENT"),
        ("W2", "PRE_ENROLMENT"),
        ("M27", "PRE_ENROLMENT"),
        ("M30", "MERGED_WITH_ENTRY"),
        ("M33", "PLANNED"),
        ("M36", "PLANNED"),
        ("M60", "PLANNED"),
    ],
)
def test_entry_at_month_30(code, expected):
    visits = {visit.code: visit for visit in project(PROTOCOL, Anchors("B", T0, ENTERED_ON))}
    assert status(ENTERED_ON + DAY, visit=visits[code], context=TREATED) == expected


@pytest.mark.parametrize(
    ("enrolled_on", "expected"),
    [
        (CLOSES + DAY, "PRE_ENROLMENT"),
        (CLOSES, "MERGED_WITH_ENTRY"),
        (OPENS, "MERGED_WITH_ENTRY"),
        (OPENS - DAY, "MISSED"),
        (None, "MISSED"),
    ],
)
def test_entry_against_a_window(enrolled_on, expected):
    assert status(date(2026, 1, 1), context=replace(TREATED, enrolled_on=enrolled_on)) == expected


def test_new_start_has_no_visit_before_enrolment():
    assert status(date(2026, 1, 1), context=replace(NEW_START, enrolled_on=ENTERED_ON)) == "MISSED"


def test_recorded_visit_before_enrolment_stays_recorded():
    assert status(ENTERED_ON, occurred_on=OPENS, context=TREATED) == "COMPLETED"
    assert status(ENTERED_ON, not_done=True, context=TREATED) == "NOT_DONE"


@pytest.mark.parametrize(
    ("ended_on", "on", "expected"),
    [
        (OPENS - DAY, CLOSES + DAY, "CANCELLED"),
        (OPENS - DAY, OPENS - DAY, "CANCELLED"),
        (OPENS - DAY, OPENS - 2 * DAY, "PLANNED"),
        (OPENS, CLOSES + DAY, "MISSED"),
    ],
)
def test_early_end_cancels_what_had_not_opened(ended_on, on, expected):
    assert status(on, context=replace(NEW_START, ended_early_on=ended_on)) == expected


def test_early_end_leaves_the_visits_after_treatment():
    context = replace(NEW_START, ended_early_on=T0)
    assert status(date(2023, 9, 1), visit=VISITS["SFU"], context=context) == "PLANNED"


@pytest.mark.parametrize(
    ("left_on", "on", "expected"),
    [
        (CLOSES, CLOSES, "CANCELLED"),
        (CLOSES, CLOSES + DAY, "CANCELLED"),
        (CLOSES + DAY, CLOSES + DAY, "MISSED"),
        (CLOSES, CLOSES - DAY, "DUE"),
    ],
)
def test_death_or_leaving_cancels_every_window_it_reaches(left_on, on, expected):
    assert status(on, context=replace(NEW_START, left_on=left_on)) == expected


def context_of(**changes):
    facts = {
        "entry_path": "A",
        "enrolled_on": T0,
        "first_dose_on": T0,
        "treatment_ended_on": None,
        "died_on": None,
        "participation_ended_on": None,
    }
    return visit_context(**(facts | changes), regimen=PROTOCOL.regimen)


@pytest.mark.parametrize(
    ("changes", "ended_early_on", "left_on"),
    [
        ({}, None, None),
        ({"treatment_ended_on": date(2028, 3, 7)}, None, None),
        ({"treatment_ended_on": date(2028, 3, 6)}, date(2028, 3, 6), None),
        ({"died_on": date(2025, 1, 1)}, None, date(2025, 1, 1)),
        ({"died_on": date(2025, 1, 1), "participation_ended_on": date(2024, 1, 1)}, None, date(2024, 1, 1)),
    ],
)
def test_context_from_the_facts(changes, ended_early_on, left_on):
    context = context_of(**changes)
    assert (context.ended_early_on, context.left_on) == (ended_early_on, left_on)


@given(st.dates(date(2019, 1, 1), date(2027, 12, 31)), st.integers(0, 1900), st.integers(0, 2500))
def test_visit_before_enrolment_is_never_missed_nor_overdue(first_dose_on, entry_days, on_days):
    enrolled_on, on = first_dose_on + timedelta(days=entry_days), first_dose_on + timedelta(days=on_days)
    context = VisitContext("B", enrolled_on)
    for visit in project(PROTOCOL, Anchors("B", first_dose_on, enrolled_on)):
        found = visit_status(visit, None, context, on=on)
        if visit.closes_on < enrolled_on and not visit.is_entry:
            assert found == VisitStatus.PRE_ENROLMENT
            assert not is_overdue(
                found, closes_on=visit.closes_on, booked_on=None, later_visit_took_place=False, on=on
            )


@given(
    st.sampled_from(list(VISITS.values())),
    st.dates(date(2022, 1, 1), date(2030, 12, 31)),
    st.none() | st.dates(date(2022, 1, 1), date(2030, 12, 31)),
    st.booleans(),
    st.sampled_from([NEW_START, TREATED, replace(NEW_START, ended_early_on=ENTERED_ON, left_on=ENTERED_ON)]),
)
def test_status_is_never_one_that_the_facts_forbid(visit, on, occurred_on, not_done, context):
    found = status(on, visit=visit, occurred_on=occurred_on, not_done=not_done, context=context)
    took_place = occurred_on is not None and occurred_on <= on
    assert (found in {"COMPLETED", "COMPLETED_OUT_OF_WINDOW"}) == took_place
    if found in {"PRE_ENROLMENT", "MERGED_WITH_ENTRY"}:
        assert context.entry_path == "B" or visit.is_entry
    if found == "MISSED":
        assert visit.closes_on < on


@pytest.mark.parametrize(
    ("status", "booked_on", "later", "expected"),
    [
        ("MISSED", None, False, True),
        ("MISSED", None, True, False),
        ("DUE", None, False, False),
        ("DUE", date(2023, 9, 14), False, True),
        ("DUE", date(2023, 9, 15), False, False),
        ("PLANNED", date(2023, 8, 20), False, True),
        ("MISSED", date(2023, 10, 20), False, False),
        ("COMPLETED", None, False, False),
        ("NOT_DONE", date(2023, 9, 1), False, False),
        ("CANCELLED", date(2023, 9, 1), False, False),
        ("PRE_ENROLMENT", None, False, False),
        ("MERGED_WITH_ENTRY", None, False, False),
    ],
)
def test_overdue(status, booked_on, later, expected):
    on = date(2023, 9, 15) if status != "MISSED" else date(2023, 10, 1)
    found = is_overdue(
        VisitStatus(status), closes_on=CLOSES, booked_on=booked_on, later_visit_took_place=later, on=on
    )
    assert found is expected
