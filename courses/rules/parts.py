"""Adherence of the two parts of a course, standard treatment and extension, each counted by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from courses.rules.pill_count import intervals_begun
from dosing.rules.accountability import AccountabilityInterval, pill_count_percent
from dosing.rules.exposure import Exposure
from dosing.rules.kits import KitFacts
from dosing.rules.orders import DosePeriod
from dosing.rules.supply import prescribed_pdc
from protocol.days import ONE_DAY


@dataclass(frozen=True, slots=True)
class PartAdherence:
    """Exact percentages of a part that has a day; None where nothing can be evaluated."""

    pill_count_percent: Fraction | None
    pdc_percent: Fraction | None
    rdi_percent: Fraction


def part_adherence(
    scope: Exposure | None,
    from_on: date,
    until: date,
    periods: Sequence[DosePeriod],
    intervals: Sequence[AccountabilityInterval],
    kits: Sequence[KitFacts],
) -> PartAdherence | None:
    """One part from its first to its last day; None for a part without a day.

    An interval over the boundary belongs to the part it began in; days before the first dispensing are not
    looked at, as in the course.
    """
    if scope is None:
        return None
    first_fill = min((kit.dispensed_on for kit in kits), default=from_on)
    last_on = from_on + timedelta(days=scope.days) - ONE_DAY
    return PartAdherence(
        pill_count_percent(intervals_begun(intervals, from_on, until)),
        prescribed_pdc(periods, kits, last_on, max(from_on, first_fill)),
        scope.rdi_percent,
    )
