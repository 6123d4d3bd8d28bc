"""Where the tablets are: a balance per kit and per strength that always adds up.

Of every strength: dispensed = returned + lost + used + not counted + still with the patient. Tablets that were counted
and kept go into the next dispensing, so only those kept last are still with the patient; of a dispensing that is not
fully counted nobody knows yet how many are used.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dosing.rules.kits import KitFacts, KitReturnFacts, kits_by_day, returns_by_kit


@dataclass(frozen=True, slots=True)
class KitBalance:
    """One kit; `counted` None: nothing came back of it yet."""

    kit: KitFacts
    counted: KitReturnFacts | None

    @property
    def tablets_gone(self) -> int | None:
        """Neither returned, lost nor kept; below 0 where tablets of an earlier kit came back with it."""
        return None if self.counted is None else self.kit.tablets - self.counted.tablets_accounted


@dataclass(frozen=True, slots=True)
class StrengthBalance:
    strength_mg: int
    dispensed: int
    returned: int
    lost: int
    used: int
    not_counted: int
    kept: int

    @property
    def difference(self) -> int:
        """0: it adds up."""
        return self.dispensed - (self.returned + self.lost + self.used + self.not_counted + self.kept)


def strength_balances(
    kits: Sequence[KitFacts], returns: Sequence[KitReturnFacts]
) -> tuple[StrengthBalance, ...]:
    """The balance of each strength that was ever dispensed, the smallest first."""
    return tuple(_balance(strength, kits, returns) for strength in sorted({kit.strength_mg for kit in kits}))


def _balance(
    strength_mg: int, kits: Sequence[KitFacts], returns: Sequence[KitReturnFacts]
) -> StrengthBalance:
    by_kit = returns_by_kit(returns)
    sums: Counter[str] = Counter()
    with_patient = 0
    for group in kits_by_day(kits).values():
        mine = [kit for kit in group if kit.strength_mg == strength_mg]
        counted = [by_kit[kit.kit_id] for kit in mine if kit.kit_id in by_kit]
        dispensed = sum(kit.tablets for kit in mine)
        kept = sum(row.tablets_kept for row in counted)
        gone = with_patient + dispensed - sum(row.tablets_accounted for row in counted)
        sums["dispensed"] += dispensed
        sums["returned"] += sum(row.tablets_returned for row in counted)
        sums["lost"] += sum(row.tablets_lost for row in counted)
        sums["used" if len(counted) == len(mine) else "not_counted"] += gone
        with_patient = kept
    return StrengthBalance(
        strength_mg=strength_mg,
        dispensed=sums["dispensed"],
        returned=sums["returned"],
        lost=sums["lost"],
        used=sums["used"],
        not_counted=sums["not_counted"],
        kept=with_patient,
    )
