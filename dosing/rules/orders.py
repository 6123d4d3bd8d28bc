"""Dose orders as a step function of days: what was ordered on a day, and how much over any span.

All spans include both ends. Milligrams and days are whole numbers. Sums are taken from the pattern, never
day by day: a five-year course of any pattern costs a few microseconds.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from protocol.days import ONE_DAY, days_between


@dataclass(frozen=True, slots=True)
class DoseOrderFacts:
    """One order: mg per day from a day on, the pattern repeated from its anchor.

    `(400,)` daily, `(400, 0)` every other day, `(0,)` a hold. A zero beside a dose is a planned day off, no
    hold.
    """

    from_on: date
    pattern_mg: tuple[int, ...]
    anchor_on: date
    reason: str
    ae_no: int | None = None

    @property
    def mean_daily_mg(self) -> Fraction:
        """The mean of the pattern, exact."""
        return Fraction(sum(self.pattern_mg), len(self.pattern_mg))

    @property
    def is_hold(self) -> bool:
        """Whether every entry of the pattern is 0 mg."""
        return not any(self.pattern_mg)

    def mg_on(self, day: date) -> int:
        """The mg of a day; also for a day before the anchor, where the pattern runs backwards."""
        return self.pattern_mg[(day - self.anchor_on).days % len(self.pattern_mg)]

    def pattern_from(self, day: date) -> tuple[int, ...]:
        """The pattern turned so that it begins on `day`."""
        shift = (day - self.anchor_on).days % len(self.pattern_mg)
        return self.pattern_mg[shift:] + self.pattern_mg[:shift]


@dataclass(frozen=True, slots=True)
class DosePeriod:
    """The days on which an order holds; `to_on` is None while nothing ended it."""

    order: DoseOrderFacts
    from_on: date
    to_on: date | None

    def span(self, from_on: date, until: date) -> tuple[date, date] | None:
        """The part of the period inside a span, or None if they do not meet."""
        first = max(self.from_on, from_on)
        last = until if self.to_on is None else min(self.to_on, until)
        return (first, last) if first <= last else None


def dose_periods(orders: Sequence[DoseOrderFacts], last_dose_on: date | None) -> tuple[DosePeriod, ...]:
    """The orders as adjoining periods: each holds to the day before the next, or to the last dose.

    An order that begins after the last dose (a hold that was never resumed) has no day and is left out.
    """
    ordered = sorted(orders, key=lambda order: order.from_on)
    ends = [later.from_on - ONE_DAY for later in ordered[1:]] + [None]
    periods = (
        DosePeriod(order, order.from_on, _earlier(to_on, last_dose_on))
        for order, to_on in zip(ordered, ends, strict=False)
    )
    return tuple(period for period in periods if period.to_on is None or period.from_on <= period.to_on)


def order_on(
    orders: Sequence[DoseOrderFacts], day: date, last_dose_on: date | None = None
) -> DoseOrderFacts | None:
    """The order in force on a day; None before the first order and after the last dose."""
    if last_dose_on is not None and day > last_dose_on:
        return None
    begun = [order for order in orders if order.from_on <= day]
    return max(begun, key=lambda order: order.from_on, default=None)


def days_by_dose(periods: Sequence[DosePeriod], from_on: date, until: date) -> Counter[int]:
    """How many days each daily dose (mg, 0 included) was ordered; days without an order are not in it."""
    days: Counter[int] = Counter()
    for period in periods:
        span = period.span(from_on, until)
        if span is not None:
            _count_pattern(days, period.order.pattern_from(span[0]), days_between(*span))
    return days


def ordered_mg(periods: Sequence[DosePeriod], from_on: date, until: date) -> int:
    """The sum of the daily mg over a span; days without an order are 0 mg."""
    return sum(mg * days for mg, days in days_by_dose(periods, from_on, until).items())


def dosing_days(periods: Sequence[DosePeriod], from_on: date, until: date) -> int:
    """The days of a span with more than 0 mg ordered."""
    return sum(days for mg, days in days_by_dose(periods, from_on, until).items() if mg)


def daily_doses(periods: Sequence[DosePeriod], from_on: date, until: date) -> Iterator[tuple[date, int]]:
    """Every dosing day of a span in order, with its mg; for the few who need the days themselves."""
    for period in periods:
        span = period.span(from_on, until)
        if span is None or period.order.is_hold:
            continue
        for ordinal in range(span[0].toordinal(), span[1].toordinal() + 1):
            day = date.fromordinal(ordinal)
            if mg := period.order.mg_on(day):
                yield day, mg


def _earlier(one: date | None, other: date | None) -> date | None:
    known = [day for day in (one, other) if day is not None]
    return min(known, default=None)


def _count_pattern(days: Counter[int], pattern: tuple[int, ...], length: int) -> None:
    whole, rest = divmod(length, len(pattern))
    for place, mg in enumerate(pattern):
        days[mg] += whole + (place < rest)
