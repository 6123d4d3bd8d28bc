"""The swimmer plot: courses under each other from a common first dose, in the visual language of the course picture.

Units are those of the drawing (its `viewBox`). Each lane has its own scale from its first dose to its planned end,
so that the months of all lanes stand above each other; what happened later stands at the right edge.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from courses.rules.picture import OutcomePoint, dose_level
from courses.rules.picture_scale import PLOT_LEFT, PLOT_RIGHT, TICK_MONTHS, Scale, Tick
from dosing.rules.orders import DosePeriod
from protocol.days import ONE_DAY, planned_end_on, round_half_up
from protocol.definition import Regimen

WIDTH = 1200
TOP = 40
LANE_HEIGHT = 26
BAR_HEIGHT = 12
AXIS_HEIGHT = 24
MARK_WIDTH = 13


@dataclass(frozen=True, slots=True)
class SevereEvent:
    term: str
    grade: int
    started_on: date


@dataclass(frozen=True, slots=True)
class SwimmerFacts:
    """One course; everything dated after the day drawn has already been left out.

    `outcomes`: RECURRENCE, DEATH, STOP and IP_START as in the course picture. `until`: the last day of the bar.
    """

    uuid: UUID
    subject_id: str
    first_dose_on: date
    enrolled_on: date | None
    periods: Sequence[DosePeriod]
    until: date
    is_ongoing: bool
    events: Sequence[SevereEvent] = ()
    outcomes: Sequence[OutcomePoint] = ()
    stop_reason: str = ""


@dataclass(frozen=True, slots=True)
class LaneBar:
    """`level` as in the course picture: full, reduced, below, above or hold."""

    x: float
    width: float
    level: str
    is_striped: bool
    pattern_mg: tuple[int, ...]
    mean_daily_mg: Decimal
    from_on: date
    to_on: date

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class EventTick:
    x: float
    event: SevereEvent


@dataclass(frozen=True, slots=True)
class LaneMark:
    """`is_beyond`: later than the axis goes."""

    x: float
    kind: str
    on: date
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """`y`: the middle. `arrow_x`: where the arrow of a treatment that goes on begins, None of one that does not."""

    y: int
    facts: SwimmerFacts
    before_width: float
    bars: tuple[LaneBar, ...]
    ticks: tuple[EventTick, ...]
    marks: tuple[LaneMark, ...]
    arrow_x: float | None

    @property
    def top(self) -> int:
        """Of the bar."""
        return self.y - BAR_HEIGHT // 2

    @property
    def ground_y(self) -> int:
        """Of the whole lane, which is what one points at."""
        return self.y - LANE_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Swimmer:
    width: int
    height: int
    left: int
    right: int
    axis_y: int
    boundary_x: float
    boundary_months: int
    lanes: tuple[Lane, ...]
    months: tuple[Tick, ...]


def swimmer(courses: Sequence[SwimmerFacts], regimen: Regimen) -> Swimmer:
    """The lanes in the order of the courses; `regimen` says how long the axis is and where the doses change."""
    axis_y = TOP + LANE_HEIGHT * len(courses)
    months = regimen.total_months
    return Swimmer(
        width=WIDTH,
        height=axis_y + AXIS_HEIGHT,
        left=PLOT_LEFT,
        right=PLOT_RIGHT,
        axis_y=axis_y,
        boundary_x=_month_x(regimen.standard_months, months),
        boundary_months=regimen.standard_months,
        lanes=tuple(_lane(facts, place, regimen) for place, facts in enumerate(courses)),
        months=tuple(Tick(_month_x(month, months), month) for month in range(0, months + 1, TICK_MONTHS)),
    )


def _month_x(month: int, months: int) -> float:
    return round(PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * month / months, 1)


def _lane(facts: SwimmerFacts, place: int, regimen: Regimen) -> Lane:
    scale = Scale(facts.first_dose_on, planned_end_on(facts.first_dose_on, regimen))
    bars = tuple(_bars(facts, scale, regimen))
    end_x = bars[-1].x + bars[-1].width if bars else PLOT_LEFT
    return Lane(
        y=TOP + LANE_HEIGHT * place + LANE_HEIGHT // 2,
        facts=facts,
        before_width=_before_width(facts, scale),
        bars=bars,
        ticks=tuple(EventTick(scale.x(event.started_on), event) for event in facts.events),
        marks=tuple(_marks(facts.outcomes, scale)),
        arrow_x=round(end_x, 1) if facts.is_ongoing else None,
    )


def _bars(facts: SwimmerFacts, scale: Scale, regimen: Regimen) -> Iterator[LaneBar]:
    """One for each order, up to the last day of the course; what was ordered after the planned end is not drawn."""
    for period in facts.periods:
        span = period.span(facts.first_dose_on, min(facts.until, scale.to_on))
        if span is None:
            continue
        mean_daily_mg = round_half_up(period.order.mean_daily_mg, 1)
        yield LaneBar(
            x=scale.x(span[0]),
            width=scale.width(*span),
            level=dose_level(mean_daily_mg, regimen),
            is_striped=len(set(period.order.pattern_mg)) > 1,
            pattern_mg=period.order.pattern_mg,
            mean_daily_mg=mean_daily_mg,
            from_on=span[0],
            to_on=span[1],
        )


def _before_width(facts: SwimmerFacts, scale: Scale) -> float:
    if facts.enrolled_on is None or facts.enrolled_on <= facts.first_dose_on:
        return 0.0
    return scale.width(facts.first_dose_on, min(facts.enrolled_on - ONE_DAY, scale.to_on))


def _marks(points: Iterable[OutcomePoint], scale: Scale) -> Iterator[LaneMark]:
    """The latest where it was, an earlier one left of it rather than under it; the first study drug on its day."""
    free = float(PLOT_RIGHT)
    for point in sorted(points, key=lambda point: (point.on, point.kind), reverse=True):
        x = scale.x(point.on)
        if point.kind != "IP_START":
            x = round(min(x, free), 1)
            free = x - MARK_WIDTH
        yield LaneMark(x, point.kind, point.on, point.on > scale.to_on)
