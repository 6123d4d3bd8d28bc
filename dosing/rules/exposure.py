"""Exposure and dose intensity: what was ordered, what was taken, and what the protocol planned.

Dose intensity is the mg received per unit of time against the mg projected for it (Hryniuk & Bush 1984,
acemap 259259690); a hold counts against it. Nothing is rounded here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice

from dosing.rules.orders import DosePeriod, daily_doses, days_by_dose
from protocol.days import days_between


@dataclass(frozen=True, slots=True)
class MissedDosesFacts:
    """Doses the patient reports as not taken, somewhere in a range of days (both ends inside)."""

    from_on: date
    to_on: date
    doses_missed: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """The sums of one scope: whole days and whole mg."""

    days: int
    dosing_days: int
    ordered_mg: int
    taken_mg: int
    planned_mg: int

    @property
    def rdi_percent(self) -> Fraction:
        """Relative dose intensity: 100 × taken / planned."""
        return Fraction(100 * self.taken_mg, self.planned_mg)

    @property
    def intensity_mg_per_day(self) -> Fraction:
        """Dose intensity: mg taken per calendar day."""
        return Fraction(self.taken_mg, self.days)

    @property
    def adherence_percent(self) -> Fraction | None:
        """100 × taken / ordered; None where nothing was ordered. Holds do not count against it."""
        return Fraction(100 * self.taken_mg, self.ordered_mg) if self.ordered_mg else None


def exposure(
    periods: Sequence[DosePeriod],
    missed: Sequence[MissedDosesFacts],
    from_on: date,
    until: date,
    planned_dose_mg: int,
) -> Exposure | None:
    """The exposure of a scope from `from_on` to `until`; None when the scope has no day.

    Give all missed doses of the course: where they fall does not depend on the scope.
    """
    if until < from_on:
        return None
    days = days_between(from_on, until)
    doses = days_by_dose(periods, from_on, until)
    ordered = sum(mg * count for mg, count in doses.items())
    not_taken = sum(mg for day, mg in missed_days(periods, missed, until).items() if day >= from_on)
    return Exposure(
        days=days,
        dosing_days=sum(count for mg, count in doses.items() if mg),
        ordered_mg=ordered,
        taken_mg=ordered - not_taken,
        planned_mg=planned_dose_mg * days,
    )


def missed_days(
    periods: Sequence[DosePeriod], missed: Sequence[MissedDosesFacts], until: date
) -> dict[date, int]:
    """The days, up to `until`, on which the missed doses fall, each with the mg ordered on it.

    Rows in order of (`from_on`, `to_on`); each takes the earliest dosing days of its range not already
    missed. A surplus is dropped. Earliest first, so cutting at `until` changes nothing before it.
    """
    gone: dict[date, int] = {}
    for row in sorted(missed, key=lambda row: (row.from_on, row.to_on)):
        doses = daily_doses(periods, row.from_on, min(row.to_on, until))
        free = (dose for dose in doses if dose[0] not in gone)
        gone.update(list(islice(free, row.doses_missed)))
    return gone


def percent_of_planned_course(taken_mg: int, planned_days: int, planned_dose_mg: int) -> Fraction:
    """100 × taken mg / mg of the whole planned course; the denominator is what differs from `rdi_percent`."""
    return Fraction(100 * taken_mg, planned_days * planned_dose_mg)
