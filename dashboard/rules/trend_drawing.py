"""Where the quarters of adherence stand: a point for each, joined where quarters follow each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from dashboard.rules.drawing import BOTTOM, LEFT, RIGHT, TOP
from dashboard.rules.trend import TrendPoint

STEP_PERCENT = 10
FULL_PERCENT = 100
MOST_LABELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """A line across; of a band its lower edge."""

    y: float
    percent: int | Decimal


@dataclass(frozen=True, slots=True)
class TrendMark:
    """`y` is None for a quarter that cannot be evaluated; `shows_label`: there is room to name it."""

    x: float
    y: float | None
    point: TrendPoint
    shows_label: bool


@dataclass(frozen=True, slots=True)
class TrendDrawing:
    """`lines`: point lists of SVG, one for each run of quarters without one missing."""

    marks: tuple[TrendMark, ...]
    lines: tuple[str, ...]
    levels: tuple[Level, ...]
    bands: tuple[Level, ...]


def trend_drawing(points: Sequence[TrendPoint], bands: Iterable[Decimal]) -> TrendDrawing:
    """`bands`: edges in percent that have a line of their own. The axis holds them, 100 % and every point."""
    edges = list(bands)
    percents = [point.percent for point in points if point.percent is not None]
    low, high = _range([*percents, *map(Fraction, edges), Fraction(FULL_PERCENT)])

    def y(percent: Fraction | Decimal | int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * float((Fraction(percent) - low) / (high - low)), 1)

    slot = (RIGHT - LEFT) / max(len(points), 1)
    every = max(ceil(len(points) / MOST_LABELS), 1)
    marks = tuple(
        TrendMark(
            x=round(LEFT + slot * (place + 0.5), 1),
            y=None if point.percent is None else y(point.percent),
            point=point,
            shows_label=(len(points) - 1 - place) % every == 0,
        )
        for place, point in enumerate(points)
    )
    return TrendDrawing(
        marks=marks,
        lines=tuple(_runs(marks)),
        levels=tuple(Level(y(percent), percent) for percent in range(low, high + 1, STEP_PERCENT)),
        bands=tuple(Level(y(edge), edge) for edge in edges),
    )


def _range(percents: Sequence[Fraction]) -> tuple[int, int]:
    """Whole steps around all of them."""
    low = floor(min(percents) / STEP_PERCENT) * STEP_PERCENT
    return low, max(ceil(max(percents) / STEP_PERCENT) * STEP_PERCENT, low + STEP_PERCENT)


def _runs(marks: Iterable[TrendMark]) -> Iterable[str]:
    run: list[str] = []
    for mark in marks:
        if mark.y is None:
            if run:
                yield " ".join(run)
            run = []
        else:
            run.append(f"{mark.x},{mark.y}")
    if run:
        yield " ".join(run)
