"""The adherence of one patient, interval by interval, as a line so small that it fits into a row of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dosing.rules.accountability import AccountabilityInterval
from protocol.days import round_half_up

WIDTH, HEIGHT = 120, 28
LOWEST, HIGHEST = 60, 120  # percent; what lies beyond stands at the edge
MARGIN = 4


@dataclass(frozen=True, slots=True)
class SparkPoint:
    """`percent` is None for an interval that cannot be evaluated: it stands on the ground."""

    x: float
    y: float
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Sparkline:
    """`lines`: point lists of SVG, one for each run of intervals that can be evaluated."""

    points: tuple[SparkPoint, ...]
    lines: tuple[str, ...]
    good_y: float


def sparkline(intervals: Sequence[AccountabilityInterval], good_percent: Decimal) -> Sparkline:
    """The intervals side by side, in their order, whatever their length; a line at the lower edge of good."""
    step = (WIDTH - 2 * MARGIN) / max(len(intervals) - 1, 1)
    points = tuple(
        SparkPoint(
            round(MARGIN + place * step, 1), _y(interval.percent or Fraction(0)), _shown(interval.percent)
        )
        for place, interval in enumerate(intervals)
    )
    return Sparkline(points, tuple(_runs(points)), _y(Fraction(good_percent)))


def _shown(percent: Fraction | None) -> Decimal | None:
    return None if percent is None else round_half_up(percent, 1)


def _y(percent: Fraction) -> float:
    inside = float(min(max(percent, Fraction(LOWEST)), Fraction(HIGHEST)))
    return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (inside - LOWEST) / (HIGHEST - LOWEST), 1)


def _runs(points: Sequence[SparkPoint]) -> list[str]:
    runs: list[list[str]] = [[]]
    for point in points:
        if point.percent is None:
            runs.append([])
        else:
            runs[-1].append(f"{point.x},{point.y}")
    return [" ".join(run) for run in runs if run]
