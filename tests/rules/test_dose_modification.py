"""The dose-modification table applied to events, and the way back up."""

from datetime import date, timedelta

import pytest

from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.history import GradeStep
from dosing.rules.modification import (
    is_proposed_for,
    proposal,
    re_escalation,
    reduced_dose,
    spells_not_tolerable,
    table_row,
)
from dosing.rules.orders import DoseOrderFacts, dose_periods
from protocol import load_protocol
from protocol.partial_days import PartialDay

PROTOCOL = load_protocol()
REGIMEN = PROTOCOL.regimen
T0 = date(2025, 1, 1)
ON = date(2025, 6, 1)


def event(term="Periorbital edema", grade=1, started_on=date(2025, 5, 1), ended_on=None):
    return AdverseEventFacts(ae_no=1, term=term, started_on=started_on, ended_on=ended_on, grade=grade)


def history_of(one, *steps):
    """Steps of (grade, day); without any, the grade the event came with."""
    if steps:
        return [GradeStep(grade, PartialDay(day)) for grade, day in steps]
    return [GradeStep(one.grade, one.start)] if one.grade else []


@pytest.mark.parametrize(
    ("one", "row"),
    [
        (event("Neutrophil count decreased", 3), "HAEMATOLOGICAL"),
        (event("Platelet count decreased", None), "HAEMATOLOGICAL"),
        (event("Blood bilirubin increased", 3), "HEPATIC"),
        (event("Anemia", 3), None),
        (event("White blood cell decreased", 3), None),
        (event(grade=None), None),
        (event(grade=5), None),
        (event(grade=4), "GRADE_4_NON_HAEMATOLOGICAL"),
        (event(grade=3), "GRADE_3_NON_HAEMATOLOGICAL"),
        (event(grade=2), "INTOLERABLE_GRADE_2"),
        (event(grade=2, ended_on=date(2025, 5, 7)), "TOLERABLE"),
        (event(grade=2, ended_on=date(2025, 5, 8)), "INTOLERABLE_GRADE_2"),
        (event(grade=1), "TOLERABLE"),
    ],
)
def test_an_event_has_one_row_of_the_table_or_none(one, row):
    assert table_row(one, history_of(one), PROTOCOL, ON) == row


@pytest.mark.parametrize(
    ("steps", "row"),
    [
        ([(2, date(2025, 5, 1)), (1, date(2025, 5, 8))], "TOLERABLE"),
        ([(2, date(2025, 5, 1)), (1, date(2025, 5, 9))], "INTOLERABLE_GRADE_2"),
        ([(1, date(2025, 5, 1)), (2, date(2025, 5, 26))], "TOLERABLE"),
        ([(1, date(2025, 5, 1)), (2, date(2025, 5, 25))], "INTOLERABLE_GRADE_2"),
    ],
)
def test_grade_2_persists_by_the_days_at_that_grade_and_not_of_the_event(steps, row):
    one = event(grade=2)
    assert table_row(one, history_of(one, *steps), PROTOCOL, ON) == row


def test_an_event_that_gets_better_counts_by_its_worst_grade():
    one = event(grade=3)
    steps = [(3, date(2025, 5, 1)), (1, date(2025, 5, 9))]
    assert table_row(one, history_of(one, *steps), PROTOCOL, ON) == "GRADE_3_NON_HAEMATOLOGICAL"


@pytest.mark.parametrize(
    ("row", "holds", "held_for", "dose_mg", "expected"),
    [
        ("HAEMATOLOGICAL", {}, None, 400, (1, "HOLD_RESUME_SAME", 400)),
        ("HAEMATOLOGICAL", {"HAEMATOLOGICAL": 1}, "HAEMATOLOGICAL", 400, (1, "HOLD_RESUME_SAME", 400)),
        ("HAEMATOLOGICAL", {"HAEMATOLOGICAL": 1}, None, 400, (2, "HOLD_RESUME_REDUCED", 300)),
        ("HAEMATOLOGICAL", {"HAEMATOLOGICAL": 2}, None, 300, (3, "DISCONTINUE", None)),
        ("HAEMATOLOGICAL", {"HAEMATOLOGICAL": 7}, None, 300, (8, "DISCONTINUE", None)),
        ("HEPATIC", {"HAEMATOLOGICAL": 2}, None, 400, (1, "HOLD_RESUME_REDUCED", 300)),
        ("GRADE_4_NON_HAEMATOLOGICAL", {}, None, 400, (1, "HOLD_PI_DECISION", 300)),
        ("TOLERABLE", {}, None, 400, (1, "CONTINUE", None)),
    ],
)
def test_what_the_table_proposes_depends_on_the_occurrence(row, holds, held_for, dose_mg, expected):
    found = proposal(event(), row, holds, held_for, dose_mg, PROTOCOL)
    assert (found.occurrence, found.action, found.resume_dose_mg) == expected


@pytest.mark.parametrize(
    ("one", "row", "held_for", "expected"),
    [
        (event(grade=2), "INTOLERABLE_GRADE_2", None, True),
        (event(grade=2, ended_on=ON), "INTOLERABLE_GRADE_2", None, False),
        (event(grade=1, ended_on=ON), "HAEMATOLOGICAL", "HAEMATOLOGICAL", True),
        (event(grade=2), "HAEMATOLOGICAL", None, False),
        (event(grade=None), "HEPATIC", None, False),
        (event(grade=3), "HEPATIC", None, True),
    ],
)
def test_the_table_speaks_of_what_goes_on_or_is_behind_the_hold(one, row, held_for, expected):
    assert is_proposed_for(one, row, held_for) is expected


@pytest.mark.parametrize(("dose_mg", "lower"), [(600, 400), (400, 300), (350, 300), (300, None), (200, None)])
def test_a_dose_is_lowered_by_the_levels_and_never_under_the_lowest(dose_mg, lower):
    assert reduced_dose(dose_mg, REGIMEN) == lower


def order(number, *pattern_mg):
    on = T0 + timedelta(days=number)
    return DoseOrderFacts(on, pattern_mg, on, "OTHER")


def back(orders, events, number, *steps):
    on = T0 + timedelta(days=number)
    above = [spell for one in events for spell in spells_not_tolerable(one, history_of(one, *steps), on)]
    return re_escalation(dose_periods(orders, None), above, on, REGIMEN)


@pytest.mark.parametrize(("number", "allowed"), [(37, False), (38, True), (60, True)])
def test_the_way_back_is_open_after_the_days_at_grade_1_or_less(number, allowed):
    found = back([order(0, 400), order(10, 300)], [event(grade=1)], number)
    assert (found.dose_mg, found.since, found.is_allowed) == (400, T0 + timedelta(days=10), allowed)


@pytest.mark.parametrize(
    "orders",
    [[order(0, 400)], [order(0, 400), order(10, 0)], [], [order(10, 300), order(20, 400)], [order(90, 300)]],
)
def test_there_is_no_way_back_from_the_plan_or_a_hold(orders):
    assert back(orders, [], 30) is None


def test_days_are_counted_after_the_last_event_above_grade_1():
    ended = event(grade=2, started_on=T0, ended_on=T0 + timedelta(days=19))
    found = back([order(0, 400), order(10, 300)], [ended], 47)
    assert (found.since, found.is_allowed) == (T0 + timedelta(days=20), False)
    assert back([order(0, 400), order(10, 300)], [ended], 48).is_allowed


def test_an_event_above_grade_1_that_goes_on_closes_the_way_back():
    found = back([order(0, 300)], [event(grade=3, started_on=T0)], 90)
    assert (found.since, found.allowed_on, found.is_allowed) == (None, None, False)


def test_an_event_that_got_better_and_goes_on_opens_the_way_back():
    orders, one = [order(0, 400), order(10, 300)], event(grade=3, started_on=T0)
    steps = [(3, T0), (1, T0 + timedelta(days=20))]
    found = back(orders, [one], 47, *steps)
    assert (found.since, found.is_allowed) == (T0 + timedelta(days=20), False)
    assert back(orders, [one], 48, *steps).is_allowed
    assert back(orders, [one], 48, *steps, (2, T0 + timedelta(days=48))).since is None


def test_a_hold_between_two_lowered_doses_does_not_begin_anew_and_later_orders_are_not_known():
    orders = [order(0, 300), order(10, 0), order(20, 300), order(80, 400)]
    assert back(orders, [], 40).since == T0
