"""Dechallenge and rechallenge, read from the doses: did it abate when imatinib was stopped, and come back with it?

ICH E2B(R3), G.k.9.i.4 and G.k.8: what is asked of a suspect drug. Only what the record shows is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from adverse_events.rules.facts import AdverseEventFacts
from dosing.rules.orders import DosePeriod


class Answer(StrEnum):
    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True, slots=True)
class Challenge:
    """`dechallenge`: abated after stopping. `rechallenge`: came back after resuming."""

    dechallenge: Answer
    rechallenge: Answer


def challenge(
    event: AdverseEventFacts,
    periods: Sequence[DosePeriod],
    last_dose_on: date | None,
    others: Sequence[AdverseEventFacts],
) -> Challenge:
    """`periods` in order, holds among them; `others`: the patient's events, in which the same term may come again.

    Not applicable: nothing was stopped while the event went on; for a rechallenge, nothing was given again.
    """
    stopped_on = _stopped_on(event, periods, last_dose_on)
    if stopped_on is None:
        return Challenge(Answer.NOT_APPLICABLE, Answer.NOT_APPLICABLE)
    resumed_on = _resumed_on(stopped_on, periods)
    return Challenge(_dechallenge(event, resumed_on), _rechallenge(event, resumed_on, others))


def _stopped_on(
    event: AdverseEventFacts, periods: Sequence[DosePeriod], last_dose_on: date | None
) -> date | None:
    """The first day without imatinib, while the event went on; a dose on the day of onset does not count."""
    days = [period.from_on for period in periods if period.order.is_hold]
    days += [last_dose_on] if last_dose_on else []
    during = [day for day in days if day >= event.started_on and not _is_over(event, day)]
    return min(during, default=None)


def _is_over(event: AdverseEventFacts, day: date) -> bool:
    return event.ended_on is not None and event.ended_on < day


def _resumed_on(stopped_on: date, periods: Sequence[DosePeriod]) -> date | None:
    given = (p.from_on for p in periods if p.from_on > stopped_on and not p.order.is_hold)
    return min(given, default=None)


def _dechallenge(event: AdverseEventFacts, resumed_on: date | None) -> Answer:
    """It ended before imatinib was given again; ended later, or given again while it goes on: it did not abate."""
    if event.ended_on is not None:
        return Answer.YES if resumed_on is None or event.ended_on <= resumed_on else Answer.NO
    return Answer.UNKNOWN if resumed_on is None else Answer.NO


def _rechallenge(
    event: AdverseEventFacts, resumed_on: date | None, others: Sequence[AdverseEventFacts]
) -> Answer:
    if resumed_on is None or event.ended_on is None or event.ended_on > resumed_on:
        return Answer.NOT_APPLICABLE
    again = any(
        other.ae_no != event.ae_no and other.term == event.term and other.started_on >= resumed_on
        for other in others
    )
    return Answer.YES if again else Answer.NO
