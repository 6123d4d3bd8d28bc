"""Adherence and dose intensity as the page writes them down: distributions, parts of the course, quarters."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.measures import COURSE, definition_of, part_words, prefix_of, range_words, subject_of
from dashboard.presenters.numbers import Number, Numbers, share
from dashboard.rules.bins import Band, Bin, band_limits, band_of, bins
from dashboard.rules.distribution import NOT_EVALUABLE, Distribution
from dashboard.rules.drawing import Bar, CountTick, bars, count_ticks
from dashboard.rules.figures import PARTS, PERCENTAGES
from dashboard.rules.trend import TrendPoint, pooled_percent
from dashboard.rules.trend_drawing import TrendDrawing, TrendMark, trend_drawing
from protocol.days import round_half_up

WITHOUT_BANDS = {"rdi"}  # a planned reduction lowers it without being anybody's fault
QUARTERS_LATELY = 4


@dataclass(frozen=True, slots=True)
class HistogramBar:
    number: Number
    bar: Bar
    band: str  # of an adherence; "" for a measure without bands
    words: str
    range: str
    edge: str


@dataclass(frozen=True, slots=True)
class BandRow:
    number: Number
    band: Band
    words: str
    share: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """`finding` is the title; `bands` and `bars` are also its table. Quartiles in percent."""

    key: str
    name: str
    definition: str
    finding: str
    bars: tuple[HistogramBar, ...]
    ticks: tuple[CountTick, ...]
    bands: tuple[BandRow, ...]
    evaluable: Number
    not_evaluable: Number
    lower_quartile: Decimal | None
    median: Decimal | None
    upper_quartile: Decimal | None


@dataclass(frozen=True, slots=True)
class PartRow:
    """One percentage in one part of the course, whose key it carries.

    `below`: under the lower edge of good, None for a percentage without bands.
    """

    name: str
    key: str
    part: str
    is_first: bool
    evaluable: Number
    not_evaluable: Number
    below: Number | None
    below_share: str
    lower_quartile: Decimal | None
    median: Decimal | None
    upper_quartile: Decimal | None


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One quarter, as a mark of the drawing and as a row of the table."""

    name: str
    percent: Decimal | None
    mark: TrendMark
    words: str


@dataclass(frozen=True, slots=True)
class Trend:
    finding: str
    drawing: TrendDrawing
    rows: tuple[TrendRow, ...]


def histograms(numbers: Numbers, part: str = COURSE) -> tuple[Histogram, ...]:
    return tuple(_histogram(percentage, part, numbers) for percentage in PERCENTAGES)


def part_rows(numbers: Numbers) -> tuple[PartRow, ...]:
    """Each percentage over the whole course and over its two parts."""
    return tuple(_part_row(percentage, part, numbers) for percentage in PERCENTAGES for part in PARTS)


def trend_of(numbers: Numbers) -> Trend:
    points, bands = numbers.figures.trend, numbers.protocol.adherence
    drawing = trend_drawing(points, (bands.fair_percent, bands.good_percent))
    return Trend(_trend_finding(points), drawing, tuple(map(_trend_row, drawing.marks)))


def _trend_row(mark: TrendMark) -> TrendRow:
    point = mark.point
    percent = None if point.percent is None else round_half_up(point.percent, 1)
    name = _("%(year)s Q%(quarter)s") % {"year": point.quarter.year, "quarter": point.quarter.number}
    shown = _("not evaluable") if percent is None else f"{number_format(percent)} %"
    words = ngettext(
        "%(quarter)s: %(percent)s, %(count)s interval",
        "%(quarter)s: %(percent)s, %(count)s intervals",
        point.intervals,
    )
    return TrendRow(
        name, percent, mark, words % {"quarter": name, "percent": shown, "count": point.intervals}
    )


def _trend_finding(points: tuple[TrendPoint, ...]) -> str:
    known = [point for point in points if point.percent is not None]
    lately, before = known[-QUARTERS_LATELY:], known[:-QUARTERS_LATELY]
    now, then = pooled_percent(lately), pooled_percent(before)
    if now is None:
        return _("No tablets were counted yet.")
    values = {"now": number_format(round_half_up(now, 1)), "quarters": len(lately)}
    if then is None:
        return (
            ngettext(
                "%(now)s %% of what was ordered was taken in the last quarter with a tablet count",
                "%(now)s %% of what was ordered was taken in the last %(quarters)s quarters with a tablet count",
                len(lately),
            )
            % values
        )
    values["then"] = number_format(round_half_up(then, 1))
    return (
        _("%(now)s %% of what was ordered was taken in the last %(quarters)s quarters, %(then)s %% before")
        % values
    )


def _histogram(percentage: str, part: str, numbers: Numbers) -> Histogram:
    prefix, found = prefix_of(percentage, part), numbers.figures.distributions[percentage, part]
    lower, median, upper = found.quartiles or (None, None, None)
    drawn = _bars(percentage, part, numbers)
    return Histogram(
        key=percentage,
        name=subject_of(percentage, part),
        definition=definition_of(percentage),
        finding=_finding(percentage, found, numbers),
        bars=drawn,
        ticks=count_ticks(max(bar.number.value for bar in drawn)),
        bands=() if percentage in WITHOUT_BANDS else _bands(prefix, found, numbers),
        evaluable=numbers.of(f"{prefix}-all"),
        not_evaluable=numbers.of(f"{prefix}-{NOT_EVALUABLE}"),
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
    )


def _bars(percentage: str, part: str, numbers: Numbers) -> tuple[HistogramBar, ...]:
    spans = bins(numbers.protocol.adherence)
    counts = [numbers.of(f"{prefix_of(percentage, part)}-{span.key}") for span in spans]
    return tuple(
        HistogramBar(
            number=count,
            bar=bar,
            band="" if percentage in WITHOUT_BANDS else band_of(span, numbers.protocol.adherence).value,
            words=_words(count.value, range_words(span)),
            range=range_words(span),
            edge="" if span.from_percent is None else number_format(span.from_percent),
        )
        for span, count, bar in zip(spans, counts, bars([n.value for n in counts]), strict=True)
    )


def _bands(prefix: str, found: Distribution, numbers: Numbers) -> tuple[BandRow, ...]:
    rows = []
    for band, limits in band_limits(numbers.protocol.adherence).items():
        count = numbers.of(f"{prefix}-{band.value}")
        rows.append(BandRow(count, band, range_words(limits), share(count.value, found.evaluable)))
    return tuple(rows)


def _part_row(percentage: str, part: str, numbers: Numbers) -> PartRow:
    prefix, found = prefix_of(percentage, part), numbers.figures.distributions[percentage, part]
    lower, median, upper = found.quartiles or (None, None, None)
    below = None if percentage in WITHOUT_BANDS else numbers.of(f"{prefix}-below")
    return PartRow(
        name=subject_of(percentage),
        key=part,
        part=part_words(part),
        is_first=part == COURSE,
        evaluable=numbers.of(f"{prefix}-all"),
        not_evaluable=numbers.of(f"{prefix}-{NOT_EVALUABLE}"),
        below=below,
        below_share=share(below.value, found.evaluable) if below else "",
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
    )


def _words(patients: int, span: str) -> str:
    sentence = ngettext("%(span)s: %(count)s patient", "%(span)s: %(count)s patients", patients)
    return sentence % {"span": span, "count": patients}


def _finding(percentage: str, found: Distribution, numbers: Numbers) -> str:
    """The title says what the picture shows."""
    if not found.quartiles:
        return _("Nobody can be evaluated yet")
    if percentage in WITHOUT_BANDS:
        return _("Half of the patients received at least %(median)s %% of the planned dose") % {
            "median": number_format(found.quartiles[1], 1)
        }
    good = numbers.protocol.adherence.good_percent
    low = found.inside(Bin(None, good))
    values = {"low": low, "all": found.evaluable, "good": number_format(good)}
    if not low:
        return _("All %(all)s patients are at %(good)s %% or more") % values
    if percentage == "pill_count":
        return _("%(low)s of %(all)s patients took less than %(good)s %% of what was ordered") % values
    return (
        _("For %(low)s of %(all)s patients the supply covered less than %(good)s %% of the dosing days")
        % values
    )
