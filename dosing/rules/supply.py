"""How far the supply reaches: proportion of days covered, possession ratio, the day on which the tablets run out.

Supply is counted in mg and carried forward: tablets left over are used later (PDC with carry-over, as CMA7 of
AdhereR, Dima & Dediu 2017). On an ordered day off or hold nothing is used.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from dosing.rules.kits import KitFacts
from dosing.rules.orders import ONE_DAY, DoseOrderFacts, DosePeriod, dosing_days, order_on


@dataclass(frozen=True, slots=True)
class Coverage:
    """Days of a window, those with a dose ordered, and those of them for which there were tablets."""

    days: int
    dosing_days: int
    covered_days: int

    @property
    def prescribed_percent(self) -> Fraction | None:
        """Covered per 100 dosing days: holds count neither way. None without a dosing day."""
        return Fraction(100 * self.covered_days, self.dosing_days) if self.dosing_days else None

    @property
    def calendar_percent(self) -> Fraction:
        """Covered per 100 calendar days: a hold counts as not covered."""
        return Fraction(100 * self.covered_days, self.days)


def coverage(
    periods: Sequence[DosePeriod], kits: Sequence[KitFacts], until: date, from_on: date | None = None
) -> Coverage | None:
    """Walk from the first dispensing to `until` and count the days from `from_on` (None: from the first dispensing).

    A dispensing is there before the dose of its day. A dosing day is covered if the supply is at least its mg, and
    then uses them; otherwise it uses nothing. None when the window has no day.
    """
    fills: Counter[date] = Counter()
    for kit in kits:
        fills[kit.dispensed_on] += kit.mg
    start = from_on or min(fills, default=None)
    if start is None or start > until:
        return None
    covered = sum(
        days for day, days in _covered_runs(periods, fills, min([start, *fills]), start, until) if day >= start
    )
    return Coverage((until - start).days + 1, dosing_days(periods, start, until), covered)


def prescribed_pdc(
    periods: Sequence[DosePeriod], kits: Sequence[KitFacts], until: date, from_on: date | None = None
) -> Fraction | None:
    """Prescribed PDC in percent, uncapped by construction at 100; None without a dosing day."""
    found = coverage(periods, kits, until, from_on)
    return found.prescribed_percent if found else None


def calendar_pdc(
    periods: Sequence[DosePeriod], kits: Sequence[KitFacts], until: date, from_on: date | None = None
) -> Fraction | None:
    """Calendar PDC in percent: every day of the window in the denominator; None without a day."""
    found = coverage(periods, kits, until, from_on)
    return found.calendar_percent if found else None


def mpr_percent(
    orders: Sequence[DoseOrderFacts],
    kits: Sequence[KitFacts],
    from_on: date,
    until: date,
    planned_dose_mg: int,
) -> Fraction:
    """Medication possession ratio: 100 × Σ days' supply dispensed in the window / its days, uncapped.

    A kit supplies its mg over the mean daily dose ordered on its day; without one, over the planned dose.
    """
    supplied = sum(
        (kit.mg / _daily_mg(orders, kit.dispensed_on, planned_dose_mg) for kit in kits if from_on <= kit.dispensed_on <= until),
        Fraction(0),
    )
    return 100 * supplied / ((until - from_on).days + 1)


def run_out_on(periods: Sequence[DosePeriod], supply_mg: int, from_on: date) -> date | None:
    """The first dosing day, from `from_on` on, that a supply in hand no longer covers; None if it lasts.

    The supply is what the patient has on the morning of `from_on` (`kits.tablets_in_hand` on a dispensing day).
    """
    supply = supply_mg
    for period in periods:
        enough = from_on + timedelta(days=_days_to_use_up(period.order, supply))
        span = period.span(from_on, max(enough, period.from_on + (enough - from_on)))
        if span is None:
            continue
        pattern = period.order.pattern_from(span[0])
        days = (span[1] - span[0]).days + 1
        first_short = _first_short(pattern, days, supply)
        if first_short is not None:
            return span[0] + timedelta(days=first_short)
        supply -= _used(pattern, days, supply)[1]
    return None
