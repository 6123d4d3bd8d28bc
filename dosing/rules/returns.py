"""Whether a return is possible: nobody brings back, loses and keeps more tablets than were out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dosing.rules.accountability import StrengthCount, strength_counts
from dosing.rules.kits import KitFacts, KitReturnFacts, kits_by_day, returns_by_kit, tablets_kept
from protocol.sentences import Refusal, gettext_noop


@dataclass(frozen=True, slots=True)
class ReturnExcess:
    """Of one strength more tablets are accounted for than were out in the interval from `from_on`."""

    from_on: date
    count: StrengthCount


class ReturnExceedsSupply(Refusal):
    """A return larger than what was out."""

    def __init__(self, excess: ReturnExcess) -> None:
        super().__init__(
            gettext_noop(
                "%(accounted)d tablets of %(strength_mg)d mg came back, were lost or are kept, "
                "but only %(out)d were out."
            ),
            accounted=excess.count.tablets_accounted,
            strength_mg=excess.count.strength_mg,
            out=excess.count.tablets_out,
        )
        self.excess = excess


def return_excesses(kits: Sequence[KitFacts], returns: Sequence[KitReturnFacts]) -> tuple[ReturnExcess, ...]:
    """Each strength of each interval with more tablets accounted for than out, by day and strength."""
    by_kit = returns_by_kit(returns)
    excesses = []
    carried: Counter[int] = Counter()
    for from_on, group in kits_by_day(kits).items():
        counts = strength_counts(group, by_kit, carried, Counter())
        excesses += [ReturnExcess(from_on, count) for count in counts if count.tablets_consumed < 0]
        carried = tablets_kept(group, by_kit)
    return tuple(excesses)


def check_return(kits: Sequence[KitFacts], returns: Sequence[KitReturnFacts], new: KitReturnFacts) -> None:
    """Refuse a return that accounts for more than was out, in its own interval or in the one it feeds.

    `returns` are those recorded so far; `new` stands in for an earlier count of the same kit.
    Raises ReturnExceedsSupply with the sentence for the user.
    """
    others = [kit_return for kit_return in returns if kit_return.kit_id != new.kit_id]
    for excess in return_excesses(kits, [*others, new]):
        raise ReturnExceedsSupply(excess)
