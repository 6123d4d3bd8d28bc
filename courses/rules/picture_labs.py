"""One laboratory test over time: where its points, limits and grade bands stand. No words, no colours.

Limits are those the laboratory gave with each result: bands and limits are steps from one result to the next. Only
results in the unit that is graded are drawn; nothing is converted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from adverse_events.rules.ctcae import VERSION
from adverse_events.rules.lab_grades import LabValue, grade_bands
from courses.rules.picture_scale import Tick
from protocol.codes import LabTest
from protocol.days import days_between
from protocol.definition import Threshold

WIDTH, HEIGHT = 400, 150
LEFT, RIGHT, TOP, BOTTOM = 40, 388, 14, 128
HEADROOM = Decimal("1.1")
LIMITS_IN_VIEW = Decimal("1.25")  # how much of the upper limit is seen at least


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """A result in the graded unit, with the grade that also knows the baseline; None = not graded."""

    on: date
    lab: LabValue
    grade: int | None


@dataclass(frozen=True, slots=True)
class TrendFacts:
    """Results by day, and the limits at which the label advises to hold."""

    test: LabTest
    results: Sequence[ResultFacts]
    hold_when: Sequence[Threshold] = ()
    version: str = VERSION  # of CTCAE


@dataclass(frozen=True, slots=True)
class BandBox:
    grade: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LimitLine:
    """`kind`: LLN, ULN or HOLD; `value`: what the limit is there."""

    kind: str
    x: float
    y: float
    end: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class ResultPoint:
    x: float
    y: float
    result: ResultFacts


@dataclass(frozen=True, slots=True)
class LevelTick:
    y: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class LabPicture:
    """`hold_out_of_view`: a limit to hold that lies beyond the drawing, as none of the results comes near it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    bands: tuple[BandBox, ...]
    limits: tuple[LimitLine, ...]
    points: tuple[ResultPoint, ...]
    levels: tuple[LevelTick, ...]
    years: tuple[Tick, ...]
    hold_out_of_view: tuple[Decimal, ...]

    @property
    def path(self) -> str:
        """The points joined."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True, slots=True)
class _Axes:
    from_on: date
    to_on: date
    highest: Decimal

    def x(self, day: date) -> float:
        whole = max(days_between(self.from_on, self.to_on) - 1, 1)
        return round(LEFT + (RIGHT - LEFT) * (day - self.from_on).days / whole, 1)

    def y(self, value: Decimal) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * float(min(value, self.highest) / self.highest), 1)


@dataclass(frozen=True, slots=True)
class _Span:
    """The days for which one pair of limits stands."""

    x: float
    end: float
    lab: LabValue


def lab_picture(facts: TrendFacts, *, from_on: date, to_on: date) -> LabPicture:
    """The drawing of one test on the axis of days that all tests share; there is at least one result."""
    axes = _Axes(from_on, to_on, _highest(facts))
    spans = tuple(_spans(facts.results, axes))
    hold = {limit for span in spans for limit in _hold_limits(facts, span.lab)}
    return LabPicture(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=BOTTOM,
        bands=tuple(box for span in spans for box in _boxes(facts, span, axes)),
        limits=tuple(line for span in spans for line in _limit_lines(facts, span, axes)),
        points=tuple(
            ResultPoint(axes.x(result.on), axes.y(result.lab.value), result) for result in facts.results
        ),
        levels=tuple(LevelTick(axes.y(value), value) for value in _levels(axes.highest)),
        years=tuple(Tick(axes.x(date(year, 1, 1)), year) for year in range(from_on.year + 1, to_on.year + 1)),
        hold_out_of_view=tuple(sorted(limit for limit in hold if limit > axes.highest)),
    )


def _highest(facts: TrendFacts) -> Decimal:
    """The top of the axis: every result, and the usual limits even where no result comes near them."""
    values = [result.lab.value for result in facts.results]
    upper = [result.lab.uln * LIMITS_IN_VIEW for result in facts.results if result.lab.uln is not None]
    lower = [result.lab.lln * LIMITS_IN_VIEW for result in facts.results if result.lab.lln is not None]
    return max([*values, *upper, *lower, Decimal("0.1")]) * HEADROOM


def _spans(results: Sequence[ResultFacts], axes: _Axes) -> Iterator[_Span]:
    """Results of the same limits joined; the first pair stands from the left, the last one to the right."""
    waiting = _Span(float(LEFT), float(RIGHT), results[0].lab)
    for result in results[1:]:
        if (waiting.lab.lln, waiting.lab.uln) != (result.lab.lln, result.lab.uln):
            x = axes.x(result.on)
            yield replace(waiting, end=x)
            waiting = _Span(x, float(RIGHT), result.lab)
    yield waiting


def _boxes(facts: TrendFacts, span: _Span, axes: _Axes) -> Iterator[BandBox]:
    for band in grade_bands(facts.test, span.lab.lln, span.lab.uln, version=facts.version):
        if band.above >= axes.highest:
            continue
        top = axes.y(axes.highest if band.upto is None else band.upto)
        yield BandBox(
            band.grade, span.x, top, round(span.end - span.x, 1), round(axes.y(band.above) - top, 1)
        )


def _limit_lines(facts: TrendFacts, span: _Span, axes: _Axes) -> Iterator[LimitLine]:
    kinds = [("LLN", span.lab.lln), ("ULN", span.lab.uln)]
    kinds += [("HOLD", limit) for limit in _hold_limits(facts, span.lab)]
    for kind, value in kinds:
        if value is not None and value <= axes.highest:
            yield LimitLine(kind, span.x, axes.y(value), span.end, value)


def _hold_limits(facts: TrendFacts, lab: LabValue) -> Iterator[Decimal]:
    for threshold in facts.hold_when:
        if not threshold.relative_to_uln:
            yield threshold.limit
        elif lab.uln is not None:
            yield threshold.limit * lab.uln


def _levels(highest: Decimal) -> Iterator[Decimal]:
    """Two to five round values from 0 up."""
    step = next(step for step in _round_steps() if highest / step < 5)
    value = Decimal(0)
    while value <= highest:
        yield value
        value += step


def _round_steps() -> Iterator[Decimal]:
    size = Decimal("0.1")
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10
