"""From milligrams to tablets: which strengths make up a dose, and how many tablets a span of days needs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from dosing.rules.orders import DoseOrderFacts, DosePeriod, days_by_dose


@dataclass(frozen=True, slots=True)
class TabletQuantity:
    strength_mg: int
    tablets: int


def tablets_for(dose_mg: int, strengths_mg: Sequence[int]) -> dict[int, Fraction]:
    """Tablets per strength for one dose: the largest strengths first, whole tablets only.

    300 mg of (100, 400) = 3 × 100, never ¾ of a 400. What no whole tablet makes up (300 mg of 400s alone)
    falls on the smallest strength as a part of a tablet, so that no mg is lost.
    """
    tablets: dict[int, Fraction] = {}
    rest = dose_mg
    for strength in sorted(strengths_mg, reverse=True):
        whole, rest = divmod(rest, strength)
        tablets[strength] = Fraction(whole)
    if rest and strengths_mg:
        smallest = min(strengths_mg)
        tablets[smallest] += Fraction(rest, smallest)
    return {strength: number for strength, number in tablets.items() if number}


def tablets_over(doses: Counter[int], strengths_mg: Sequence[int]) -> dict[int, Fraction]:
    """Tablets per strength for a count of days by daily dose (`orders.days_by_dose`)."""
    needed: dict[int, Fraction] = {}
    for dose_mg, days in doses.items():
        for strength, tablets in tablets_for(dose_mg, strengths_mg).items():
            needed[strength] = needed.get(strength, Fraction(0)) + tablets * days
    return needed


def proposed_tablets(
    order: DoseOrderFacts, from_on: date, until: date, strengths_mg: Sequence[int]
) -> tuple[TabletQuantity, ...]:
    """What to dispense so that the order is covered from one day to another, both inside; rounded up per
    strength.

    Days off of the pattern need no tablet: the pattern is counted from its anchor, not by its mean.
    """
    doses = days_by_dose([DosePeriod(order, from_on, until)], from_on, until)
    needed = tablets_over(doses, strengths_mg)
    return tuple(
        TabletQuantity(strength, ceil(needed[strength])) for strength in sorted(needed, reverse=True)
    )
