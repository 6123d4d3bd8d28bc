"""Adverse events of the picture: bars as thick as their grade, packed into as few lanes as their labels allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from courses.rules.picture_scale import PLOT_RIGHT, Scale
from protocol.codes import DatePrecision
from protocol.partial_days import PartialDay

LANE_HEIGHT = 30
LABEL_HEIGHT = 13
THICKNESS_PER_GRADE = 3
UNGRADED_THICKNESS = 2
LABEL_CHARACTER = 6.2  # width of a character of the label, on average
LABEL_GRADE = 5  # " · G3"
LANE_GAP = 10
MOST_LANES = 8
MORE_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class EventFacts:
    ae_no: int
    term: str
    grade: int | None
    started_on: date
    ended_on: date | None
    is_serious: bool = False
    start_precision: DatePrecision = DatePrecision.DAY
    end_precision: DatePrecision = DatePrecision.DAY

    @property
    def start(self) -> PartialDay:
        return PartialDay(self.started_on, self.start_precision)

    @property
    def end(self) -> PartialDay | None:
        return PartialDay(self.ended_on, self.end_precision) if self.ended_on else None


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


@dataclass(frozen=True, slots=True)
class EventLanes:
    """What is drawn, lane by lane, and what found no room: it stands in the table only."""

    bars: tuple[EventBar, ...]
    more: tuple[EventFacts, ...] = ()

    @property
    def height(self) -> int:
        """Of all lanes together, one kept for the words "none", and of the line that says how many more."""
        lanes = max((bar.lane + 1 for bar in self.bars), default=1)
        return LANE_HEIGHT * lanes + (MORE_HEIGHT if self.more else 0)


def event_lanes(events: Sequence[EventFacts], scale: Scale, top: int, *, on: date) -> EventLanes:
    """The events begun by a day, the worst in the upper lanes; each in the first with room for bar and label."""
    lanes: list[list[tuple[float, float]]] = []
    bars, more = [], []
    for event in sorted((event for event in events if event.started_on <= on), key=_worst_first):
        extent = _extent(event, scale, on)
        lane = next((number for number, taken in enumerate(lanes) if _is_free(taken, extent)), len(lanes))
        if lane == MOST_LANES:
            more.append(event)
            continue
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(extent)
        bars.append(_bar(event, scale, top, lane, on))
    return EventLanes(tuple(sorted(bars, key=lambda bar: (bar.lane, bar.x))), tuple(more))


def _worst_first(event: EventFacts) -> tuple[bool, int, date, int]:
    return not event.is_serious, -(event.grade or 0), event.started_on, event.ae_no


def _is_free(taken: Sequence[tuple[float, float]], extent: tuple[float, float]) -> bool:
    left, right = extent
    return all(end + LANE_GAP <= left or right + LANE_GAP <= start for start, end in taken)


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
