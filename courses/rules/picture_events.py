"""Adverse events of the picture: bars as thick as their grade, packed into as few lanes as their labels allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from courses.rules.picture_scale import PLOT_RIGHT, Scale

LANE_HEIGHT = 30
LABEL_HEIGHT = 13
THICKNESS_PER_GRADE = 3
UNGRADED_THICKNESS = 2
LABEL_CHARACTER = 6.2  # width of a character of the label, on average
LABEL_GRADE = 5  # " · G3"
LANE_GAP = 10


@dataclass(frozen=True, slots=True)
class EventFacts:
    ae_no: int
    term: str
    grade: int | None
    started_on: date
    ended_on: date | None
    is_serious: bool = False


@dataclass(frozen=True, slots=True)
class EventBar:
    """The bar lies under its label, its thickness is the grade; an ongoing one ends in an arrow at the day drawn."""

    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float
    label_anchor: str
    lane: int
    is_ongoing: bool
    event: EventFacts

    @property
    def end(self) -> float:
        return round(self.x + self.width, 1)

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)


def event_bars(events: Sequence[EventFacts], scale: Scale, top: int, *, on: date) -> tuple[EventBar, ...]:
    """Bars of the events begun by a day, by first day; each in the first lane with room for bar and label."""
    lane_ends: list[float] = []
    bars = []
    for event in sorted(events, key=lambda event: (event.started_on, event.ae_no)):
        if event.started_on > on:
            continue
        left, right = _extent(event, scale, on)
        lane = next(
            (number for number, end in enumerate(lane_ends) if end + LANE_GAP <= left), len(lane_ends)
        )
        lane_ends[lane : lane + 1] = [right]
        bars.append(_bar(event, scale, top, lane, on))
    return tuple(bars)


def lanes_height(bars: Sequence[EventBar]) -> int:
    """The height of all lanes together; one lane is kept for the words "none"."""
    return LANE_HEIGHT * max((bar.lane + 1 for bar in bars), default=1)


def thickness(grade: int | None) -> int:
    return THICKNESS_PER_GRADE * grade if grade else UNGRADED_THICKNESS


def _last_day(event: EventFacts, on: date) -> date:
    return min(event.ended_on, on) if event.ended_on is not None else on


def _label_width(event: EventFacts) -> float:
    return (len(event.term) + LABEL_GRADE) * LABEL_CHARACTER


def _fits_to_the_right(event: EventFacts, scale: Scale) -> bool:
    return scale.x(event.started_on) + _label_width(event) <= PLOT_RIGHT


def _extent(event: EventFacts, scale: Scale, on: date) -> tuple[float, float]:
    """The room that bar and label take together, from left to right."""
    left = scale.x(event.started_on)
    right = left + scale.width(event.started_on, _last_day(event, on))
    if _fits_to_the_right(event, scale):
        return left, max(right, left + _label_width(event))
    return min(left, PLOT_RIGHT - _label_width(event)), PLOT_RIGHT


def _bar(event: EventFacts, scale: Scale, top: int, lane: int, on: date) -> EventBar:
    lane_top = top + lane * LANE_HEIGHT
    starts = _fits_to_the_right(event, scale)
    return EventBar(
        x=scale.x(event.started_on),
        y=lane_top + LABEL_HEIGHT,
        width=scale.width(event.started_on, _last_day(event, on)),
        height=thickness(event.grade),
        label_x=scale.x(event.started_on) if starts else PLOT_RIGHT,
        label_y=lane_top + LABEL_HEIGHT - 3,
        label_anchor="start" if starts else "end",
        lane=lane,
        is_ongoing=event.ended_on is None or event.ended_on > on,
        event=event,
    )
