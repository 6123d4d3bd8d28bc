"""What the study wants to see of a dose history: low and high doses, long holds, overuse.

Findings of a day, no verdicts: who looked at a flag and what came of it is recorded elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from dosing.rules.accountability import AccountabilityInterval
from dosing.rules.orders import DosePeriod
from protocol.codes import FlagCode
from protocol.days import round_half_up
from protocol.definition import Regimen

FlagKey = tuple[str, date, Decimal]  # code, first day, mean dose (0 of a hold)
_HOLD_MG = Decimal("0.0")


@dataclass(frozen=True, slots=True)
class DoseFlag:
    """First and last day of the order, hold or interval; `to_on` is None while it is still open."""

    code: FlagCode
    from_on: date
    to_on: date | None
    mean_daily_mg: Fraction | None = None  # only where a dose is flagged

    @property
    def key(self) -> FlagKey:
        """What an acknowledgement speaks of: another mean dose makes another flag."""
        mean = self.mean_daily_mg
        return self.code.value, self.from_on, _HOLD_MG if mean is None else round_half_up(mean, 1)


@dataclass(frozen=True, slots=True)
class Hold:
    """Adjoining hold orders as one hold: the hold day is in, the day of resuming out."""

    from_on: date
    to_on: date | None

    def days(self, on: date) -> int:
        """Its length, counted to `on` inclusive while it is still open."""
        return ((self.to_on or on) - self.from_on).days + 1


def holds(periods: Sequence[DosePeriod]) -> tuple[Hold, ...]:
    """The holds of a course, in order; periods adjoin by construction."""
    runs = (
        list(run) for is_hold, run in groupby(periods, key=lambda period: period.order.is_hold) if is_hold
    )
    return tuple(Hold(run[0].from_on, run[-1].to_on) for run in runs)


def hold_days(periods: Sequence[DosePeriod], on: date) -> int:
    """All days on hold up to and including `on`: what the protocol's total limit looks at."""
    return sum(hold.days(on) for hold in holds(_begun(periods, on)))


def dose_flags(
    periods: Sequence[DosePeriod],
    intervals: Sequence[AccountabilityInterval],
    on: date,
    regimen: Regimen,
    overuse_percent: Decimal,
) -> tuple[DoseFlag, ...]:
    """Every flag of a dose history as it is on a day, ordered by first day and code.

    A mean daily dose under the minimum (a hold is none) or over the plan; a hold longer than the alert and
    than the limit; an evaluable interval at or over `overuse_percent` before any rounding.
    """
    begun = _begun(periods, on)
    flags = [*_flagged_doses(begun, regimen), *_long_holds(begun, on, regimen)]
    flags += [
        DoseFlag(FlagCode.OVERUSE, interval.from_on, interval.to_on)
        for interval in intervals
        if interval.percent is not None and interval.percent >= Fraction(overuse_percent)
    ]
    return tuple(sorted(flags, key=lambda flag: (flag.from_on, flag.code)))


def dose_flag_code(mean_daily_mg: Fraction, regimen: Regimen) -> FlagCode | None:
    """The flag of a mean daily dose, also of one not ordered yet; None for a dose in range and for a hold."""
    if 0 < mean_daily_mg < regimen.minimum_dose_mg:
        return FlagCode.DOSE_BELOW_300
    if mean_daily_mg > regimen.planned_dose_mg:
        return FlagCode.DOSE_ABOVE_PLAN
    return None


def _flagged_doses(periods: Sequence[DosePeriod], regimen: Regimen) -> Iterator[DoseFlag]:
    for period in periods:
        mean_daily_mg = period.order.mean_daily_mg
        code = dose_flag_code(mean_daily_mg, regimen)
        if code is not None:
            yield DoseFlag(code, period.from_on, period.to_on, mean_daily_mg)


def _long_holds(periods: Sequence[DosePeriod], on: date, regimen: Regimen) -> Iterator[DoseFlag]:
    limits = (
        (FlagCode.HOLD_OVER_28_DAYS, regimen.hold_alert_days),
        (FlagCode.HOLD_OVER_90_DAYS, regimen.hold_limit_days),
    )
    for hold in holds(periods):
        for code, limit in limits:
            if hold.days(on) > limit:
                yield DoseFlag(code, hold.from_on, hold.to_on)


def _begun(periods: Sequence[DosePeriod], on: date) -> list[DosePeriod]:
    """The periods known on a day: those begun, and without an end that is still to come."""
    return [
        DosePeriod(
            period.order, period.from_on, period.to_on if period.to_on and period.to_on <= on else None
        )
        for period in periods
        if period.from_on <= on
    ]
