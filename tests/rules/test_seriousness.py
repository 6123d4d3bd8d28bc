"""Serious, related, and what does not fit together in one event."""

from datetime import UTC, date, datetime

import pytest

from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.seriousness import (
    CollectionWindow,
    EventDoubt,
    doubt_sentence,
    event_doubts,
    is_fatal_or_life_threatening,
    is_related,
    is_serious,
)
from protocol import load_protocol
from protocol.codes import Causality, DatePrecision, EventOutcome, SeriousCriterion

RELATED = load_protocol().adverse_events.causality_related
STARTED, ENDED = date(2025, 3, 1), date(2025, 3, 20)
DEATH, RISK = (SeriousCriterion.DEATH,), (SeriousCriterion.LIFE_THREATENING,)
HOSPITAL = (SeriousCriterion.HOSPITALISATION,)
AWARE = datetime(2025, 3, 2, 9, tzinfo=UTC)
WINDOW = CollectionWindow(date(2025, 1, 10), date(2025, 7, 1), 30, RELATED)


def doubts(died_on=None, **facts):
    return [doubt.value for doubt in event_doubts(AdverseEventFacts(1, "Sepsis", STARTED, **facts), died_on)]


@pytest.mark.parametrize("criterion", list(SeriousCriterion))
def test_any_criterion_makes_an_event_serious(criterion):
    assert is_serious([criterion])


def test_without_a_criterion_an_event_is_not_serious():
    assert not is_serious([])


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [(DEATH, True), (RISK, True), (HOSPITAL, False), (HOSPITAL + RISK, True), ((), False)],
)
def test_death_and_risk_of_life_run_the_shorter_clock(criteria, expected):
    assert is_fatal_or_life_threatening(criteria) is expected


@pytest.mark.parametrize(
    ("causality", "expected"),
    [
        (Causality.CERTAIN, True),
        (Causality.PROBABLE, True),
        (Causality.POSSIBLE, True),
        (Causality.UNASSESSABLE, True),
        (Causality.UNLIKELY, False),
        (Causality.NOT_RELATED, False),
        (None, None),
        ("", None),
    ],
)
def test_is_related(causality, expected):
    assert is_related(causality, RELATED) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"grade": 3, "serious": HOSPITAL, "aware_at": AWARE}, []),
        (
            {
                "grade": 5,
                "serious": DEATH,
                "aware_at": AWARE,
                "outcome": EventOutcome.FATAL,
                "ended_on": ENDED,
            },
            [],
        ),
        ({"grade": 5}, ["FATAL_GRADE_WITHOUT_DEATH"]),
        ({"grade": 5, "serious": RISK, "aware_at": AWARE}, ["FATAL_GRADE_WITHOUT_DEATH"]),
        ({"grade": 4, "serious": DEATH, "aware_at": AWARE}, ["DEATH_WITHOUT_FATAL_GRADE"]),
        ({"serious": DEATH, "aware_at": AWARE}, []),
        (
            {"grade": 5, "serious": DEATH, "aware_at": AWARE, "outcome": EventOutcome.NOT_RECOVERED},
            ["FATAL_GRADE_WITHOUT_FATAL_OUTCOME"],
        ),
        ({"grade": 4}, ["LIFE_THREATENING_NOT_CONFIRMED"]),
        ({"grade": 4, "serious": RISK, "aware_at": AWARE}, []),
        ({"grade": 3, "serious": HOSPITAL}, ["SERIOUS_WITHOUT_AWARENESS"]),
        ({"outcome": EventOutcome.RECOVERED}, ["RESOLVED_WITHOUT_END"]),
        ({"outcome": EventOutcome.RECOVERED_WITH_SEQUELAE}, ["RESOLVED_WITHOUT_END"]),
        ({"outcome": EventOutcome.RECOVERED, "ended_on": ENDED}, []),
        ({"outcome": EventOutcome.RECOVERING}, []),
        ({"outcome": EventOutcome.NOT_RECOVERED, "ended_on": ENDED}, ["ENDED_WITHOUT_RECOVERY"]),
        ({"outcome": EventOutcome.FATAL}, ["FATAL_END_IS_NOT_DEATH"]),
    ],
)
def test_event_doubts(facts, expected):
    assert doubts(**facts) == expected


@pytest.mark.parametrize(
    ("died_on", "expected"), [(ENDED, []), (None, []), (STARTED, ["FATAL_END_IS_NOT_DEATH"])]
)
def test_a_fatal_event_ends_on_the_day_of_death(died_on, expected):
    assert doubts(died_on, outcome=EventOutcome.FATAL, ended_on=ENDED) == expected


def test_a_fatal_event_may_end_in_the_month_of_death():
    month = {"ended_on": ENDED.replace(day=1), "end_precision": DatePrecision.MONTH}
    assert doubts(ENDED, outcome=EventOutcome.FATAL, **month) == []
    assert doubts(date(2025, 4, 2), outcome=EventOutcome.FATAL, **month) == ["FATAL_END_IS_NOT_DEATH"]


def outside(started_on, precision=DatePrecision.DAY, **facts):
    event = AdverseEventFacts(1, "Sepsis", started_on, start_precision=precision, **facts)
    return [doubt.value for doubt in event_doubts(event, window=WINDOW)]


@pytest.mark.parametrize(
    ("started_on", "precision", "expected"),
    [
        (date(2025, 1, 9), DatePrecision.DAY, ["BEFORE_CONSENT"]),
        (date(2025, 1, 10), DatePrecision.DAY, []),
        (date(2025, 1, 1), DatePrecision.MONTH, []),
        (date(2024, 12, 1), DatePrecision.MONTH, ["BEFORE_CONSENT"]),
        (date(2025, 7, 31), DatePrecision.DAY, []),
        (date(2025, 8, 1), DatePrecision.DAY, ["AFTER_WINDOW"]),
        (date(2025, 1, 1), DatePrecision.YEAR, []),
    ],
)
def test_events_are_collected_from_consent_until_days_after_the_last_dose(started_on, precision, expected):
    assert outside(started_on, precision) == expected


@pytest.mark.parametrize(
    ("causality", "expected"), [(Causality.POSSIBLE, []), (Causality.UNLIKELY, ["AFTER_WINDOW"])]
)
def test_later_only_serious_related_events_are_collected(causality, expected):
    late = {"serious": HOSPITAL, "aware_at": AWARE, "causality": causality}
    assert outside(date(2026, 1, 1), **late) == expected


def test_without_consent_or_last_dose_no_event_is_outside():
    event = AdverseEventFacts(1, "Sepsis", date(2000, 1, 1))
    assert event_doubts(event, window=CollectionWindow()) == ()


@pytest.mark.parametrize("doubt", list(EventDoubt))
def test_every_doubt_is_a_sentence(doubt):
    assert str(doubt_sentence(doubt)).endswith((".", "?"))
