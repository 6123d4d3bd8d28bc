"""The course as one picture: where every bar, mark and line of it stands. No words, no colours.

Units are those of the drawing (its `viewBox`), days run to the right, one day is `Scale.per_day` wide. What a class
or shape looks like is said once in the style sheet and in the symbols of the template, so that the chart, the
swimmer plot and print speak one visual language.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from courses.rules.picture_events import EventBar, EventFacts, event_lanes
from courses.rules.picture_scale import PLOT_LEFT, PLOT_RIGHT, Scale, Tick, month_ticks, year_ticks
from dosing.rules.orders import DosePeriod
from protocol.codes import VisitStatus
from protocol.days import ONE_DAY, extension_from, planned_end_on, round_half_up
from protocol.definition import Regimen

WIDTH = 1200
LABEL_Y = 32
TODAY_LABEL_Y = 72
LABEL_DISTANCE = 4
VISITS_Y = 50
DOSE_TOP = 84
DOSE_HEIGHT = 112
DOSE_BOTTOM = DOSE_TOP + DOSE_HEIGHT
OUTCOMES_Y = DOSE_BOTTOM + 18
EVENTS_TOP = OUTCOMES_Y + 18
AXIS_HEIGHT = 26
IP_START_Y = DOSE_TOP + 14
SMALL_MARKS = {"DISEASE_FREE"}
MARK_WIDTH = 17
LABEL_CHARACTER = 7.5  # width of a figure on a bar
HOLD_LABEL = 52.0  # width of its word
LABEL_MARGIN = 10

SHAPES: dict[VisitStatus, str] = {
    VisitStatus.COMPLETED: "done",
    VisitStatus.COMPLETED_OUT_OF_WINDOW: "out-of-window",
    VisitStatus.NOT_DONE: "not-done",
    VisitStatus.PRE_ENROLMENT: "not-done",
    VisitStatus.MERGED_WITH_ENTRY: "done",
    VisitStatus.CANCELLED: "not-done",
    VisitStatus.MISSED: "missed",
    VisitStatus.DUE: "due",
    VisitStatus.PLANNED: "planned",
}


@dataclass(frozen=True, slots=True)
class VisitPoint:
    """A visit on the day it took place, otherwise on its target."""

    code: str
    on: date
    status: str


@dataclass(frozen=True, slots=True)
class OutcomePoint:
    """`kind`: RECURRENCE, SUSPECTED (still open), DEATH, STOP (the last dose of a treatment that has ended),
    IP_START (the first study drug handed out) or DISEASE_FREE (an assessment without recurrence)."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is drawn; everything dated after the day the picture is of has already been left out."""

    first_dose_on: date
    enrolled_on: date | None
    periods: Sequence[DosePeriod]
    visits: Sequence[VisitPoint] = ()
    events: Sequence[EventFacts] = ()
    outcomes: Sequence[OutcomePoint] = ()


@dataclass(frozen=True, slots=True)
class DoseBar:
    """`level`: full, reduced, below (the minimum: it also carries a mark), above (the plan) or hold."""

    x: float
    y: float
    width: float
    height: float
    level: str
    is_striped: bool
    pattern_mg: tuple[int, ...]
    mean_daily_mg: Decimal
    from_on: date
    to_on: date | None
    shows_label: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class VisitMark:
    x: float
    y: float
    shape: str
    code: str
    status: str
    on: date


@dataclass(frozen=True, slots=True)
class OutcomeMark:
    x: float
    y: float
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: EXTENSION (the boundary), PLANNED_END, TODAY; each label on a row of its own, beside its line."""

    x: float
    kind: str
    on: date
    label_x: float
    label_y: int
    text_anchor: str


@dataclass(frozen=True, slots=True)
class DoseLevelLine:
    y: float
    dose_mg: int


@dataclass(frozen=True, slots=True)
class Span:
    """The time before enrolment."""

    x: float
    width: float
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    plot_left: int
    plot_right: int
    dose_top: int
    dose_bottom: int
    visits_y: int
    outcomes_y: int
    events_top: int
    axis_y: int
    before_enrolment: Span | None
    doses: tuple[DoseBar, ...]
    levels: tuple[DoseLevelLine, ...]
    visits: tuple[VisitMark, ...]
    events: tuple[EventBar, ...]
    more_events: tuple[EventFacts, ...]
    outcomes: tuple[OutcomeMark, ...]
    lines: tuple[Line, ...]
    months: tuple[Tick, ...]
    years: tuple[Tick, ...]


def course_picture(facts: PictureFacts, regimen: Regimen, *, on: date) -> Picture:
    """The picture of a course as it stands on a day: the whole planned course wide, and on to that day if later."""
    scale = _scale(facts, regimen, on)
    events = event_lanes(facts.events, scale, EVENTS_TOP, on=on)
    axis_y = EVENTS_TOP + events.height
    return Picture(
        width=WIDTH,
        height=axis_y + AXIS_HEIGHT,
        plot_left=PLOT_LEFT,
        plot_right=PLOT_RIGHT,
        dose_top=DOSE_TOP,
        dose_bottom=DOSE_BOTTOM,
        visits_y=VISITS_Y,
        outcomes_y=OUTCOMES_Y,
        events_top=EVENTS_TOP,
        axis_y=axis_y,
        before_enrolment=_before_enrolment(facts, scale),
        doses=tuple(dose_bars(facts.periods, scale, regimen, on=on)),
        levels=_levels(facts.periods, regimen),
        visits=tuple(_visit_marks(facts.visits, scale)),
        events=events.bars,
        more_events=events.more,
        outcomes=tuple(_outcome_marks(facts.outcomes, scale)),
        lines=_lines(facts, scale, regimen, on),
        months=month_ticks(facts.first_dose_on, scale),
        years=year_ticks(scale),
    )


def dose_level(mean_daily_mg: Decimal, regimen: Regimen) -> str:
    """The class of a mean daily dose: hold at 0 mg, below under the minimum, full at the plan."""
    if mean_daily_mg == 0:
        return "hold"
    if mean_daily_mg < regimen.minimum_dose_mg:
        return "below"
    if mean_daily_mg > regimen.planned_dose_mg:
        return "above"
    return "full" if mean_daily_mg == regimen.planned_dose_mg else "reduced"


def dose_bars(
    periods: Iterable[DosePeriod], scale: Scale, regimen: Regimen, *, on: date
) -> Iterator[DoseBar]:
    """A bar per order up to the day of the picture; its height is the mean daily dose, a hold a full-height gap."""
    periods = list(periods)
    highest_mg = _highest_mg(periods, regimen)
    for period in periods:
        span = period.span(scale.from_on, on)
        if span is None:
            continue
        mean_daily_mg = round_half_up(period.order.mean_daily_mg, 1)
        level = dose_level(mean_daily_mg, regimen)
        height = DOSE_HEIGHT if level == "hold" else round(DOSE_HEIGHT * float(mean_daily_mg) / highest_mg, 1)
        x, width = scale.x(span[0]), scale.width(*span)
        yield DoseBar(
            x=x,
            y=round(DOSE_BOTTOM - height, 1),
            width=width,
            height=height,
            level=level,
            is_striped=len(set(period.order.pattern_mg)) > 1,
            pattern_mg=period.order.pattern_mg,
            mean_daily_mg=mean_daily_mg,
            from_on=period.from_on,
            to_on=period.to_on if period.to_on is not None and period.to_on <= on else None,
            shows_label=width >= _label_width(period.order.pattern_mg),
        )


def _label_width(pattern_mg: tuple[int, ...]) -> float:
    """What a bar needs to carry its dose in figures ("400/0"), or for a hold the word of the longer language."""
    if not any(pattern_mg):
        return HOLD_LABEL
    return len("/".join(map(str, pattern_mg))) * LABEL_CHARACTER + LABEL_MARGIN


def _scale(facts: PictureFacts, regimen: Regimen, on: date) -> Scale:
    starts = [facts.first_dose_on, *([facts.enrolled_on] if facts.enrolled_on else [])]
    ends = [planned_end_on(facts.first_dose_on, regimen), on]
    ends += [visit.on for visit in facts.visits] + [outcome.on for outcome in facts.outcomes]
    return Scale(min(starts), max(ends))


def _before_enrolment(facts: PictureFacts, scale: Scale) -> Span | None:
    if facts.enrolled_on is None or facts.enrolled_on <= facts.first_dose_on:
        return None
    to_on = facts.enrolled_on - ONE_DAY
    return Span(
        scale.x(facts.first_dose_on), scale.width(facts.first_dose_on, to_on), facts.first_dose_on, to_on
    )


def _highest_mg(periods: Sequence[DosePeriod], regimen: Regimen) -> float:
    return max([float(regimen.planned_dose_mg), *(float(period.order.mean_daily_mg) for period in periods)])


def _levels(periods: Sequence[DosePeriod], regimen: Regimen) -> tuple[DoseLevelLine, ...]:
    highest_mg = _highest_mg(periods, regimen)
    return tuple(
        DoseLevelLine(round(DOSE_BOTTOM - DOSE_HEIGHT * level.dose_mg / highest_mg, 1), level.dose_mg)
        for level in regimen.dose_levels
    )


def _visit_marks(visits: Iterable[VisitPoint], scale: Scale) -> Iterator[VisitMark]:
    for visit in visits:
        shape = SHAPES[VisitStatus(visit.status)]
        yield VisitMark(scale.x(visit.on), VISITS_Y, shape, visit.code, visit.status, visit.on)


def _outcome_marks(points: Iterable[OutcomePoint], scale: Scale) -> Iterator[OutcomeMark]:
    """Scans stand where they were, the first study drug on the dose it is of; what decides the course stands beside
    its neighbour rather than upon it."""
    free = float("-inf")
    for point in sorted(points, key=lambda point: (point.on, point.kind)):
        x = scale.x(point.on)
        if point.kind == "IP_START":
            yield OutcomeMark(x, IP_START_Y, point.kind, point.on)
            continue
        if point.kind not in SMALL_MARKS:
            x = round(max(x, free), 1)
            free = x + MARK_WIDTH
        yield OutcomeMark(x, OUTCOMES_Y, point.kind, point.on)


def _lines(facts: PictureFacts, scale: Scale, regimen: Regimen, on: date) -> tuple[Line, ...]:
    days = {
        "EXTENSION": extension_from(facts.first_dose_on, regimen),
        "PLANNED_END": planned_end_on(facts.first_dose_on, regimen),
        "TODAY": on,
    }
    return tuple(_line(scale.x(day), kind, day) for kind, day in days.items())


def _line(x: float, kind: str, day: date) -> Line:
    starts = x < (PLOT_LEFT + PLOT_RIGHT) / 2
    label_x = round(x + LABEL_DISTANCE if starts else x - LABEL_DISTANCE, 1)
    label_y = TODAY_LABEL_Y if kind == "TODAY" else LABEL_Y
    return Line(x, kind, day, label_x, label_y, "start" if starts else "end")
