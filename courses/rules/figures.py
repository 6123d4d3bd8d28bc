"""What the course of one patient adds to the figures: patients by measure, percentages, and adherence over time."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from courses.rules.standing import BELOW_MINIMUM, LONG_HOLDS, Standing
from courses.rules.summary import CourseSummary
from dosing.rules.accountability import AccountabilityInterval
from protocol.codes import EntryPath, FlagCode, Phase
from protocol.days import round_half_up
from protocol.definition import Protocol

Figure = tuple[str, str, int]  # figure, key, n
NONE = "none"  # the key of patients for whom a percentage cannot be evaluated
_MONTHS_A_QUARTER = 3


def course_figures(summary: CourseSummary, standing: Standing, protocol: Protocol) -> Iterator[Figure]:
    """Everything of the course; `summary` and `standing` of the same day."""
    yield "as_of", summary.as_of.isoformat(), 1
    yield "protocol", protocol.version, 1
    for key, applies in MEASURES.items():
        if applies(summary, standing):
            yield "patients", key, 1
    yield from _accrual(summary)
    for flag in standing.waiting:
        yield "flags_waiting", flag.code.value, 1
    for part, found in summary.adherence_by_part.items():
        if found is not None:
            yield f"pill_count:{part}", _percent(found.pill_count_percent), 1
            yield f"pdc:{part}", _percent(found.pdc_percent), 1
            yield f"rdi:{part}", _percent(found.rdi_percent), 1
    for interval in summary.intervals:
        yield from _trend(interval)


def _is_in_screening(summary: CourseSummary) -> bool:
    """Entered and not enrolled by the day. Who signed or enrolled only later was not there yet."""
    patient = summary.patient
    came_on = patient.consent_on or patient.enrolled_on
    return not summary.is_enrolled and (came_on is None or came_on <= summary.as_of)


Measure = Callable[[CourseSummary, Standing], bool]
MEASURES: dict[str, Measure] = {
    "enrolled": lambda summary, _: summary.is_enrolled,
    "not_enrolled": lambda summary, _: _is_in_screening(summary),
    "path_a": lambda summary, _: summary.is_enrolled and summary.patient.entry_path == EntryPath.NEW_START,
    "path_b": lambda summary, _: (
        summary.is_enrolled and summary.patient.entry_path == EntryPath.ALREADY_TREATED
    ),
    "on_treatment": lambda summary, _: summary.is_on_treatment,
    "standard": lambda summary, _: summary.is_on_treatment and summary.phase == Phase.STANDARD,
    "extension": lambda summary, _: summary.is_on_treatment and summary.phase == Phase.EXTENSION,
    "ended": lambda summary, _: summary.treatment_ended_on is not None,
    "dose_below_minimum": lambda _, standing: bool(standing.flagged & BELOW_MINIMUM),
    "dose_below_minimum_now": lambda _, standing: bool(standing.flagged_now & BELOW_MINIMUM),
    "long_hold": lambda _, standing: bool(standing.flagged & LONG_HOLDS),
    "long_hold_now": lambda _, standing: bool(standing.flagged_now & LONG_HOLDS),
    "overuse": lambda _, standing: FlagCode.OVERUSE in standing.flagged,
    "waiting": lambda _, standing: bool(standing.waiting),
    "overdue": lambda _, standing: standing.overdue_since is not None,
    "cannot_finish": lambda _, standing: standing.cannot_finish,
}


def _accrual(summary: CourseSummary) -> Iterator[Figure]:
    if summary.is_enrolled and summary.patient.enrolled_on is not None:
        yield "accrual", f"{summary.patient.enrolled_on:%Y-%m}", 1


def _percent(value: Fraction | None) -> str:
    """As the export rounds it: "98.41"."""
    return NONE if value is None else str(round_half_up(value, 2))


def _trend(interval: AccountabilityInterval) -> Iterator[Figure]:
    """By the quarter of the first day of an interval between two dispensings; mg."""
    day = interval.from_on
    quarter = f"{day.year}Q{(day.month - 1) // _MONTHS_A_QUARTER + 1}"
    if not interval.evaluable or interval.consumed_mg is None:
        yield "trend_not_evaluable", quarter, 1
        return
    yield "trend_consumed", quarter, interval.consumed_mg
    yield "trend_expected", quarter, interval.expected_mg
    yield "trend_intervals", quarter, 1
