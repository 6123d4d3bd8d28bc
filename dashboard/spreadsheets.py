"""Every table of the dashboard as rows of plain values, for a spreadsheet: the first row names the columns.

Column names are not translated, dates are ISO 8601, percentages plain numbers: other programs read these files.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dashboard.presenters.safety import COLUMNS, counts_of
from dashboard.rules.bins import bins
from dashboard.rules.distribution import Distribution
from dashboard.rules.figures import PARTS, PERCENTAGES
from dashboard.rules.kaplan_meier import SurvivalCurve
from dashboard.rules.months import PASSED
from dashboard.selectors import Choice, Day
from protocol.days import round_half_up

Rows = Iterator[list[Any]]
SHARE_PLACES = 6


def _numbers(day: Day) -> Rows:
    """Everything counted under a name, as it stands in the sums."""
    yield ["figure", "key", "n"]
    yield from map(list, sorted(day.figures.tallies.rows()))


def _parts(day: Day) -> Rows:
    yield ["measure", "part", "evaluable", "not_evaluable", "lower_quartile", "median", "upper_quartile"]
    for percentage in PERCENTAGES:
        for part in PARTS:
            found = day.figures.distributions[percentage, part]
            quartiles = found.quartiles or (None, None, None)
            yield [percentage, part, found.evaluable, found.not_evaluable, *map(_rounded, quartiles)]


def _distributions(day: Day) -> Rows:
    yield ["measure", "part", "from_percent", "below_percent", "patients"]
    for percentage in PERCENTAGES:
        for part in PARTS:
            yield from _bins(percentage, part, day.figures.distributions[percentage, part], day)


def _bins(percentage: str, part: str, found: Distribution, day: Day) -> Rows:
    for span in bins(day.protocol.adherence):
        yield [percentage, part, span.from_percent, span.to_percent, found.inside(span)]


def _trend(day: Day) -> Rows:
    yield ["quarter", "percent", "consumed_mg", "expected_mg", "intervals", "not_evaluable"]
    for point in day.figures.trend:
        quarter = f"{point.quarter.year}Q{point.quarter.number}"
        counts = [point.consumed_mg, point.expected_mg, point.intervals, point.not_evaluable]
        yield [quarter, _rounded(point.percent), *counts]


def _adherence(day: Day) -> Rows:
    """Every course that has begun, the lowest tablet count first."""
    columns = ("pill_count_percent", "pdc_percent", "rdi_percent", "days_on_treatment", "worst_grade")
    yield ["subject_id", "site", *columns]
    for row in day.chosen(Choice(), "adherence"):
        yield [row.patient.subject_id, row.patient.site.code, *(getattr(row, column) for column in columns)]


def _courses(day: Day) -> Rows:
    columns = ("first_dose_on", "enrolled_on", "planned_end_on", "treatment_ended_on", "days_on_treatment")
    yield [
        "subject_id",
        "site",
        "entry_path",
        "phase",
        *columns,
        "mean_daily_mg",
        "worst_grade",
        "end_reason",
    ]
    for row in day.chosen(Choice(), "subject"):
        patient, reason = row.patient, next(iter((row.tallied or {}).get("end_reason", {})), "")
        yield [
            *(patient.subject_id, patient.site.code, patient.entry_path, row.phase),
            *(getattr(row, column) for column in columns),
            *(row.mean_daily_mg, row.worst_grade, reason),
        ]


def _enrolment(day: Day) -> Rows:
    yield ["month", "enrolled", "in_all"]
    yield from ([f"{m.month:%Y-%m}", m.enrolled, m.in_all] for m in day.figures.enrolment)


def _visits(day: Day) -> Rows:
    yield ["month", *(status.value for status in PASSED)]
    yield from ([f"{m.month:%Y-%m}", *m.counts] for m in day.figures.visits)


def _ends(day: Day) -> Rows:
    yield ["reason", "patients"]
    yield from map(list, sorted(day.figures.tallies.of("end_reason").items()))


def _events(day: Day) -> Rows:
    names = [f"grade_{column}" if column.isdigit() else column for column in COLUMNS]
    yield ["term", *names, *(f"{name}_related" for name in names)]
    for row in day.figures.events:
        counts = counts_of(row)
        yield [row.term, *(count.patients for count in counts), *(count.related for count in counts)]


def _completeness(day: Day) -> Rows:
    yield ["what", "n"]
    yield from map(list, sorted(day.figures.tallies.of("completeness").items()))


def _entry_delay(day: Day) -> Rows:
    yield ["days", "visits"]
    yield from ([int(days), visits] for days, visits in day.figures.entry_delay.values)


def _curve(curve: SurvivalCurve) -> Rows:
    yield ["day", "at_risk", "events", "censored", "survival", "lower_95", "upper_95"]
    for step in curve.steps:
        shares = (step.survival, step.lower, step.upper)
        written = (None if share is None else Decimal(f"{share:.{SHARE_PLACES}f}") for share in shares)
        yield [step.day, step.at_risk, step.events, step.censored, *written]


def _rounded(value: Fraction | Decimal | None) -> Decimal | None:
    return None if value is None else round_half_up(value, 2)


SPREADSHEETS: dict[str, Callable[[Day], Rows]] = {
    "numbers": _numbers,
    "parts": _parts,
    "distributions": _distributions,
    "trend": _trend,
    "adherence": _adherence,
    "courses": _courses,
    "enrolment": _enrolment,
    "visits": _visits,
    "ends": _ends,
    "events": _events,
    "completeness": _completeness,
    "entry-delay": _entry_delay,
    "rfs": lambda day: _curve(day.figures.relapse_free),
    "persistence": lambda day: _curve(day.figures.persistence),
}
