"""Tablet accountability: from what went out and came back, how much the patient used between two dispensings.

Consumed = carried in + dispensed − returned − lost − kept, against what the orders of the same days required
(NIHMS293825, table 1); counted per strength, pooled in mg, never capped: more than 100 % is a finding. A
missing return is not evaluable, and never read as "all taken".
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dosing.rules.kits import KitFacts, KitReturnFacts, Returns, kits_by_day, returns_by_kit, tablets_kept
from dosing.rules.orders import DosePeriod, days_by_dose
from dosing.rules.tablets import tablets_over
from protocol.days import ONE_DAY

__all__ = [
    "AccountabilityInterval",
    "KitFacts",
    "KitReturnFacts",
    "StrengthCount",
    "accountability_intervals",
    "pill_count_percent",
    "strength_counts",
]


@dataclass(frozen=True, slots=True)
class StrengthCount:
    """The tablets of one strength in one interval; `tablets_accounted` = returned, lost and kept."""

    strength_mg: int
    kit_ids: tuple[str, ...]
    tablets_carried_in: int
    tablets_dispensed: int
    tablets_accounted: int
    expected_tablets: Fraction

    @property
    def tablets_out(self) -> int:
        return self.tablets_carried_in + self.tablets_dispensed

    @property
    def tablets_consumed(self) -> int:
        """Tablets that nobody saw again; an upper bound while a return is missing."""
        return self.tablets_out - self.tablets_accounted

    @property
    def percent(self) -> Fraction | None:
        """100 × consumed / expected of this strength alone; None where the orders needed none of it."""
        return 100 * self.tablets_consumed / self.expected_tablets if self.expected_tablets else None


@dataclass(frozen=True, slots=True)
class AccountabilityInterval:
    """From a dispensing day to the day before the next, or to the last dose."""

    from_on: date
    to_on: date
    expected_mg: int
    all_returned: bool
    per_strength: tuple[StrengthCount, ...]

    @property
    def kit_ids(self) -> tuple[str, ...]:
        return tuple(kit_id for count in self.per_strength for kit_id in count.kit_ids)

    @property
    def evaluable(self) -> bool:
        return self.all_returned and self.expected_mg > 0

    @property
    def consumed_mg(self) -> int | None:
        """Tablets consumed × strength; None while a return is missing."""
        return self._unseen_mg if self.all_returned else None

    @property
    def percent(self) -> Fraction | None:
        """100 × consumed / expected mg, uncapped; None where not evaluable."""
        return Fraction(100 * self._unseen_mg, self.expected_mg) if self.evaluable else None

    @property
    def bounds_percent(self) -> tuple[Fraction, Fraction] | None:
        """Lowest and highest possible percentage, the same when evaluable; None if nothing was expected."""
        if self.expected_mg == 0:
            return None
        if self.percent is not None:
            return self.percent, self.percent
        return Fraction(0), Fraction(100 * min(self._unseen_mg, self.expected_mg), self.expected_mg)

    @property
    def _unseen_mg(self) -> int:
        return sum(count.tablets_consumed * count.strength_mg for count in self.per_strength)


def accountability_intervals(
    kits: Sequence[KitFacts],
    returns: Sequence[KitReturnFacts],
    periods: Sequence[DosePeriod],
    last_dose_on: date | None,
) -> tuple[AccountabilityInterval, ...]:
    """The closed intervals: bounded by the dispensing days, the last one by the last dose (that day inside).

    While treatment goes on the last interval is open and left out. What was dispensed after the last dose
    has an interval without a day: nothing expected, not evaluable.
    """
    groups = kits_by_day(kits)
    ends = [day - ONE_DAY for day in list(groups)[1:]] + [last_dose_on]
    by_kit = returns_by_kit(returns)
    intervals = []
    carried: Counter[int] = Counter()
    for (from_on, group), to_on in zip(groups.items(), ends, strict=False):
        if to_on is not None:
            doses = days_by_dose(periods, from_on, to_on)
            intervals.append(
                AccountabilityInterval(
                    from_on=from_on,
                    to_on=to_on,
                    expected_mg=sum(mg * days for mg, days in doses.items()),
                    all_returned=all(kit.kit_id in by_kit for kit in group),
                    per_strength=strength_counts(group, by_kit, carried, doses),
                )
            )
        carried = tablets_kept(group, by_kit)
    return tuple(intervals)


def pill_count_percent(intervals: Sequence[AccountabilityInterval]) -> Fraction | None:
    """Adherence by pill count: 100 × Σ consumed / Σ expected mg of the evaluable intervals, or None."""
    evaluable = [interval for interval in intervals if interval.evaluable]
    consumed = sum(interval.consumed_mg or 0 for interval in evaluable)
    expected = sum(interval.expected_mg for interval in evaluable)
    return Fraction(100 * consumed, expected) if evaluable else None


def strength_counts(
    kits: Sequence[KitFacts], returns: Returns, carried_in: Mapping[int, int], doses: Counter[int]
) -> tuple[StrengthCount, ...]:
    """The count of each strength among the kits of one interval and what was carried into it."""
    brought = {strength for strength, tablets in carried_in.items() if tablets}
    strengths = sorted({kit.strength_mg for kit in kits} | brought)
    expected = tablets_over(doses, strengths)
    return tuple(
        _strength_count(
            strength,
            [kit for kit in kits if kit.strength_mg == strength],
            returns,
            carried_in.get(strength, 0),
            expected.get(strength, Fraction(0)),
        )
        for strength in strengths
    )


def _strength_count(
    strength_mg: int, kits: Sequence[KitFacts], returns: Returns, carried_in: int, expected: Fraction
) -> StrengthCount:
    counted = [returns[kit.kit_id] for kit in kits if kit.kit_id in returns]
    return StrengthCount(
        strength_mg=strength_mg,
        kit_ids=tuple(kit.kit_id for kit in kits),
        tablets_carried_in=carried_in,
        tablets_dispensed=sum(kit.tablets for kit in kits),
        tablets_accounted=sum(kit_return.tablets_accounted for kit_return in counted),
        expected_tablets=expected,
    )
