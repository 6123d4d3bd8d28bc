"""The dashboard's charts as the template writes them down: bars with their words, links and counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import CourseSummary
from dashboard.measures import PERCENTAGES, Measure, range_words, subject_of
from dashboard.rules.bins import Band, band_limits, band_of, bins
from dashboard.rules.drawing import Bar, CountTick, StepLine, bars, count_ticks, step_line
from dashboard.selectors import Figures
from patients.presenters import Band as MarkedBand
from patients.presenters import adherence_band
from protocol.definition import Adherence, Protocol


@dataclass(frozen=True, slots=True)
class Number:
    """A figure, what it means and where the patients behind it are listed."""

    measure: Measure
    value: int
    patients: int

    @property
    def path(self) -> str:
        return path_of(self.measure.key)


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
    """`finding` is the title; `bands` and `bars` are also its table."""

    key: str
    name: str
    definition: str
    finding: str
    bars: tuple[HistogramBar, ...]
    ticks: tuple[CountTick, ...]
    bands: tuple[BandRow, ...]
    evaluable: Number
    not_evaluable: Number
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None


@dataclass(frozen=True, slots=True)
class AccrualYear:
    year: int
    enrolled: int
    total: int


@dataclass(frozen=True, slots=True)
class Accrual:
    finding: str
    planned: int
    line: StepLine
    years: tuple[AccrualYear, ...]


def path_of(key: str) -> str:
    return f"{reverse('dashboard:patients')}?{urlencode({'measure': key})}"


def number(key: str, known: dict[str, Measure], found: Figures) -> Number:
    patients = found.patients[key]
    return Number(known[key], found.amounts.get(key, patients), patients)


def histograms(known: dict[str, Measure], found: Figures, protocol: Protocol) -> tuple[Histogram, ...]:
    return tuple(_histogram(percentage, known, found, protocol) for percentage in PERCENTAGES)


def accrual(months: Sequence[tuple[date, int]], protocol: Protocol, on: date) -> Accrual:
    """Enrolment by month against the planned number, from the start of the study to the data cut-off."""
    study, enrolled = protocol.study, sum(patients for _month, patients in months)
    values = {"enrolled": enrolled, "planned": study.planned_patients}
    finding = _("%(enrolled)s of %(planned)s planned patients are enrolled") % values
    starts_on = min([study.starts_on, *(month for month, _patients in months)])
    line = step_line(months, starts_on, max(on, starts_on), study.planned_patients)
    return Accrual(finding, study.planned_patients, line, _years(months))


def _years(months: Sequence[tuple[date, int]]) -> tuple[AccrualYear, ...]:
    rows: list[AccrualYear] = []
    for year in sorted({month.year for month, _patients in months}):
        enrolled = sum(patients for month, patients in months if month.year == year)
        rows.append(AccrualYear(year, enrolled, enrolled + (rows[-1].total if rows else 0)))
    return tuple(rows)


def _histogram(percentage: str, known: dict[str, Measure], found: Figures, protocol: Protocol) -> Histogram:
    evaluable = number(f"{percentage}-all", known, found)
    bands = _bands(percentage, known, found, protocol) if percentage != "rdi" else ()
    lower, median, upper = found.quartiles[percentage]
    drawn = _bars(percentage, known, found, protocol)
    return Histogram(
        key=percentage,
        name=subject_of(percentage),
        definition=evaluable.measure.definition,
        finding=_finding(percentage, evaluable.value, found, protocol.adherence),
        bars=drawn,
        ticks=count_ticks(max(bar.number.value for bar in drawn)),
        bands=bands,
        evaluable=evaluable,
        not_evaluable=number(f"{percentage}-none", known, found),
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
    )


def _bars(
    percentage: str, known: dict[str, Measure], found: Figures, protocol: Protocol
) -> tuple[HistogramBar, ...]:
    spans = bins(protocol.adherence)
    numbers = [number(f"{percentage}-{span.key}", known, found) for span in spans]
    has_bands = percentage != "rdi"
    return tuple(
        HistogramBar(
            number=count,
            bar=bar,
            band=band_of(span, protocol.adherence).value if has_bands else "",
            words=_words(count.value, range_words(span)),
            range=range_words(span),
            edge="" if span.from_percent is None else number_format(span.from_percent),
        )
        for span, count, bar in zip(spans, numbers, bars([n.value for n in numbers]), strict=True)
    )


def _bands(
    percentage: str, known: dict[str, Measure], found: Figures, protocol: Protocol
) -> tuple[BandRow, ...]:
    total = found.patients[f"{percentage}-all"]
    rows = []
    for band, limits in band_limits(protocol.adherence).items():
        count = number(f"{percentage}-{band.value}", known, found)
        share = number_format(100 * count.value / total, 0) if total else ""
        rows.append(BandRow(count, band, range_words(limits), share))
    return tuple(rows)


def _words(patients: int, span: str) -> str:
    sentence = ngettext("%(span)s: %(count)s patient", "%(span)s: %(count)s patients", patients)
    return sentence % {"span": span, "count": patients}


def _finding(percentage: str, evaluable: int, found: Figures, bands: Adherence) -> str:
    """The title says what the picture shows."""
    if not evaluable:
        return _("Nobody can be evaluated yet")
    median = found.quartiles[percentage][1] or 0
    if percentage == "rdi":
        return _("Half of the patients received at least %(median)s %% of the planned dose") % {
            "median": number_format(median, 1)
        }
    low = found.patients[f"{percentage}-{Band.LOW}"] + found.patients[f"{percentage}-{Band.FAIR}"]
    values = {"low": low, "all": evaluable, "good": number_format(bands.good_percent)}
    if not low:
        return _("All %(all)s patients are at %(good)s %% or more") % values
    if percentage == "pill_count":
        return _("%(low)s of %(all)s patients took less than %(good)s %% of what was ordered") % values
    return (
        _("For %(low)s of %(all)s patients the supply covered less than %(good)s %% of the dosing days")
        % values
    )


def visits_finding(found: Figures) -> str:
    """Of the visits that took place or should have: how many on time."""
    on_time = found.amounts["visits_completed"]
    late = ("visits_completed_out_of_window", "visits_missed", "visits_not_done")
    past = on_time + sum(found.amounts[key] for key in late)
    if not past:
        return _("No visit has fallen due yet")
    return _("%(on_time)s of %(past)s visits took place on time") % {"on_time": on_time, "past": past}


@dataclass(frozen=True, slots=True)
class AdherenceRow:
    summary: CourseSummary
    band: MarkedBand


def adherence_rows(rows: Iterable[CourseSummary]) -> list[AdherenceRow]:
    """Each judged by the bands of the patient's own version."""
    return [
        AdherenceRow(row, adherence_band(row.pill_count_percent, row.patient.protocol.adherence))
        for row in rows
    ]
