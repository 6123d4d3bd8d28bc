"""Tablets handed out against what the orders need."""

from collections.abc import Sequence
from dataclasses import dataclass

from dosing.rules.tablets import TabletQuantity

A_FEW = 7  # tablets more or less that nobody is asked about: packs are not broken, a spare week is usual


@dataclass(frozen=True, slots=True)
class QuantityDoubt:
    strength_mg: int
    handed_out: int
    needed: int


def quantities_in_doubt(
    handed_out: Sequence[TabletQuantity], needed: Sequence[TabletQuantity], *, is_as_proposed: bool
) -> tuple[QuantityDoubt, ...]:
    """The strengths of which more or fewer tablets are handed out than needed, the largest strength first.

    A few tablets of difference are somebody's choice, unless the quantities are proposed ones that nobody
    touched: those are exact or out of date.
    """
    out, due = _by_strength(handed_out), _by_strength(needed)
    tolerated = 0 if is_as_proposed else A_FEW
    doubts = (
        QuantityDoubt(strength, out.get(strength, 0), due.get(strength, 0))
        for strength in sorted(out.keys() | due.keys(), reverse=True)
    )
    return tuple(doubt for doubt in doubts if abs(doubt.handed_out - doubt.needed) > tolerated)


def _by_strength(quantities: Sequence[TabletQuantity]) -> dict[int, int]:
    tablets: dict[int, int] = {}
    for quantity in quantities:
        tablets[quantity.strength_mg] = tablets.get(quantity.strength_mg, 0) + quantity.tablets
    return tablets
