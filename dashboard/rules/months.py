"""What happened month by month: enrolment, and visits by what became of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from protocol.codes import VisitStatus
from protocol.days import add_months

# From the ground of a stacked bar upwards: what is good first, so that its height can be compared.
PASSED = (
    VisitStatus.COMPLETED,
    VisitStatus.COMPLETED_OUT_OF_WINDOW,
    VisitStatus.NOT_DONE,
    VisitStatus.MISSED,
)


@dataclass(frozen=True, slots=True)
class MonthOfVisits:
    """The scheduled visits whose target lies in one month, by status, in the order of `PASSED`."""

    month: date
    counts: tuple[int, ...]

    @property
    def visits(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class EnrolmentMonth:
    month: date
    enrolled: int
    in_all: int


def first_of_month(key: str) -> date:
    """ "2026-03" as the first day of that month."""
    return date.fromisoformat(f"{key}-01")


def visit_months(counts: Mapping[str, int]) -> tuple[MonthOfVisits, ...]:
    """From "2026-03|COMPLETED" counts: every month from the first to the last with a visit that is past.

    What is still to come and what needed no visit (before enrolment, cancelled) is left out.
    """
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for key, visits in counts.items():
        first, status = key.split("|")
        if status in PASSED and visits:
            found[first_of_month(first)][status] = visits
    rows: list[MonthOfVisits] = []
    month = min(found, default=date.max)
    while month <= max(found, default=date.min):
        by_status = found.get(month, {})
        rows.append(MonthOfVisits(month, tuple(by_status.get(status, 0) for status in PASSED)))
        month = add_months(month, 1)
    return tuple(rows)


def enrolment_months(counts: Mapping[str, int]) -> tuple[EnrolmentMonth, ...]:
    """From "2026-03" counts: the months in which somebody was enrolled, in order, and how many by then."""
    rows: list[EnrolmentMonth] = []
    in_all = 0
    for month in sorted(first_of_month(key) for key, enrolled in counts.items() if enrolled):
        enrolled = counts[f"{month:%Y-%m}"]
        in_all += enrolled
        rows.append(EnrolmentMonth(month, enrolled, in_all))
    return tuple(rows)
