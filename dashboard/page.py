"""The parts of the dashboard put together from sums, protocol, day and a few rows: for the page and for print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from courses.models import CourseSummary
from dashboard.measures import COURSE
from dashboard.presenters.adherence import Histogram, PartRow, Trend, histograms, part_rows, trend_of
from dashboard.presenters.course import (
    Accrual,
    EndRow,
    Survival,
    Visits,
    accrual,
    ends,
    persistence,
    relapse_free,
    visits,
)
from dashboard.presenters.numbers import Number, Numbers
from dashboard.presenters.quality import Completeness, EntryDelay, completeness, entry_delay
from dashboard.presenters.rows import AdherenceRow, SwimmerPlot, adherence_rows, swimmer_plot
from dashboard.presenters.safety import Events, events
from dashboard.selectors import Drawn

HEADLINE = (
    "enrolled",
    "on_treatment",
    "standard",
    "extension",
    "ended",
    "dose_below_minimum_now",
    "long_hold_now",
    "overdue",
)
ALARMS = frozenset({"dose_below_minimum_now", "overdue"})
FLAGS = ("dose_below_minimum", "long_hold", "overuse", "waiting")
TERMS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class CourseRows:
    """The few courses that are drawn: all of them once, and which belong into which list, in its order."""

    drawn: Iterable[Drawn]
    lanes: Sequence[CourseSummary]
    lowest: Sequence[CourseSummary]

    def of(self, wanted: Sequence[CourseSummary]) -> list[Drawn]:
        by_patient = {row.summary.patient_id: row for row in self.drawn}
        return [by_patient[row.patient_id] for row in wanted if row.patient_id in by_patient]


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """`part`: of the course, whose distributions are drawn. `waiting`: flags that nobody has acknowledged."""

    headline: tuple[Number, ...]
    flags: tuple[Number, ...]
    flags_waiting: int
    part: str
    histograms: tuple[Histogram, ...]
    parts: tuple[PartRow, ...]
    trend: Trend
    has_rows: bool
    lowest: Sequence[AdherenceRow]
    pill_count_all: Number
    swimmer: SwimmerPlot
    accrual: Accrual
    relapse_free: Survival
    persistence: Survival
    visits: Visits
    ends: tuple[EndRow, ...]
    events: Events
    completeness: Completeness
    entry_delay: EntryDelay


def dashboard_page(
    numbers: Numbers, on: date, *, rows: CourseRows | None, part: str = COURSE
) -> DashboardPage:
    """`rows`: None where single courses cannot be shown, only their sums."""
    begun = numbers.figures.distributions["rdi", COURSE]  # every course with a first dose has one
    courses = begun.evaluable + begun.not_evaluable
    return DashboardPage(
        headline=tuple(map(numbers.of, HEADLINE)),
        flags=tuple(map(numbers.of, FLAGS)),
        flags_waiting=sum(numbers.figures.tallies.of("flags_waiting").values()),
        part=part,
        histograms=histograms(numbers, part),
        parts=part_rows(numbers),
        trend=trend_of(numbers),
        has_rows=rows is not None,
        lowest=adherence_rows(rows.of(rows.lowest) if rows else []),
        pill_count_all=numbers.of("pill_count-all"),
        swimmer=swimmer_plot(rows.of(rows.lanes) if rows else [], numbers.protocol, courses),
        accrual=accrual(numbers, on),
        relapse_free=relapse_free(numbers),
        persistence=persistence(numbers),
        visits=visits(numbers),
        ends=ends(numbers),
        events=events(numbers, TERMS_SHOWN),
        completeness=completeness(numbers),
        entry_delay=entry_delay(numbers),
    )
