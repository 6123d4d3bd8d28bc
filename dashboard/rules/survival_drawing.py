"""Where everything of a survival curve stands; as wide as the other drawings of the dashboard."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from dashboard.rules.kaplan_meier import SurvivalCurve

DAYS_A_MONTH = 365.25 / 12
MONTHS_A_YEAR = 12
LEFT, RIGHT, TOP, BOTTOM = 44, 588, 12, 190
WIDTH, HEIGHT = 600, 262
PERCENTS = (0, 25, 50, 75, 100)
MOST_CENSORINGS = 150  # with more, their ticks would be a black bar

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PercentTick:
    y: float
    percent: int


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A place of the axis and a row of the table. `survival` and its limits are shares of 1: None once nobody is
    under observation any more, the limits also where the curve is 0."""

    x: float
    month: int
    at_risk: int
    events: int
    survival: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class CensorTick:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class GapSpan:
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Axis:
    """Days onto the width of the plot."""

    months: int

    def x(self, day: float) -> float:
        days = self.months * DAYS_A_MONTH
        return round(LEFT + (RIGHT - LEFT) * min(day, days) / days, 1)


@dataclass(frozen=True, slots=True)
class SurvivalDrawing:
    """`line` and `band` are point lists of SVG, empty for a curve of nobody."""

    line: str
    band: str
    censored: tuple[CensorTick, ...]
    gaps: tuple[GapSpan, ...]
    percents: tuple[PercentTick, ...]
    years: tuple[YearColumn, ...]


def survival_drawing(curve: SurvivalCurve, months: int) -> SurvivalDrawing:
    """The curve over at least so many months, in whole years; it ends where the last patient left."""
    years = max(ceil(max(months, curve.last_day / DAYS_A_MONTH) / MONTHS_A_YEAR), 1)
    axis = Axis(years * MONTHS_A_YEAR)
    return SurvivalDrawing(
        line=_points(_stairs([(axis.x(step.day), _y(step.survival)) for step in curve.steps])),
        band=_band(curve, axis),
        censored=_censored(curve, axis),
        gaps=tuple(_gap(axis.x(gap.from_day - 1), axis.x(gap.to_day)) for gap in curve.gaps),
        percents=tuple(PercentTick(_y(percent / 100), percent) for percent in PERCENTS),
        years=tuple(_column(curve, axis, year * MONTHS_A_YEAR) for year in range(years + 1)),
    )


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def _gap(left: float, right: float) -> GapSpan:
    return GapSpan(left, round(right - left, 1))


def _stairs(places: Iterable[Point]) -> list[Point]:
    """From 1 on day 0: level to each day, then down; what falls on one spot is drawn once."""
    corners: list[Point] = [(float(LEFT), _y(1))]
    for x, y in places:
        for corner in ((x, corners[-1][1]), (x, y)):
            if corner != corners[-1]:
                corners.append(corner)
    return corners


def _points(corners: Iterable[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in corners)


def _band(curve: SurvivalCurve, axis: Axis) -> str:
    """Along the upper limit and back along the lower one, as far as both are defined."""
    known = [
        (axis.x(s.day), s.lower, s.upper) for s in curve.steps if s.lower is not None and s.upper is not None
    ]
    if not known:
        return ""
    upper = _stairs([(x, _y(high)) for x, _low, high in known])
    lower = _stairs([(x, _y(low)) for x, low, _high in known])
    return _points([*upper, *reversed(lower)])


def _censored(curve: SurvivalCurve, axis: Axis) -> tuple[CensorTick, ...]:
    places = dict.fromkeys((axis.x(step.day), _y(step.survival)) for step in curve.steps if step.censored)
    every = max(ceil(len(places) / MOST_CENSORINGS), 1)
    return tuple(CensorTick(x, y) for x, y in list(places)[::every])


def _column(curve: SurvivalCurve, axis: Axis, month: int) -> YearColumn:
    day = round(month * DAYS_A_MONTH)
    step, at_risk = curve.on(day), curve.at_risk(day)
    is_known = at_risk > 0 or day <= curve.last_day
    events = sum(step.events for step in curve.steps if step.day <= day)
    if not is_known or not curve.patients:
        return YearColumn(axis.x(day), month, at_risk, events, None, None, None)
    if step is None:
        return YearColumn(axis.x(day), month, at_risk, events, 1.0, 1.0, 1.0)
    return YearColumn(axis.x(day), month, at_risk, events, step.survival, step.lower, step.upper)
