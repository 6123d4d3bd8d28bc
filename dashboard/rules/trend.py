"""Adherence over time: the intervals between dispensings that began in the same quarter, pooled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Self

QUARTERS_A_YEAR = 4
MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int  # 1 … 4

    @classmethod
    def parsed(cls, key: str) -> Self:
        """ "2026Q1"."""
        year, number = key.split("Q")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month - 1) // MONTHS_A_QUARTER + 1)

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year + self.number // QUARTERS_A_YEAR, self.number % QUARTERS_A_YEAR + 1)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One quarter; `percent` is None where no interval that began in it can be evaluated."""

    quarter: Quarter
    consumed_mg: int
    expected_mg: int
    intervals: int
    not_evaluable: int

    @property
    def percent(self) -> Fraction | None:
        return Fraction(100 * self.consumed_mg, self.expected_mg) if self.expected_mg else None


def trend(
    consumed_mg: Mapping[str, int],
    expected_mg: Mapping[str, int],
    intervals: Mapping[str, int],
    not_evaluable: Mapping[str, int],
) -> tuple[TrendPoint, ...]:
    """Every quarter from the first to the last with an interval, those without one between them included."""
    keys = [key for counts in (intervals, not_evaluable) for key, count in counts.items() if count]
    if not keys:
        return ()
    quarter, last = min(map(Quarter.parsed, keys)), max(map(Quarter.parsed, keys))
    points = []
    while quarter <= last:
        key = f"{quarter.year}Q{quarter.number}"
        counts = (part.get(key, 0) for part in (consumed_mg, expected_mg, intervals, not_evaluable))
        points.append(TrendPoint(quarter, *counts))
        quarter = quarter.following
    return tuple(points)


def pooled_percent(points: Sequence[TrendPoint]) -> Fraction | None:
    """Of several quarters together: Σ consumed / Σ expected."""
    expected = sum(point.expected_mg for point in points)
    return Fraction(100 * sum(point.consumed_mg for point in points), expected) if expected else None
