"""How long a serious event takes from awareness to the record, and to the sponsor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median


@dataclass(frozen=True, slots=True)
class Reported:
    """One serious event; `sent_at` None = nothing was sent to the sponsor yet. Instants with a zone."""

    aware_at: datetime
    entered_at: datetime
    sent_at: datetime | None
    within: timedelta

    @property
    def entry_delay(self) -> timedelta:
        """Never negative: an event may be entered first and called serious with an earlier hour later."""
        return max(self.entered_at - self.aware_at, timedelta(0))

    @property
    def is_entered_in_time(self) -> bool:
        return self.entry_delay <= self.within

    @property
    def is_sent_in_time(self) -> bool:
        return self.sent_at is not None and self.sent_at - self.aware_at <= self.within


@dataclass(frozen=True, slots=True)
class Delays:
    """Counts of events, and medians over those entered or sent; None where there is none."""

    events: int
    entered_in_time: int
    median_to_entry: timedelta | None
    sent: int
    sent_in_time: int
    median_to_sent: timedelta | None


def delays(events: Sequence[Reported]) -> Delays:
    sent = [event.sent_at - event.aware_at for event in events if event.sent_at is not None]
    return Delays(
        events=len(events),
        entered_in_time=sum(event.is_entered_in_time for event in events),
        median_to_entry=_median([event.entry_delay for event in events]),
        sent=len(sent),
        sent_in_time=sum(event.is_sent_in_time for event in events),
        median_to_sent=_median(sent),
    )


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    seconds = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(seconds)) if seconds else None
