"""The grades of an event over time, and how long it lasted.

A history is steps: a grade from a day until the next step, the last one until the event ends. An event that came with
its worst grade alone has no steps; that grade stands for all of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from protocol.codes import DatePrecision
from protocol.days import ONE_DAY, days_between
from protocol.partial_days import PartialDay


@dataclass(frozen=True, slots=True)
class GradeStep:
    grade: int
    since: PartialDay


@dataclass(frozen=True, slots=True)
class Duration:
    """Days, the first and the last both counted; two numbers where a day of the month is not known."""

    at_least: int
    at_most: int
    is_ongoing: bool = False

    @property
    def is_exact(self) -> bool:
        return self.at_least == self.at_most


@dataclass(frozen=True, slots=True)
class Spell:
    """Days in a row with something in common, the first and the last both inside."""

    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        return days_between(self.from_on, self.to_on)


def in_order(history: Sequence[GradeStep]) -> list[GradeStep]:
    """By the first day each step can have begun on."""
    return sorted(history, key=lambda step: step.since.earliest)


def worst_grade(history: Sequence[GradeStep]) -> int | None:
    """The highest grade the event ever had."""
    return max((step.grade for step in history), default=None)


def grade_on(history: Sequence[GradeStep], on: date) -> int | None:
    """The grade that stands on a day; None before the first step."""
    reached = [step for step in in_order(history) if step.since.earliest <= on]
    return reached[-1].grade if reached else None


def spells_above(history: Sequence[GradeStep], grade: int, until: date) -> Iterator[Spell]:
    """The spells up to a day with more than a grade; steps that adjoin are one. As `grade_on` has it day by day."""
    steps = [step for step in in_order(history) if step.since.earliest <= until]
    ends = [later.since.earliest - ONE_DAY for later in steps[1:]] + [until]
    lasting = zip(steps, ends, strict=False)
    for is_above, run in groupby(lasting, key=lambda row: row[0].grade > grade):
        if is_above:
            rows = list(run)
            yield Spell(rows[0][0].since.earliest, rows[-1][1])


def duration(start: PartialDay, end: PartialDay | None, *, on: date) -> Duration | None:
    """How long an event lasted, or has lasted so far on the day `on`; None where no month is known of a date."""
    last = end or PartialDay(max(on, start.earliest))
    if DatePrecision.YEAR in (start.precision, last.precision):
        return None
    at_most = days_between(start.earliest, last.latest)
    at_least = max(days_between(start.latest, last.earliest), 1)
    return Duration(min(at_least, at_most), at_most, is_ongoing=end is None)
