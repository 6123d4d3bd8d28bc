"""Days of which only the month or the year is known: "2026-03" is some day of March, and stays that.

Nothing is filled in. A partial day is kept as its first possible day and its precision (SDTM keeps the same in the
length of --DTC); what is asked of two of them is answered only where every possible day gives the same answer.
"""

import re
from dataclasses import dataclass
from datetime import date

from protocol.codes import DatePrecision
from protocol.days import ONE_DAY, add_months

_WRITTEN = re.compile(r"([0-9]{4})(?:[-.]?([0-9]{2})(?:[-.]?([0-9]{2}))?)?")
_MONTHS = {DatePrecision.MONTH: 1, DatePrecision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class PartialDay:
    """`earliest` is the first day it can be: the 1st of a month of which no day is known."""

    earliest: date
    precision: DatePrecision = DatePrecision.DAY

    def __post_init__(self) -> None:
        if self.earliest != first_possible(self.earliest, self.precision):
            raise ValueError(f"{self.earliest} is not the first day of its {self.precision.value.lower()}")

    @property
    def latest(self) -> date:
        """The last day it can be."""
        months = _MONTHS.get(self.precision, 0)
        return add_months(self.earliest, months) - ONE_DAY if months else self.earliest

    @property
    def is_known(self) -> bool:
        return self.precision is DatePrecision.DAY

    def is_before(self, other: "PartialDay") -> bool:
        """Before it for certain, whichever days the two were."""
        return self.latest < other.earliest

    def __str__(self) -> str:
        """As ISO 8601 writes it: 2026, 2026-03 or 2026-03-14."""
        length = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7}.get(self.precision, 10)
        return self.earliest.isoformat()[:length]


def partial_day(text: str) -> PartialDay:
    """What somebody wrote: a year, a year and month, or a day; ValueError for anything else."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no day, month or year")
    year, month, day = found.groups()
    precision = DatePrecision.DAY if day else DatePrecision.MONTH if month else DatePrecision.YEAR
    return PartialDay(date(int(year), int(month or 1), int(day or 1)), precision)


def first_possible(day: date, precision: DatePrecision) -> date:
    """The first day of the month or year around `day`, or `day` itself."""
    if precision is DatePrecision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision is DatePrecision.MONTH else day
