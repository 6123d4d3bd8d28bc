"""An adverse event as facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from protocol.codes import ActionTaken, Causality, DatePrecision, EventOutcome, Expectedness, SeriousCriterion
from protocol.partial_days import PartialDay


@dataclass(frozen=True, slots=True)
class AdverseEventFacts:
    """What was recorded of one event; None or empty = not known. `grade` is the worst it had.

    Of a day that is known in part, the date is its first possible day. `is_provisional`: what is judged in it was
    entered by somebody who may not judge, and no investigator has confirmed it.
    """

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
    expectedness: Expectedness | None = None
    is_provisional: bool = False
    start_precision: DatePrecision = DatePrecision.DAY
    end_precision: DatePrecision = DatePrecision.DAY

    @property
    def start(self) -> PartialDay:
        return PartialDay(self.started_on, self.start_precision)

    @property
    def end(self) -> PartialDay | None:
        return PartialDay(self.ended_on, self.end_precision) if self.ended_on else None

    @property
    def last_on(self) -> date | None:
        """The last day it can have gone on; None while it goes on."""
        return self.end.latest if self.end else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgements in an event, as codes; blank = not judged. What happened and when is observed, not judged."""

    causality: str = ""
    serious: Sequence[str] = ()
    expectedness: str = ""
    action_taken: str = ""

    @property
    def mark(self) -> str:
        """A mark of exactly these judgements."""
        parts = (self.causality, *sorted(self.serious), self.expectedness, self.action_taken)
        return sha256("\n".join(parts).encode()).hexdigest()[:16]
