"""Serious or not, related or not, and what does not fit together in one event.

Seriousness is that of ICH E2A: any criterion makes an event serious; a high grade does not. Doubts are never
corrected here: each becomes a question to the site.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from adverse_events.rules.facts import AdverseEventFacts
from protocol.codes import EventOutcome, SeriousCriterion
from protocol.sentences import Sentence, gettext_noop

RESOLVED = (EventOutcome.RECOVERED, EventOutcome.RECOVERED_WITH_SEQUELAE)
GOING_ON = (EventOutcome.RECOVERING, EventOutcome.NOT_RECOVERED)
URGENT = (SeriousCriterion.DEATH, SeriousCriterion.LIFE_THREATENING)
FATAL_GRADE = 5
LIFE_THREATENING_GRADE = 4


class EventDoubt(StrEnum):
    """What does not fit together; the order is the order of display."""

    FATAL_GRADE_WITHOUT_DEATH = "FATAL_GRADE_WITHOUT_DEATH"
    DEATH_WITHOUT_FATAL_GRADE = "DEATH_WITHOUT_FATAL_GRADE"
    FATAL_GRADE_WITHOUT_FATAL_OUTCOME = "FATAL_GRADE_WITHOUT_FATAL_OUTCOME"
    LIFE_THREATENING_NOT_CONFIRMED = "LIFE_THREATENING_NOT_CONFIRMED"
    SERIOUS_WITHOUT_AWARENESS = "SERIOUS_WITHOUT_AWARENESS"
    RESOLVED_WITHOUT_END = "RESOLVED_WITHOUT_END"
    ENDED_WITHOUT_RECOVERY = "ENDED_WITHOUT_RECOVERY"
    FATAL_END_IS_NOT_DEATH = "FATAL_END_IS_NOT_DEATH"
    BEFORE_CONSENT = "BEFORE_CONSENT"
    AFTER_WINDOW = "AFTER_WINDOW"


SENTENCES = {
    EventDoubt.FATAL_GRADE_WITHOUT_DEATH: gettext_noop("Grade 5, but death is not a seriousness criterion."),
    EventDoubt.DEATH_WITHOUT_FATAL_GRADE: gettext_noop(
        "Death is a seriousness criterion, but the grade is not 5."
    ),
    EventDoubt.FATAL_GRADE_WITHOUT_FATAL_OUTCOME: gettext_noop("Grade 5, but the outcome is not fatal."),
    EventDoubt.LIFE_THREATENING_NOT_CONFIRMED: gettext_noop(
        "Grade 4, but no seriousness criterion: was the patient's life at risk at the time?"
    ),
    EventDoubt.SERIOUS_WITHOUT_AWARENESS: gettext_noop(
        "Serious, but it is not recorded when the site became aware of it."
    ),
    EventDoubt.RESOLVED_WITHOUT_END: gettext_noop("Resolved, but without an end date."),
    EventDoubt.ENDED_WITHOUT_RECOVERY: gettext_noop("An end date, but an outcome that says it goes on."),
    EventDoubt.FATAL_END_IS_NOT_DEATH: gettext_noop("Fatal, but it does not end on the day of death."),
    EventDoubt.BEFORE_CONSENT: gettext_noop(
        "It began before consent: what was there before belongs to the medical history, unless it got worse."
    ),
    EventDoubt.AFTER_WINDOW: gettext_noop(
        "It began after the time in which events are collected: later on only serious related ones are."
    ),
}


def is_serious(criteria: Sequence[SeriousCriterion]) -> bool:
    """Serious as soon as one criterion of ICH E2A applies."""
    return bool(criteria)


def is_fatal_or_life_threatening(criteria: Sequence[SeriousCriterion]) -> bool:
    """Whether the shorter clock for unexpected reactions runs."""
    return any(criterion in URGENT for criterion in criteria)


def is_related(causality: str | None, related: Sequence[str]) -> bool | None:
    """Whether a causality counts as related (`AdverseEvents.causality_related`); None while not judged."""
    return causality in related if causality else None


@dataclass(frozen=True, slots=True)
class CollectionWindow:
    """From consent until so many days after the last dose; None = not known. `related`: causalities that count so."""

    consented_on: date | None = None
    last_dose_on: date | None = None
    days_after: int = 0
    related: tuple[str, ...] = ()

    @property
    def closes_on(self) -> date | None:
        return self.last_dose_on + timedelta(days=self.days_after) if self.last_dose_on else None


def event_doubts(
    event: AdverseEventFacts, died_on: date | None = None, window: CollectionWindow | None = None
) -> tuple[EventDoubt, ...]:
    """What does not fit together in an event for certain; `died_on` is the patient's death, if known."""
    found = {doubt for doubt, applies in _CHECKS.items() if applies(event, died_on)}
    found |= set(_outside(event, window or CollectionWindow()))
    return tuple(doubt for doubt in EventDoubt if doubt in found)


def doubt_sentence(doubt: EventDoubt) -> Sentence:
    return Sentence(SENTENCES[doubt])


def _fatal_end_is_not_death(event: AdverseEventFacts, died_on: date | None) -> bool:
    if event.outcome != EventOutcome.FATAL:
        return False
    if event.end is None or died_on is None:
        return event.end is None
    return not event.end.earliest <= died_on <= event.end.latest


def _outside(event: AdverseEventFacts, window: CollectionWindow) -> Iterator[EventDoubt]:
    if window.consented_on is not None and event.start.latest < window.consented_on:
        yield EventDoubt.BEFORE_CONSENT
    still_collected = is_serious(event.serious) and is_related(event.causality, window.related)
    if window.closes_on is not None and event.start.earliest > window.closes_on and not still_collected:
        yield EventDoubt.AFTER_WINDOW


_CHECKS: dict[EventDoubt, Callable[[AdverseEventFacts, date | None], bool]] = {
    EventDoubt.FATAL_GRADE_WITHOUT_DEATH: lambda event, _: (
        event.grade == FATAL_GRADE and SeriousCriterion.DEATH not in event.serious
    ),
    EventDoubt.DEATH_WITHOUT_FATAL_GRADE: lambda event, _: (
        event.grade not in (None, FATAL_GRADE) and SeriousCriterion.DEATH in event.serious
    ),
    EventDoubt.FATAL_GRADE_WITHOUT_FATAL_OUTCOME: lambda event, _: (
        event.grade == FATAL_GRADE and event.outcome not in (None, EventOutcome.FATAL)
    ),
    EventDoubt.LIFE_THREATENING_NOT_CONFIRMED: lambda event, _: (
        event.grade == LIFE_THREATENING_GRADE and not event.serious
    ),
    EventDoubt.SERIOUS_WITHOUT_AWARENESS: lambda event, _: is_serious(event.serious) and not event.aware_at,
    EventDoubt.RESOLVED_WITHOUT_END: lambda event, _: event.outcome in RESOLVED and event.ended_on is None,
    EventDoubt.ENDED_WITHOUT_RECOVERY: lambda event, _: (
        event.outcome in GOING_ON and event.ended_on is not None
    ),
    EventDoubt.FATAL_END_IS_NOT_DEATH: _fatal_end_is_not_death,
}
