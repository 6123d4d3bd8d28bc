"""Where everything of a dashboard chart stands: whole numbers of a fixed canvas, the page only writes them down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

WIDTH, HEIGHT = 600, 190
LEFT, RIGHT, TOP, BOTTOM = 36, 592, 14, 160
BAR_GAP = 3
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class CountTick:
    y: float
    count: int


@dataclass(frozen=True, slots=True)
class YearTick:
    x: float
    year: int


def count_ticks(highest: int) -> tuple[CountTick, ...]:
    """Round numbers from 0 to at least `highest`, at most so many that they can be read."""
    step = _round_step(highest)
    top = max(ceil(highest / step), 1) * step
    return tuple(CountTick(y_of(count, top), count) for count in range(0, top + 1, step))


def bars(counts: Sequence[int]) -> tuple[Bar, ...]:
    """A bar for each count, side by side over the whole width, on the axis of `count_ticks`."""
    top = count_ticks(max(counts, default=0))[-1].count
    slot = (RIGHT - LEFT) / max(len(counts), 1)
    return tuple(
        Bar(
            round(LEFT + place * slot, 1),
            y_of(count, top),
            round(slot - BAR_GAP, 1),
            BOTTOM - y_of(count, top),
        )
        for place, count in enumerate(counts)
    )


@dataclass(frozen=True, slots=True)
class StepLine:
    """A cumulative count over time and the level it is to reach."""

    points: str
    end_x: float
    end_y: float
    goal_y: float
    counts: tuple[CountTick, ...]
    years: tuple[YearTick, ...]


def step_line(increments: Sequence[tuple[date, int]], from_on: date, to_on: date, goal: int) -> StepLine:
    """`increments`: (day, how many more), in order of days; the line runs on to `to_on`."""
    total = sum(more for _, more in increments)
    counts = count_ticks(max(total, goal))
    top = counts[-1].count
    corners, reached = [(_x(from_on, from_on, to_on), y_of(0, top))], 0
    for day, more in increments:
        x = _x(day, from_on, to_on)
        corners.append((x, y_of(reached, top)))
        reached += more
        corners.append((x, y_of(reached, top)))
    end = (_x(to_on, from_on, to_on), y_of(reached, top))
    return StepLine(
        points=" ".join(f"{x},{y}" for x, y in [*corners, end]),
        end_x=end[0],
        end_y=end[1],
        goal_y=y_of(goal, top),
        counts=counts,
        years=tuple(
            YearTick(_x(date(year, 1, 1), from_on, to_on), year)
            for year in range(from_on.year + 1, to_on.year + 1)
        ),
    )


def _round_step(highest: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that needs no more than the most ticks."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= factor * power * MOST_TICKS:
                return factor * power
        power *= 10


def y_of(count: int, top: int) -> float:
    """Where a count stands on an axis that ends at `top`."""
    return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)


def _x(day: date, from_on: date, to_on: date) -> float:
    whole = max((to_on - from_on).days, 1)
    return round(LEFT + (RIGHT - LEFT) * min(max((day - from_on).days, 0), whole) / whole, 1)
