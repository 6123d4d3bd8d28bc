"""How a course ends."""

from datetime import date

import pytest

from patients.rules.disposition import EndFacts, check_reason, ended_early, outlasts_study
from protocol import load_protocol
from protocol.sentences import Refusal

PROTOCOL = load_protocol()
T0 = date(2022, 9, 7)


@pytest.mark.parametrize(
    ("treatment_ended_on", "expected"),
    [(None, False), (date(2027, 8, 30), False), (date(2027, 8, 29), True), (date(2027, 9, 20), False)],
)
def test_end_within_the_tolerance_is_not_early(treatment_ended_on, expected):
    assert ended_early(T0, treatment_ended_on, PROTOCOL.regimen) is expected
    assert not ended_early(None, treatment_ended_on, PROTOCOL.regimen)


@pytest.mark.parametrize(("first_dose_on", "expected"), [(date(2025, 5, 1), False), (date(2025, 5, 2), True)])
def test_course_may_outlast_the_study(first_dose_on, expected):
    assert outlasts_study(first_dose_on, PROTOCOL) is expected


def end(record="TREATMENT", reason="COMPLETED", **known):
    return EndFacts(record, reason, **{"first_dose_on": T0, "last_dose_on": date(2027, 8, 30), **known})


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (end(last_dose_on=date(2027, 8, 29)), "2027-08-30 or later"),
        (end(first_dose_on=None), "no first dose"),
        (end(reason="DISEASE RELAPSE"), "No recurrence"),
        (end(reason="DEATH"), "No death"),
        (end(reason="SCREEN FAILURE"), "screen failure"),
        (end(record="PARTICIPATION", reason="SCREEN FAILURE", is_enrolled=True), "screen failure"),
        (end(reason="ADVERSE EVENT"), "Name the adverse event"),
        (end(reason="OTHER", comment=" "), "in your words"),
    ],
)
def test_a_reason_that_does_not_fit_the_facts_is_refused(facts, words):
    with pytest.raises(Refusal, match=words):
        check_reason(facts, PROTOCOL.regimen)


@pytest.mark.parametrize(
    "facts",
    [
        end(),
        end(record="PARTICIPATION", first_dose_on=None, last_dose_on=None),
        end(reason="DISEASE RELAPSE", has_recurrence=True),
        end(reason="DEATH", has_died=True),
        end(record="PARTICIPATION", reason="SCREEN FAILURE"),
        end(reason="ADVERSE EVENT", names_event=True),
        end(reason="OTHER", comment="moved abroad"),
        end(reason="PHYSICIAN DECISION"),
    ],
)
def test_a_reason_that_fits_is_taken(facts):
    assert check_reason(facts, PROTOCOL.regimen) is None
