"""How far the supply reaches: proportion of days covered, possession ratio.

Supply is counted in mg and carried forward: tablets left over are used later (Vollmer 2012; CMA7 in the R
package AdhereR). On an ordered day off or hold nothing is used. Percentages are exact fractions.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from dosing.rules.kits import KitFacts
from dosing.rules.orders import DoseOrderFacts, DosePeriod, dosing_days, order_on
from protocol.days import ONE_DAY, days_between


@dataclass(frozen=True, slots=True)
class Coverage:
    """Days of a window, those with a dose ordered, and those of them for which there were tablets."""

    days: int
    dosing_days: int
    covered_days: int

    @property
    def prescribed_percent(self) -> Fraction | None:
        """Covered per 100 dosing days: a hold counts neither way. None without a dosing day."""
        return Fraction(100 * self.covered_days, self.dosing_days) if self.dosing_days else None

    @property
    def calendar_percent(self) -> Fraction:
        """Covered per 100 calendar days: a hold counts as not covered."""
        return Fraction(100 * self.covered_days, self.days)


def coverage(
    periods: Sequence[DosePeriod], kits: Sequence[KitFacts], until: date, from_on: date | None = None
) -> Coverage | None:
    """Walk from the first dispensing to `until`; count from `from_on`, or from the first dispensing.

    A dispensing is there before the dose of its day. A dosing day is covered if the supply is at least its
    mg and then uses them; otherwise it uses nothing. None when the window has no day.
    """
    fills: Counter[date] = Counter()
    for kit in kits:
        fills[kit.dispensed_on] += kit.mg
    start = from_on or min(fills, default=None)
    if start is None or start > until:
        return None
    runs = _covered_runs(periods, fills, start, until)
    return Coverage(
        days=days_between(start, until),
        dosing_days=dosing_days(periods, start, until),
        covered_days=sum(covered for first, covered in runs if first >= start),
    )


def prescribed_pdc(
    periods: Sequence[DosePeriod], kits: Sequence[KitFacts], until: date, from_on: date | None = None
) -> Fraction | None:
    """PDC over the dosing days, in percent; None without one. Window as in `coverage`."""
    found = coverage(periods, kits, until, from_on)
    return found.prescribed_percent if found else None


def calendar_pdc(
    periods: Sequence[DosePeriod], kits: Sequence[KitFacts], until: date, from_on: date | None = None
) -> Fraction | None:
    """PDC over all days of the window, in percent; None without one. Window as in `coverage`."""
    found = coverage(periods, kits, until, from_on)
    return found.calendar_percent if found else None


def mpr(
    orders: Sequence[DoseOrderFacts],
    kits: Sequence[KitFacts],
    from_on: date,
    until: date,
    planned_dose_mg: int,
) -> Fraction:
    """Medication possession ratio: 100 × Σ days' supply dispensed in the window / its days; uncapped.

    A kit supplies its mg over the mean daily dose ordered on its day, or over the planned dose on a hold.
    """
    supplied = Fraction(0)
    for kit in kits:
        if from_on <= kit.dispensed_on <= until:
            order = order_on(orders, kit.dispensed_on)
            daily_mg = (order.mean_daily_mg if order else Fraction(0)) or Fraction(planned_dose_mg)
            supplied += kit.mg / daily_mg
    return 100 * supplied / days_between(from_on, until)


def _covered_runs(
    periods: Sequence[DosePeriod], fills: Counter[date], start: date, until: date
) -> Iterator[tuple[date, int]]:
    """Runs of days without a new order or supply: the first day and how many of them are covered."""
    cuts = sorted({start, *fills})
    waiting = sorted(fills, reverse=True)
    supply = 0
    for period in periods:
        span = period.span(cuts[0], until)
        if span is None or period.order.is_hold:
            continue
        inner = (cut for cut in cuts if span[0] < cut <= span[1])
        for first, end in pairwise([span[0], *inner, span[1] + ONE_DAY]):
            while waiting and waiting[-1] <= first:
                supply += fills[waiting.pop()]
            covered, supply = _draw(period.order.pattern_from(first), (end - first).days, supply)
            yield first, covered


def _draw(pattern: tuple[int, ...], days: int, supply: int) -> tuple[int, int]:
    """Covered days and the supply left after `days` of a pattern that begins on the first of them."""
    cycle_mg, least_mg = sum(pattern), min(mg for mg in pattern if mg)
    cycles = min(days // len(pattern), supply // cycle_mg)
    covered = cycles * sum(1 for mg in pattern if mg)
    supply -= cycles * cycle_mg
    for day in range(cycles * len(pattern), days):
        if supply < least_mg:
            break
        mg = pattern[day % len(pattern)]
        if 0 < mg <= supply:
            covered += 1
            supply -= mg
    return covered, supply
