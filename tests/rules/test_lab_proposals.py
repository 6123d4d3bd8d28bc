"""Which graded results ask whether there was an adverse event."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.lab_grades import LabValue
from adverse_events.rules.lab_proposals import KnownLabs, Result, lab_proposals
from protocol.codes import LabTest

DAY, LATER = date(2025, 7, 7), date(2025, 8, 4)
NEUTROPENIA = "Neutrophil count decreased"


def anc(value):
    return LabValue(LabTest.ANC, Decimal(value), "10^9/L", Decimal("1.8"), Decimal("7.5"))


def alt(value):
    return LabValue(LabTest.ALT, Decimal(value), "U/L", None, Decimal(40))


def event(grade, started_on=DAY, ended_on=None, term=NEUTROPENIA, ae_no=3):
    return AdverseEventFacts(ae_no, term, started_on, ended_on, grade)


def proposed(*labs, events=(), baselines=(), at_entry=(), answered=None):
    results = [Result(day, lab) for day, lab in zip((DAY, LATER), labs, strict=False)]
    known = KnownLabs(results, {b.test: b for b in baselines}, {b.test: b for b in at_entry}, answered or {})
    return [(p.result.collected_on, p.grade, p.ae_no) for p in lab_proposals(known, events)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.8", []), ("1.79", [(DAY, 1, None)]), ("1.0", [(DAY, 2, None)]), ("0.99", [(DAY, 3, None)])],
)
def test_an_abnormal_result_without_an_event_is_proposed(value, expected):
    assert proposed(anc(value)) == expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (event(3), []),
        (event(4), []),
        (event(2), [(DAY, 3, 3)]),
        (event(None), [(DAY, 3, 3)]),
        (event(3, started_on=LATER), [(DAY, 3, None)]),
        (event(3, date(2025, 6, 1), DAY), []),  # its last day
        (event(3, date(2025, 6, 1), date(2025, 7, 6)), [(DAY, 3, None)]),
        (event(3, term="Anemia"), [(DAY, 3, None)]),
    ],
)
def test_an_event_accounts_for_what_is_no_worse_while_it_lasts(of, expected):
    assert proposed(anc("0.8"), events=[of]) == expected


@pytest.mark.parametrize(
    ("answered", "expected"), [(0, [(DAY, 2, None)]), (1, [(DAY, 2, None)]), (2, []), (3, [])]
)
def test_what_was_judged_is_asked_again_only_when_it_is_worse(answered, expected):
    assert proposed(anc("1.2"), answered={LabTest.ANC: answered}) == expected


@pytest.mark.parametrize(("value", "expected"), [("1.6", []), ("1.4", [(DAY, 2, None)])])
def test_what_was_there_at_entry_is_proposed_only_when_it_is_worse(value, expected):
    assert proposed(anc(value), at_entry=[anc("1.7")]) == expected


@pytest.mark.parametrize(("value", "expected"), [("100", []), ("150", [(DAY, 1, None)])])
def test_an_abnormal_baseline_is_what_transaminases_are_measured_against(value, expected):
    """100 U/L is grade 1 by the limit of 40, and nothing where the baseline was 100."""
    assert proposed(alt(value), baselines=[alt("100")]) == expected


def test_of_each_test_the_earliest_of_the_worst_is_proposed():
    assert proposed(anc("1.2"), anc("0.8")) == [(LATER, 3, None)]
    assert proposed(anc("0.8"), anc("0.7")) == [(DAY, 3, None)]
    assert proposed(anc("0.8"), alt("90")) == [(DAY, 3, None), (LATER, 1, None)]


def test_a_result_without_a_grade_proposes_nothing():
    assert proposed(LabValue(LabTest.ANC, Decimal("0.1"), "/mm3")) == []


@given(st.lists(st.decimals("0.1", "5", places=2), min_size=1, max_size=2), st.integers(0, 4))
def test_reporting_what_is_proposed_settles_it(values, answered):
    labs = [anc(value) for value in values]
    for day, grade, _ae_no in proposed(*labs, answered={LabTest.ANC: answered}):
        assert grade > answered
        assert proposed(*labs, events=[event(grade, started_on=min(day, DAY))]) == []
