"""Where the visits of each month stand: bars stacked by what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.rules.drawing import LEFT, RIGHT, CountTick, YearTick, count_ticks, y_of
from dashboard.rules.months import PASSED, MonthOfVisits
from protocol.codes import VisitStatus

GAP_SHARE = 0.15
JANUARY = 1


@dataclass(frozen=True, slots=True)
class StackedPart:
    y: float
    height: float
    status: VisitStatus


@dataclass(frozen=True, slots=True)
class StackedBar:
    x: float
    width: float
    month: MonthOfVisits
    parts: tuple[StackedPart, ...]


@dataclass(frozen=True, slots=True)
class StackedBars:
    bars: tuple[StackedBar, ...]
    ticks: tuple[CountTick, ...]
    years: tuple[YearTick, ...]


def stacked_bars(months: Sequence[MonthOfVisits]) -> StackedBars:
    ticks = count_ticks(max((month.visits for month in months), default=0))
    slot = (RIGHT - LEFT) / max(len(months), 1)
    bars = tuple(
        StackedBar(
            x=round(LEFT + slot * (place + GAP_SHARE / 2), 1),
            width=round(slot * (1 - GAP_SHARE), 1),
            month=month,
            parts=_parts(month, ticks[-1].count),
        )
        for place, month in enumerate(months)
    )
    years = tuple(YearTick(bar.x, bar.month.month.year) for bar in bars if _begins_year(bar.month.month))
    return StackedBars(bars, ticks, years)


def _begins_year(month: date) -> bool:
    return month.month == JANUARY


def _parts(month: MonthOfVisits, top: int) -> tuple[StackedPart, ...]:
    parts, below = [], 0
    for status, count in zip(PASSED, month.counts, strict=True):
        if count:
            upper = y_of(below + count, top)
            parts.append(StackedPart(upper, round(y_of(below, top) - upper, 1), status))
        below += count
    return tuple(parts)
