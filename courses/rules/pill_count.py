"""Dose intensity by pill count: the tablets nobody saw again, against what the protocol planned for the same days."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from dosing.rules.accountability import AccountabilityInterval
from protocol.days import days_between


def rdi_by_pill_count(intervals: Sequence[AccountabilityInterval], planned_dose_mg: int) -> Fraction | None:
    """100 × Σ consumed mg / Σ (planned mg a day × days) of the evaluable intervals; None without one.

    Holds count against it, as in the dose intensity from orders; days outside evaluable intervals do not count.
    """
    evaluable = [interval for interval in intervals if interval.evaluable]
    consumed = sum(interval.consumed_mg or 0 for interval in evaluable)
    planned = sum(planned_dose_mg * days_between(interval.from_on, interval.to_on) for interval in evaluable)
    return Fraction(100 * consumed, planned) if planned else None


def intervals_begun(
    intervals: Sequence[AccountabilityInterval], from_on: date, until: date
) -> tuple[AccountabilityInterval, ...]:
    """The intervals whose first day lies between two days: one over the boundary belongs to the part it began in."""
    return tuple(interval for interval in intervals if from_on <= interval.from_on <= until)
