"""Dechallenge and rechallenge read from doses: stopped, abated, given again, came back."""

from datetime import date

import pytest

from adverse_events.rules.facts import AdverseEventFacts
from courses.rules.challenge import Answer, Challenge, challenge
from dosing.rules.orders import DoseOrderFacts, dose_periods

ONSET, HELD, RESUMED = date(2025, 3, 1), date(2025, 3, 5), date(2025, 3, 20)
NOTHING = Challenge(Answer.NOT_APPLICABLE, Answer.NOT_APPLICABLE)


def event(ended_on=None, ae_no=1, started_on=ONSET, term="Nausea"):
    return AdverseEventFacts(ae_no, term, started_on, ended_on=ended_on)


def asked(of, *days, last_dose_on=None, others=()):
    """`days`: (from, mg) of each order."""
    orders = [DoseOrderFacts(day, (mg,), day, "OTHER") for day, mg in [(date(2025, 1, 6), 400), *days]]
    return challenge(of, dose_periods(orders, last_dose_on), last_dose_on, [of, *others])


@pytest.mark.parametrize("days", [[], [(HELD, 300)], [(date(2025, 2, 1), 0), (date(2025, 2, 9), 400)]])
def test_nothing_was_stopped_while_it_went_on(days):
    assert asked(event(date(2025, 4, 1)), *days) == NOTHING


def test_a_hold_after_it_was_over_is_no_dechallenge():
    assert asked(event(date(2025, 3, 4)), (HELD, 0)) == NOTHING


@pytest.mark.parametrize(
    ("ended_on", "later", "answer"),
    [
        (date(2025, 3, 10), [], Answer.YES),
        (date(2025, 3, 10), [(RESUMED, 300)], Answer.YES),
        (date(2025, 3, 25), [(RESUMED, 300)], Answer.NO),
        (None, [(RESUMED, 300)], Answer.NO),
        (None, [], Answer.UNKNOWN),
    ],
)
def test_it_abated_if_it_ended_before_the_next_dose(ended_on, later, answer):
    assert asked(event(ended_on), (HELD, 0), *later).dechallenge is answer


def test_the_end_of_treatment_stops_imatinib_too():
    assert asked(event(date(2025, 3, 10)), last_dose_on=HELD) == Challenge(Answer.YES, Answer.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("again", "answer"),
    [
        (event(ae_no=2, started_on=RESUMED), Answer.YES),
        (event(ae_no=2, started_on=RESUMED, term="Headache"), Answer.NO),
        (event(ae_no=2, started_on=date(2025, 3, 19)), Answer.NO),
    ],
)
def test_it_came_back_if_the_same_term_begins_after_resuming(again, answer):
    found = asked(event(date(2025, 3, 10)), (HELD, 0), (RESUMED, 300), others=[again])
    assert found.rechallenge is answer
