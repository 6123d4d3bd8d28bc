"""What went out and what came back: kits, and their counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby


@dataclass(frozen=True, slots=True)
class KitFacts:
    kit_id: str
    dispensed_on: date
    source: str  # SupplySource
    strength_mg: int
    tablets: int

    @property
    def mg(self) -> int:
        return self.strength_mg * self.tablets


@dataclass(frozen=True, slots=True)
class KitReturnFacts:
    """The count of a kit; `tablets_kept` stay with the patient for the next interval."""

    kit_id: str
    returned_on: date
    tablets_returned: int
    tablets_lost: int = 0
    tablets_kept: int = 0

    @property
    def tablets_accounted(self) -> int:
        return self.tablets_returned + self.tablets_lost + self.tablets_kept


Returns = Mapping[str, KitReturnFacts]  # by kit_id: a kit is counted once


def returns_by_kit(returns: Sequence[KitReturnFacts]) -> Returns:
    return {kit_return.kit_id: kit_return for kit_return in returns}


def kits_by_day(kits: Sequence[KitFacts]) -> dict[date, list[KitFacts]]:
    """The kits of each dispensing day, in order of days: kits given on one day are one supply."""
    ordered = sorted(kits, key=lambda kit: kit.dispensed_on)
    return {day: list(group) for day, group in groupby(ordered, key=lambda kit: kit.dispensed_on)}


def tablets_kept(kits: Sequence[KitFacts], returns: Returns) -> Counter[int]:
    """Tablets per strength (mg) of these kits that were counted and stayed with the patient."""
    kept: Counter[int] = Counter()
    for kit in kits:
        if kit.kit_id in returns:
            kept[kit.strength_mg] += returns[kit.kit_id].tablets_kept
    return kept


def expires_too_early(expires_on: date | None, until: date | None) -> bool:
    """Whether a kit expires before the last day it is handed out for; never where one of them is not known."""
    return expires_on is not None and until is not None and expires_on < until
