"""Days to places: the time axis that every track of the picture shares."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from protocol.days import add_months, days_between

PLOT_LEFT = 92
PLOT_RIGHT = 1184
TICK_MONTHS = 6
YEAR_WIDTH = 30


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps the days `from_on` … `to_on`, both inside, onto the width of the plot."""

    from_on: date
    to_on: date

    @property
    def per_day(self) -> float:
        return (PLOT_RIGHT - PLOT_LEFT) / max(days_between(self.from_on, self.to_on), 1)

    def x(self, day: date) -> float:
        """Where a day begins; a day outside the axis stands at its end."""
        elapsed = (min(max(day, self.from_on), self.to_on) - self.from_on).days
        return round(PLOT_LEFT + elapsed * self.per_day, 1)

    def width(self, from_on: date, to_on: date) -> float:
        """How wide the days of a span are, both inside; at least a hair, so that one day is seen."""
        return max(round(days_between(max(from_on, self.from_on), to_on) * self.per_day, 1), 1.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """`number`: months since the first dose, or a calendar year."""

    x: float
    number: int


def month_ticks(first_dose_on: date, scale: Scale) -> tuple[Tick, ...]:
    """Every half year of treatment."""
    return tuple(_month_ticks(first_dose_on, scale))


def year_ticks(scale: Scale) -> tuple[Tick, ...]:
    """Every New Year's Day on the axis with room for its number before the axis ends."""
    years = range(scale.from_on.year + 1, scale.to_on.year + 1)
    ticks = (Tick(scale.x(date(year, 1, 1)), year) for year in years)
    return tuple(tick for tick in ticks if tick.x + YEAR_WIDTH <= PLOT_RIGHT)


def _month_ticks(first_dose_on: date, scale: Scale) -> Iterator[Tick]:
    months = 0
    while (day := add_months(first_dose_on, months)) <= scale.to_on:
        yield Tick(scale.x(day), months)
        months += TICK_MONTHS
