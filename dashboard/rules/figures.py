"""Everything the dashboard shows that is made of sums over patients, computed once for a state of the sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from courses.rules.tally import Tallies
from dashboard.rules.distribution import Distribution, distribution
from dashboard.rules.events import TermRow, event_rows
from dashboard.rules.kaplan_meier import SurvivalCurve, kaplan_meier
from dashboard.rules.months import EnrolmentMonth, MonthOfVisits, enrolment_months, visit_months
from dashboard.rules.trend import TrendPoint, trend

PERCENTAGES = ("pill_count", "pdc", "rdi")
PARTS = ("course", "standard", "extension")


@dataclass(frozen=True, slots=True)
class CutOff:
    """The day the numbers stand for, None without a patient; `oldest_on` differs while they are brought up to a new
    day."""

    on: date | None
    oldest_on: date | None
    patients: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`distributions` by percentage and part of the course; `entry_delay` in days; curves in days from first dose."""

    tallies: Tallies
    cut_off: CutOff
    distributions: Mapping[tuple[str, str], Distribution]
    trend: tuple[TrendPoint, ...]
    enrolment: tuple[EnrolmentMonth, ...]
    visits: tuple[MonthOfVisits, ...]
    events: tuple[TermRow, ...]
    relapse_free: SurvivalCurve
    persistence: SurvivalCurve
    entry_delay: Distribution


def figures_of(tallies: Tallies) -> Figures:
    return Figures(
        tallies=tallies,
        cut_off=_cut_off(tallies.of("as_of")),
        distributions={
            (percentage, part): distribution(tallies.of(f"{percentage}:{part}"))
            for percentage in PERCENTAGES
            for part in PARTS
        },
        trend=trend(
            tallies.of("trend_consumed"),
            tallies.of("trend_expected"),
            tallies.of("trend_intervals"),
            tallies.of("trend_not_evaluable"),
        ),
        enrolment=enrolment_months(tallies.of("accrual")),
        visits=visit_months(tallies.of("visits")),
        events=event_rows(tallies.of("events")),
        relapse_free=_curve(tallies, "rfs"),
        persistence=_curve(tallies, "persistence"),
        entry_delay=distribution(tallies.of("entry_delay")),
    )


def _cut_off(days: Mapping[str, int]) -> CutOff:
    known = [date.fromisoformat(day) for day in days]
    return CutOff(max(known, default=None), min(known, default=None), sum(days.values()))


def _curve(tallies: Tallies, figure: str) -> SurvivalCurve:
    """From how many entered, had the event and were censored on each day."""
    entry, event, censored = (
        {int(day): count for day, count in tallies.of(f"{figure}_{part}").items()}
        for part in ("entry", "event", "censored")
    )
    return kaplan_meier(entry, event, censored)
