"""An adverse event as facts."""

from dataclasses import dataclass
from datetime import date, datetime

from protocol.codes import ActionTaken, Causality, EventOutcome, SeriousCriterion


@dataclass(frozen=True, slots=True)
class AdverseEventFacts:
    """What was recorded of one event; None or empty = not known."""

    ae_no: int
    term: str
    started_on: date
    ended_on: date | None = None
    grade: int | None = None
    serious: tuple[SeriousCriterion, ...] = ()
    aware_at: datetime | None = None
    causality: Causality | None = None
    outcome: EventOutcome | None = None
    action_taken: ActionTaken | None = None
