"""The product-limit estimate of survival, with delayed entry, from how many entered and left on each day.

Conventions, those of lifelines and of `survival::survfit` in R: whoever enters on day e is at risk from the day
after it (e = 0: from the start), whoever leaves on day t is at risk on t, and events of a day come before its
censorings. So at risk on t = entered before t − left before t, and single patients are never needed. Whoever left
on or before the day of entry was never at risk and must not be among the counts.

Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457–81. Variance by Greenwood's formula, the band on the log(−log)
scale, which keeps it between 0 and 1 (Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
HALF = 0.5
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_TOLERANCE = 1e-12  # a product of fractions that is one half may miss it in the last digits

Counts = Mapping[int, int]  # day -> how many patients


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which somebody left. `survival` holds from that day on.

    The limits are None once the curve has reached 0: the variance is not defined there.
    """

    day: int
    at_risk: int
    events: int
    censored: int
    survival: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days, both inside, on which nobody was under observation although somebody was later: the curve says nothing
    about them and runs on as it was."""

    from_day: int
    to_day: int


@dataclass(frozen=True, slots=True)
class Median:
    """Days; a limit that the band does not reach is None."""

    day: int | None
    lower: int | None
    upper: int | None


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """`zero_on`: the day on which everybody then at risk had the event while others were still to enter. From there
    the estimate is 0 whatever happens later, so it must not be read as survival."""

    steps: tuple[Step, ...]
    entries: tuple[tuple[int, int], ...]
    gaps: tuple[Gap, ...]
    zero_on: int | None

    @property
    def patients(self) -> int:
        return sum(entered for _, entered in self.entries)

    @property
    def events(self) -> int:
        return sum(step.events for step in self.steps)

    @property
    def last_day(self) -> int:
        return self.steps[-1].day if self.steps else 0

    @property
    def median(self) -> Median:
        """When half have had the event, and from when to when half may have had it (Brookmeyer R, Crowley J.
        Biometrics 1982;38:29–41)."""
        return Median(
            _first((step.day, step.survival) for step in self.steps),
            _first((step.day, step.lower or 0.0) for step in self.steps),
            _first((step.day, 1.0 if step.upper is None else step.upper) for step in self.steps),
        )

    def on(self, day: int) -> Step | None:
        """The step that holds on a day; None before the first one, while survival is 1."""
        return next((step for step in reversed(self.steps) if step.day <= day), None)

    def at_risk(self, day: int) -> int:
        """How many are under observation as day `day` begins; of day 0, who is so from the start."""
        entered = sum(count for entry, count in self.entries if entry < max(day, 1))
        return entered - sum(step.events + step.censored for step in self.steps if step.day < day)


def kaplan_meier(entries: Counts, events: Counts, censored: Counts) -> SurvivalCurve:
    """The curve of patients counted by the day they entered (0 = from the start) and the day they left.

    Raises ValueError where the counts cannot be: more leave than have entered.
    """
    days = sorted({day for day, count in [*events.items(), *censored.items()] if count})
    entered = tuple(sorted((day, count) for day, count in entries.items() if count))
    steps = tuple(_steps(days, entered, events, censored))
    left = sum(step.events + step.censored for step in steps)
    if left != sum(count for _, count in entered):
        raise ValueError("as many must leave as have entered")
    zero = next((step for step in steps if step.survival == 0), None)
    return SurvivalCurve(
        steps=steps,
        entries=entered,
        gaps=tuple(_gaps(steps, entered)),
        zero_on=zero.day if zero and zero.day < steps[-1].day else None,
    )


def _steps(
    days: Sequence[int], entries: Sequence[tuple[int, int]], events: Counts, censored: Counts
) -> Iterator[Step]:
    entered = left = place = 0
    survival, variance = 1.0, 0.0
    for day in days:
        while place < len(entries) and entries[place][0] < day:
            entered += entries[place][1]
            place += 1
        at_risk, died, lost = entered - left, events.get(day, 0), censored.get(day, 0)
        if died + lost > at_risk:
            raise ValueError(f"day {day}: {died + lost} leave, but only {at_risk} are at risk")
        survival *= (at_risk - died) / at_risk
        variance += died / (at_risk * (at_risk - died)) if died < at_risk else 0.0
        lower, upper = _band(survival, variance)
        left += died + lost
        yield Step(day, at_risk, died, lost, survival, lower, upper)


def _band(survival: float, variance: float) -> tuple[float | None, float | None]:
    """`variance`: Greenwood's sum, of log S."""
    if survival == 0:
        return None, None
    if variance == 0:
        return survival, survival
    hazard = -log(survival)
    width = exp(_Z * sqrt(variance) / hazard)
    return exp(-hazard * width), exp(-hazard / width)


def _gaps(steps: Sequence[Step], entries: Sequence[tuple[int, int]]) -> Iterator[Gap]:
    """Before the first entry, and from a day on which the last one left to the next entry."""
    changes: Counter[int] = Counter()
    for day, count in entries:
        changes[day + 1] += count
    for step in steps:
        changes[step.day + 1] -= step.events + step.censored
    at_risk = 0
    for day, next_day in pairwise(sorted({1, *changes})):
        at_risk += changes[day]
        if at_risk == 0:
            yield Gap(day, next_day - 1)


def _first(days: Iterable[tuple[int, float]]) -> int | None:
    """The first day on which the value is one half or less."""
    return next((day for day, value in days if value <= HALF + _TOLERANCE), None)
