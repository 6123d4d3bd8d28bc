"""The echo beside typed values: days, counts, advice, tablets to hand out."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from adverse_events.rules.lab_grades import LabValue
from clinic.rules.echo import (
    day_meaning,
    intervals_counted,
    tablets_to_hand_out,
)
from dosing.rules.advice import AdviceAction, advice_of_labs
from dosing.rules.holds import toxicity_holds
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts, dose_periods
from dosing.rules.tablets import TabletQuantity
from protocol import load_protocol
from protocol.codes import LabTest

PROTOCOL = load_protocol()
T0 = date(2025, 1, 6)
SEEN = date(2025, 7, 7)


def order(from_on, *pattern_mg, reason="START", ae_no=None):
    return DoseOrderFacts(from_on, pattern_mg, from_on, reason, ae_no)


def kit(kit_id, day, tablets=100, strength_mg=400):
    return KitFacts(kit_id, day, "IP", strength_mg, tablets)


@pytest.mark.parametrize(
    ("day", "treatment_day", "in_window"),
    [
        (date(2025, 6, 22), 168, True),
        (date(2025, 6, 21), 167, False),
        (date(2025, 7, 20), 196, True),
        (date(2025, 1, 5), -1, False),
    ],
)
def test_a_day_means_a_treatment_day_in_or_out_of_the_window(day, treatment_day, in_window):
    found = day_meaning(day, T0, date(2025, 6, 22), date(2025, 7, 20))
    assert (found.treatment_day, found.in_window) == (treatment_day, in_window)


def test_a_day_before_any_dose_and_without_a_window_means_nothing_more():
    assert day_meaning(SEEN, None, None, None).treatment_day is None
    assert day_meaning(SEEN, T0, None, None).in_window is None


def counted(kits, typed, returns=()):
    return intervals_counted(kits, returns, typed, dose_periods([order(T0, 400)], None), SEEN)


def test_a_count_speaks_of_the_days_up_to_the_visit():
    found = counted([kit("A", date(2025, 4, 7))], [KitReturnFacts("A", SEEN, 9)])
    assert [(i.from_on, i.to_on, i.percent) for i in found] == [
        (date(2025, 4, 7), date(2025, 7, 6), Fraction(100))
    ]


def test_tablets_kept_before_are_carried_into_the_count():
    kits = [kit("A", T0), kit("B", date(2025, 4, 7))]
    found = counted(kits, [KitReturnFacts("B", SEEN, 18)], [KitReturnFacts("A", date(2025, 4, 7), 0, 0, 9)])
    assert [i.percent for i in found] == [Fraction(100)]


def test_an_uncounted_kit_of_the_same_day_leaves_it_open():
    day = date(2025, 4, 7)
    found = counted([kit("A", day), kit("B", day)], [KitReturnFacts("A", SEEN, 9)])
    assert [i.percent for i in found] == [None]


def test_a_kit_handed_out_at_the_visit_itself_is_not_yet_counted():
    assert counted([kit("A", SEEN)], [KitReturnFacts("A", SEEN, 100)]) == ()


def test_what_is_not_counted_now_has_no_echo():
    assert counted([kit("A", T0), kit("B", date(2025, 4, 7))], []) == ()


def labs(**values):
    return {
        LabTest(test): LabValue(LabTest(test), Decimal(value), "10^9/L", None, None)
        for test, value in values.items()
    }


def advice(lab_values, holds=None, held_for=None):
    found = advice_of_labs(PROTOCOL.label_rules, labs(**lab_values), holds or {}, held_for)
    return [(one.action, one.resume_dose_mg) for one in found]


@pytest.mark.parametrize(
    ("lab_values", "holds", "held_for", "expected"),
    [
        ({"ANC": "0.99"}, {}, None, [(AdviceAction.HOLD, 400)]),
        ({"ANC": "1.00", "PLT": "50"}, {}, None, []),
        ({"ANC": "0.9"}, {"HAEMATOLOGICAL": 1}, None, [(AdviceAction.HOLD, 300)]),
        ({"ANC": "0.9"}, {"HAEMATOLOGICAL": 2}, None, [(AdviceAction.DISCONTINUE, None)]),
        (
            {"ANC": "1.5", "PLT": "75"},
            {"HAEMATOLOGICAL": 1},
            "HAEMATOLOGICAL",
            [(AdviceAction.RESUME, 400)],
        ),
        (
            {"ANC": "1.5", "PLT": "75"},
            {"HAEMATOLOGICAL": 2},
            "HAEMATOLOGICAL",
            [(AdviceAction.RESUME, 300)],
        ),
        (
            {"ANC": "1.49", "PLT": "80"},
            {"HAEMATOLOGICAL": 1},
            "HAEMATOLOGICAL",
            [(AdviceAction.NOT_YET, 400)],
        ),
    ],
)
def test_the_label_advises_by_result_occurrence_and_hold(lab_values, holds, held_for, expected):
    assert advice(lab_values, holds, held_for) == expected


def test_holds_for_a_label_rule_are_counted_by_their_events():
    orders = [
        order(date(2025, 3, 1), 0, reason="TOXICITY", ae_no=1),
        order(T0, 400),
        order(date(2025, 3, 15), 400, reason="RESUME"),
        order(date(2025, 4, 1), 0, reason="TOXICITY", ae_no=2),
        order(date(2025, 5, 1), 0, reason="TOXICITY", ae_no=3),
    ]
    rules = {1: "HAEMATOLOGICAL", 3: "HAEMATOLOGICAL"}
    assert toxicity_holds(orders, rules) == ({"HAEMATOLOGICAL": 2}, "HAEMATOLOGICAL")
    assert toxicity_holds(orders[:3], rules) == ({"HAEMATOLOGICAL": 1}, None)


def test_tablets_follow_the_orders_to_the_end_of_the_window():
    found = tablets_to_hand_out(
        [order(T0, 400)], order(date(2025, 7, 17), 300), SEEN, date(2025, 7, 26), PROTOCOL.regimen
    )
    assert found == (TabletQuantity(400, 10), TabletQuantity(100, 30))


def test_a_hold_needs_no_tablets():
    found = tablets_to_hand_out([order(T0, 400)], order(SEEN, 0), SEEN, date(2025, 10, 20), PROTOCOL.regimen)
    assert found == ()


def test_the_example_of_the_supply_rule():
    found = tablets_to_hand_out(
        [order(T0, 400)], None, date(2022, 12, 7).replace(year=2025), date(2026, 3, 21), PROTOCOL.regimen
    )
    assert found == (TabletQuantity(400, 105),)
