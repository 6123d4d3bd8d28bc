"""Which procedures are asked about: by the schedule, its conditions, and what is known of the patient."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from protocol.codes import ProcedureAnswer
from protocol.definition import Procedure
from visits.rules.procedures import WITH_FIELDS, ConditionFacts, answers_of, asked_about, is_asked

KNOWN = st.sampled_from([True, False, None])


@pytest.mark.parametrize(("can_bear_children", "asked"), [(True, True), (None, True), (False, False)])
def test_a_pregnancy_test_is_left_out_only_where_it_is_needless(can_bear_children, asked):
    facts = ConditionFacts(can_bear_children=can_bear_children)
    assert is_asked(Procedure("PT", "WOCBP"), facts) is asked


@pytest.mark.parametrize(("carrier", "asked"), [(True, True), (None, False), (False, False)])
def test_hepatitis_b_is_asked_of_known_carriers(carrier, asked):
    assert is_asked(Procedure("HBV", "CARRIER"), ConditionFacts(is_hepatitis_b_carrier=carrier)) is asked


@pytest.mark.parametrize("condition", [None, "SEEN_AT_CLINIC", "OLDER_THAN_28_DAYS"])
def test_what_is_decided_at_the_visit_is_asked(condition):
    assert is_asked(Procedure("PE", condition), ConditionFacts())


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("M6", ("PE", "PT", "HBV", "CM", "PRO")),
        ("M36", ("ICF", "ELI", "PE", "PT", "HBV", "ECH", "CM", "PRO")),
        ("CTR", ("PT",)),
        ("LT9", ("VIT", "LTH")),
        ("OS6", ("VIT", "LTH")),
        ("W2", ("CM",)),
    ],
)
def test_the_schedule_asks_in_its_order(code, asked):
    everything = ConditionFacts(can_bear_children=True, is_hepatitis_b_carrier=True)
    assert asked_about(load_protocol().visit(code).procedures, everything) == asked


@given(children=KNOWN, carrier=KNOWN)
def test_nothing_is_asked_twice_over(children, carrier):
    facts = ConditionFacts(children, carrier)
    for visit in load_protocol().schedule:
        asked = asked_about(visit.procedures, facts)
        assert len(set(asked)) == len(asked) and not WITH_FIELDS & set(asked)


def test_every_procedure_of_the_protocol_has_fields_or_answers():
    for code, _english, _korean in load_protocol().procedures:
        assert code in WITH_FIELDS or len(answers_of(code)) >= 3


def test_a_pregnancy_test_answers_with_its_result():
    assert answers_of("PT")[:2] == (ProcedureAnswer.NEGATIVE, ProcedureAnswer.POSITIVE)
    assert ProcedureAnswer.DONE not in answers_of("PT")
    assert answers_of("PE")[0] == ProcedureAnswer.DONE
