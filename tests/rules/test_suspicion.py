"""A suspected recurrence is no event; confirmed, it is dated the first scan that showed it."""

from datetime import date

import pytest

from patients.rules.facts import OutcomeFacts, PatientFacts
from patients.rules.survival import overall_survival, recurrence_free_survival
from patients.rules.suspicion import check_outcome, first_showing, is_open_suspicion
from protocol import load_protocol
from protocol.codes import RfsStatus
from protocol.sentences import Refusal

JAN, FEB, MARCH, APRIL = (date(2026, month, 10) for month in (1, 2, 3, 4))
T0 = date(2022, 9, 7)


def suspected(on, settlement="", settled_on=None):
    return OutcomeFacts("SUSPECTED", on, settlement, settled_on)


@pytest.mark.parametrize(
    ("outcome", "on", "expected"),
    [
        (suspected(FEB), FEB, True),
        (suspected(FEB), JAN, False),
        (suspected(FEB, "REFUTED", APRIL), MARCH, True),
        (suspected(FEB, "REFUTED", APRIL), APRIL, False),
        (suspected(FEB, "CONFIRMED", FEB), FEB, False),
        (OutcomeFacts("RECURRENCE", FEB), FEB, False),
    ],
)
def test_a_suspicion_is_open_from_its_scan_until_it_is_settled(outcome, on, expected):
    assert is_open_suspicion(outcome, on=on) is expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], None),
        ([suspected(MARCH), suspected(FEB)], FEB),
        ([suspected(JAN, "REFUTED", FEB), suspected(MARCH)], MARCH),
        ([suspected(APRIL)], None),
    ],
)
def test_a_recurrence_is_dated_the_first_scan_of_those_still_open(outcomes, expected):
    assert first_showing(outcomes, on=MARCH) == expected


@pytest.mark.parametrize(
    ("kind", "on", "before", "words"),
    [
        ("RECURRENCE", MARCH, [suspected(FEB)], "suspected since"),
        ("DEATH", MARCH, [OutcomeFacts("DEATH", APRIL)], "died on"),
        ("ALIVE", MARCH, [OutcomeFacts("DEATH", FEB)], "died on"),
        ("DEATH", FEB, [OutcomeFacts("ALIVE", MARCH)], "after this death"),
    ],
)
def test_an_outcome_that_does_not_fit_the_others_is_refused(kind, on, before, words):
    with pytest.raises(Refusal, match=words):
        check_outcome(kind, on, before)


@pytest.mark.parametrize(
    ("kind", "on", "before"),
    [
        ("DISEASE_FREE", MARCH, []),
        ("RECURRENCE", JAN, [suspected(FEB)]),
        ("RECURRENCE", MARCH, [suspected(FEB, "REFUTED", FEB)]),
        ("DEATH", MARCH, [OutcomeFacts("ALIVE", MARCH)]),
        ("ALIVE", JAN, [OutcomeFacts("DEATH", FEB)]),
    ],
)
def test_outcomes_that_fit_are_taken(kind, on, before):
    assert check_outcome(kind, on, before) is None


def test_a_suspicion_is_no_event_and_no_assessment_without_disease():
    facts = PatientFacts("01-001", "A", first_dose_on=T0, enrolled_on=T0)
    seen = [OutcomeFacts("DISEASE_FREE", JAN), suspected(FEB)]
    rfs = recurrence_free_survival(facts, seen, load_protocol(), on=MARCH)
    assert (rfs.status, rfs.on) == (RfsStatus.CENSORED, JAN)
    assert overall_survival(facts, seen, load_protocol(), on=MARCH).on == FEB
