"""An adverse event beside the dose ledger."""

from datetime import date, timedelta

import pytest
from course_walk import courses, order
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules.facts import AdverseEventFacts
from dosing.rules.contradictions import contradiction_of, ordered_actions, orders_behind, orders_without_event
from dosing.rules.orders import DoseOrderFacts
from protocol.codes import ActionTaken

T0 = date(2025, 1, 6)
STARTED, ENDED = date(2025, 3, 1), date(2025, 3, 31)
FULL = order(T0, 400)


def of_event(day, *pattern_mg, ae_no=3, reason="TOXICITY"):
    return DoseOrderFacts(day, pattern_mg, day, reason, ae_no)


def event(action, started_on=STARTED, ended_on=ENDED):
    return AdverseEventFacts(3, "Rash", started_on, ended_on, 2, action_taken=action)


def on(month, day):
    return date(2025, month, day)


@pytest.mark.parametrize(
    ("action", "later", "last_dose_on", "expected"),
    [
        ("DOSE REDUCED", [], None, "REDUCED_WITHOUT_ORDER"),
        ("DOSE REDUCED", [order(on(3, 1), 300)], None, None),  # on its first day, for no event
        ("DOSE REDUCED", [order(on(4, 20), 300)], None, None),  # when it was over
        ("DOSE REDUCED", [order(on(2, 28), 300)], None, "REDUCED_WITHOUT_ORDER"),  # the day before it
        ("DOSE REDUCED", [of_event(on(2, 28), 300)], None, None),  # but named by it
        ("DOSE REDUCED", [of_event(on(3, 2), 300, ae_no=4)], None, None),  # one order for two events
        ("DOSE REDUCED", [of_event(on(3, 2), 0)], None, "REDUCED_WITHOUT_ORDER"),  # a hold is no reduction
        ("DOSE REDUCED", [order(on(3, 2), 0), order(on(3, 9), 300)], None, None),  # resumed lower
        ("DOSE REDUCED", [order(on(3, 2), 0), order(on(3, 9), 400)], None, "REDUCED_WITHOUT_ORDER"),
        ("DOSE REDUCED", [order(on(3, 2), 400, 0)], None, None),  # every other day
        ("DRUG INTERRUPTED", [], None, "INTERRUPTED_WITHOUT_HOLD"),
        ("DRUG INTERRUPTED", [order(on(3, 31), 0)], None, None),
        ("DRUG INTERRUPTED", [order(on(4, 1), 0)], None, "INTERRUPTED_WITHOUT_HOLD"),
        ("DRUG INTERRUPTED", [of_event(on(4, 1), 0)], None, None),
        ("DRUG INTERRUPTED", [order(on(2, 1), 0), order(on(3, 1), 400)], None, "INTERRUPTED_WITHOUT_HOLD"),
        ("DRUG INTERRUPTED", [order(on(2, 1), 0), order(on(3, 2), 400)], None, None),
        ("DRUG INTERRUPTED", [order(on(3, 2), 0)], on(3, 1), None),  # held, and never resumed
        ("DRUG WITHDRAWN", [], None, "WITHDRAWN_WITHOUT_END"),
        ("DRUG WITHDRAWN", [of_event(on(3, 2), 0)], None, "WITHDRAWN_WITHOUT_END"),
        ("DRUG WITHDRAWN", [], on(3, 2), None),
        ("DOSE INCREASED", [order(on(3, 2), 300)], None, "INCREASED_WITHOUT_ORDER"),
        ("DOSE INCREASED", [order(on(3, 2), 600)], None, None),
        ("DOSE NOT CHANGED", [], None, None),
        ("DOSE NOT CHANGED", [order(on(3, 2), 300)], None, None),  # for something else
        ("DOSE NOT CHANGED", [of_event(on(3, 2), 300)], None, "ORDER_SAYS_CHANGED"),
        ("DOSE NOT CHANGED", [of_event(on(3, 2), 0)], None, "ORDER_SAYS_CHANGED"),
        ("DOSE NOT CHANGED", [of_event(on(3, 2), 400)], None, None),
        ("NOT APPLICABLE", [of_event(on(3, 2), 0)], None, "ORDER_SAYS_CHANGED"),
    ],
)
def test_what_an_event_says_stands_in_the_ledger(action, later, last_dose_on, expected):
    assert contradiction_of(event(action), [FULL, *later], last_dose_on) == expected


@pytest.mark.parametrize("action", [None, "", "UNKNOWN", "DOSE RATE REDUCED"])
def test_an_action_that_is_not_known_is_never_doubted(action):
    assert contradiction_of(event(action), [FULL, of_event(on(3, 2), 0)], None) is None


@pytest.mark.parametrize(
    ("started_on", "ended_on", "orders", "last_dose_on"),
    [
        (None, None, [FULL], None),
        (STARTED, None, [], None),  # nobody has written down the doses yet
        (on(1, 1), on(1, 5), [FULL], None),  # before the first dose
        (STARTED, None, [FULL], on(2, 28)),  # after the last
    ],
)
@pytest.mark.parametrize("action", ["DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN", "DOSE NOT CHANGED"])
def test_an_event_outside_the_days_under_orders_is_not_doubted(
    action, started_on, ended_on, orders, last_dose_on
):
    assert contradiction_of(event(action, started_on, ended_on), orders, last_dose_on) is None


def test_an_event_that_still_goes_on_may_be_behind_any_later_hold():
    found = contradiction_of(event("DRUG INTERRUPTED", ended_on=None), [FULL, order(on(12, 1), 0)], None)
    assert found is None


def test_orders_that_name_the_event_come_before_those_in_the_right_place():
    orders = [FULL, order(on(3, 2), 300), order(on(4, 1), 400), of_event(on(5, 1), 300)]
    assert [done.order.from_on for done in orders_behind(event("DOSE REDUCED"), orders)] == [on(5, 1)]


def test_what_orders_do_is_measured_against_the_dose_before_a_hold():
    orders = [FULL, order(on(2, 1), 0), order(on(3, 1), 300), order(on(4, 1), 300), order(on(5, 1), 400)]
    assert [done.action for done in ordered_actions(orders)] == [
        None,
        "DRUG INTERRUPTED",
        "DOSE REDUCED",
        None,
        "DOSE INCREASED",
    ]


@pytest.mark.parametrize(
    ("enrolled_on", "reason", "ae_no", "is_asked"),
    [
        (T0, "TOXICITY", None, True),
        (on(3, 2), "TOXICITY", None, True),
        (on(3, 3), "TOXICITY", None, False),  # before enrolment: medical history
        (None, "TOXICITY", None, False),
        (T0, "TOXICITY", 3, False),
        (T0, "OTHER", None, False),
    ],
)
def test_an_order_for_toxicity_names_its_event(enrolled_on, reason, ae_no, is_asked):
    one = of_event(on(3, 2), 300, ae_no=ae_no, reason=reason)
    assert bool(list(orders_without_event([FULL, one], enrolled_on))) == is_asked


@given(courses(), st.sampled_from(ActionTaken), st.integers(0, 400), st.none() | st.integers(0, 90))
def test_any_course_is_judged_and_an_order_that_does_it_settles_it(course, action, day, days):
    start, walked, _missed, _kits, _last, _on = course
    orders = [order(start - timedelta(days=9), 400), *walked]
    began = start + timedelta(days=day)
    said = event(action, began, None if days is None else began + timedelta(days=days))
    if contradiction_of(said, orders, None) in ("REDUCED_WITHOUT_ORDER", "INTERRUPTED_WITHOUT_HOLD"):
        free = max(o.from_on for o in orders) + timedelta(days=1)
        dose = 0 if action == ActionTaken.DRUG_INTERRUPTED else 1
        assert contradiction_of(said, [*orders, of_event(free, dose)], None) is None
