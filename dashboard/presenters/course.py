"""The course of the trial as the page writes it down: enrolment, survival, visits month by month, how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.presenters.numbers import Number, Numbers, share
from dashboard.rules.drawing import StepLine, step_line
from dashboard.rules.kaplan_meier import SurvivalCurve
from dashboard.rules.months import PASSED, EnrolmentMonth, MonthOfVisits
from dashboard.rules.months_drawing import StackedBars, stacked_bars
from dashboard.rules.survival_drawing import DAYS_A_MONTH, SurvivalDrawing, YearColumn, survival_drawing
from patients.words import word_of
from protocol.codes import VisitStatus

SHOWN_STATUSES = (*PASSED, VisitStatus.DUE)


@dataclass(frozen=True, slots=True)
class Accrual:
    """`cannot_finish`: whose planned end lies after the study is complete, `completes_on`."""

    finding: str
    planned: int
    line: StepLine
    months: tuple[EnrolmentMonth, ...]
    cannot_finish: Number
    completes_on: date


@dataclass(frozen=True, slots=True)
class YearRow:
    """Percentages of 100; None where nothing can be said."""

    column: YearColumn
    percent: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Survival:
    """`notes`: what must be known to read the curve. `median`: in months, with its limits, as words."""

    key: str
    finding: str
    definition: str
    drawing: SurvivalDrawing
    rows: tuple[YearRow, ...]
    patients: Number
    events: Number
    median: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusRow:
    status: str
    number: Number


@dataclass(frozen=True, slots=True)
class Visits:
    """`numbers`: of every status that is counted; `statuses`: of those in a month's bar, from the ground up."""

    finding: str
    numbers: tuple[StatusRow, ...]
    statuses: tuple[str, ...]
    drawing: StackedBars
    months: tuple[MonthOfVisits, ...]


@dataclass(frozen=True, slots=True)
class EndRow:
    reason: str
    number: Number
    share: str


def accrual(numbers: Numbers, on: date) -> Accrual:
    """Enrolment against the planned number, from the start of the study to the day shown."""
    study, months = numbers.protocol.study, numbers.figures.enrolment
    enrolled = months[-1].in_all if months else 0
    values = {"enrolled": enrolled, "planned": study.planned_patients}
    starts_on = min([study.starts_on, *(month.month for month in months)])
    steps = [(month.month, month.enrolled) for month in months]
    return Accrual(
        finding=_("%(enrolled)s of %(planned)s planned patients are enrolled") % values,
        planned=study.planned_patients,
        line=step_line(steps, starts_on, max(on, starts_on), study.planned_patients),
        months=months,
        cannot_finish=numbers.of("cannot_finish"),
        completes_on=study.completes_on,
    )


def relapse_free(numbers: Numbers) -> Survival:
    sentence = _(
        "After %(months)s months an estimated %(percent)s %% live without recurrence (95 %% CI %(low)s–%(high)s)"
    )
    definition = _(
        "Kaplan–Meier estimate from the first dose to the first of recurrence and death from any cause, censored at "
        "the last assessment without recurrence. Who enrolled while already on treatment counts from enrolment on."
    )
    return _survival("rfs", numbers.figures.relapse_free, sentence, definition, numbers)


def persistence(numbers: Numbers) -> Survival:
    sentence = _(
        "After %(months)s months an estimated %(percent)s %% are still on treatment (95 %% CI %(low)s–%(high)s)"
    )
    definition = _(
        "Kaplan–Meier estimate from the first dose to the last one where treatment stopped before the planned end, for "
        "whatever reason; holds do not count. Who enrolled while already on treatment counts from enrolment on."
    )
    return _survival("persistence", numbers.figures.persistence, sentence, definition, numbers)


def visits(numbers: Numbers) -> Visits:
    months = numbers.figures.visits
    rows = tuple(StatusRow(status, numbers.of(f"visits_{status.lower()}")) for status in SHOWN_STATUSES)
    return Visits(_visits_finding(rows), rows, PASSED, stacked_bars(months), months)


def ends(numbers: Numbers) -> tuple[EndRow, ...]:
    """Why treatment ended, the most frequent reason first."""
    reasons = numbers.figures.tallies.of("end_reason")
    rows = []
    for reason in sorted(reasons, key=lambda reason: (-reasons[reason], reason)):
        part = share(reasons[reason], sum(reasons.values()))
        rows.append(EndRow(word_of(reason), numbers.of(f"end_reason|{reason}"), part))
    return tuple(rows)


def _survival(key: str, curve: SurvivalCurve, sentence: str, definition: str, numbers: Numbers) -> Survival:
    drawing = survival_drawing(curve, numbers.protocol.regimen.total_months)
    return Survival(
        key=key,
        finding=_survival_finding(drawing.years, sentence),
        definition=definition,
        drawing=drawing,
        rows=tuple(
            YearRow(column, _hundred(column.survival), _hundred(column.lower), _hundred(column.upper))
            for column in drawing.years
        ),
        patients=numbers.of(f"{key}_entry"),
        events=numbers.of(f"{key}_event"),
        median=_median(curve),
        notes=tuple(_notes(curve, numbers.of("enrolled").value)),
    )


def _survival_finding(columns: Sequence[YearColumn], sentence: str) -> str:
    """Of the last whole year after which somebody is still under observation."""
    known = [each for each in columns if each.month and each.at_risk and each.lower is not None]
    if not known:
        return _("Nobody has been followed for a year yet")
    last = known[-1]
    shares = {"percent": last.survival, "low": last.lower, "high": last.upper}
    values = {name: number_format(100 * (value or 0), 1) for name, value in shares.items()}
    return sentence % (values | {"months": last.month})


def _hundred(part: float | None) -> float | None:
    return None if part is None else 100 * part


def _median(curve: SurvivalCurve) -> str:
    median = curve.median
    if median.day is None:
        return _("not reached")
    lower, upper = (
        "–" if day is None else number_format(day / DAYS_A_MONTH, 1) for day in (median.lower, median.upper)
    )
    values = {"median": number_format(median.day / DAYS_A_MONTH, 1), "low": lower, "high": upper}
    return _("%(median)s months (95 %% CI %(low)s to %(high)s)") % values


def _notes(curve: SurvivalCurve, enrolled: int) -> list[str]:
    notes = []
    if missing := enrolled - curve.patients:
        notes.append(
            ngettext(
                "%(count)s enrolled patient is not in the curve: no day under observation yet.",
                "%(count)s enrolled patients are not in the curve: no day under observation yet.",
                missing,
            )
            % {"count": missing}
        )
    for gap in curve.gaps:
        notes.append(
            _("From day %(from)s to day %(to)s nobody was under observation.")
            % {"from": gap.from_day, "to": gap.to_day}
        )
    if curve.zero_on is not None:
        notes.append(
            _(
                "On day %(day)s everybody then under observation had the event; the estimate stays 0 although others "
                "entered later. Do not read it as survival."
            )
            % {"day": curve.zero_on}
        )
    return notes


def _visits_finding(rows: Sequence[StatusRow]) -> str:
    """Of the visits that took place or should have: how many on time."""
    past = sum(row.number.value for row in rows[: len(PASSED)])
    if not past:
        return _("No visit has fallen due yet")
    values = {"on_time": number_format(rows[0].number.value), "past": number_format(past)}
    return _("%(on_time)s of %(past)s visits took place on time") % values
