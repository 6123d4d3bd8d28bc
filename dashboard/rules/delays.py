"""How long serious events take from awareness to the record, and to the sponsor."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from courses.rules.tally import Tallies
from dashboard.rules.distribution import Distribution, distribution, quantile

FIGURES = ("serious", "serious_to_entry", "serious_to_sent")  # what of the sums this is made of


@dataclass(frozen=True, slots=True)
class Delays:
    """Counts of events, and medians in whole minutes over those entered or sent; None where there is none."""

    events: int
    entered_in_time: int
    median_to_entry: timedelta | None
    sent: int
    sent_in_time: int
    median_to_sent: timedelta | None


def delays(tallies: Tallies) -> Delays:
    entered, sent = (distribution(tallies.of(figure)) for figure in ("serious_to_entry", "serious_to_sent"))
    return Delays(
        events=entered.evaluable,
        entered_in_time=tallies.count("serious", "entered_in_time"),
        median_to_entry=_median(entered),
        sent=sent.evaluable,
        sent_in_time=tallies.count("serious", "sent_in_time"),
        median_to_sent=_median(sent),
    )


def _median(minutes: Distribution) -> timedelta | None:
    if not minutes.values:
        return None
    return timedelta(minutes=float(quantile(minutes.values, Decimal("0.5"))))
