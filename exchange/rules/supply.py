"""Which row of a folder brings back more tablets than were out; the arithmetic is the one the forms use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.returns import ReturnExcess, return_excesses


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """The count of a kit as given in the folder (with its row) or stored (`row` None); None = not readable."""

    row: int | None
    returned: int | None
    lost: int | None
    kept: int | None

    @property
    def accounted(self) -> int:
        return (self.returned or 0) + (self.lost or 0) + (self.kept or 0)

    @property
    def is_readable(self) -> bool:
        return None not in (self.returned, self.lost, self.kept)


@dataclass(frozen=True, slots=True)
class KitRow:
    """A kit of one patient, given or stored, and its count."""

    row: int | None
    name: str
    dispensed_on: date | None
    strength_mg: int | None
    tablets: int | None
    back: ReturnRow | None

    @property
    def is_readable(self) -> bool:
        return None not in (self.strength_mg, self.tablets) and (self.back is None or self.back.is_readable)


@dataclass(frozen=True, slots=True)
class Excess:
    """Where an excess is reported: a row of the returns, or, if none was given, of the kits."""

    in_returns: bool
    row: int
    message: str


def excesses(kits: Sequence[KitRow]) -> Iterator[Excess]:
    """The rows that take the tablets accounted for over those that were out, one a strength and interval.

    Returns count in the order of the file, after those stored before. Where a figure could not be read, neither its
    interval nor the next, which it feeds, is judged: one cause is reported once.
    """
    if any(kit.dispensed_on is None for kit in kits):
        return
    doubtful = _doubtful_days(kits)
    for excess in return_excesses(*_facts(kits)):
        if excess.from_on not in doubtful and (place := _place(kits, excess)):
            yield place


def _doubtful_days(kits: Sequence[KitRow]) -> set[date]:
    days = sorted({kit.dispensed_on for kit in kits if kit.dispensed_on})
    unreadable = {kit.dispensed_on for kit in kits if not kit.is_readable}
    fed = {later for day, later in pairwise(days) if day in unreadable}
    return {day for day in days if day in unreadable} | fed


def _facts(kits: Sequence[KitRow]) -> tuple[list[KitFacts], list[KitReturnFacts]]:
    facts, returns = [], []
    for kit in kits:
        assert kit.dispensed_on is not None
        facts.append(KitFacts(kit.name, kit.dispensed_on, "", kit.strength_mg or 0, kit.tablets or 0))
        if back := kit.back:
            counts = (back.returned or 0, back.lost or 0, back.kept or 0)
            returns.append(KitReturnFacts(kit.name, kit.dispensed_on, *counts))
    return facts, returns


def _place(kits: Sequence[KitRow], excess: ReturnExcess) -> Excess | None:
    count = excess.count
    message = (
        f"takes the {count.strength_mg} mg tablets back, lost and kept to {count.tablets_accounted}, expected at most "
        f"the {count.tablets_out} that were out from {excess.from_on}"
    )
    concerned = [kit for kit in kits if kit.name in count.kit_ids]
    backs = [kit.back for kit in concerned if kit.back]
    if row := _row_over(backs, count.tablets_out):
        return Excess(True, row, message)
    return _last_given(concerned, message) or _last_given(kits, message)


def _last_given(kits: Sequence[KitRow], message: str) -> Excess | None:
    """The last row of the folder among these, where what was stored before makes the excess."""
    if rows := [kit.back.row for kit in kits if kit.back and kit.back.row]:
        return Excess(True, max(rows), message)
    rows = [kit.row for kit in kits if kit.row]
    return Excess(False, max(rows), message) if rows else None


def _row_over(backs: Sequence[ReturnRow], out: int) -> int | None:
    """The row at which the running total passes what was out."""
    total = 0
    for back in sorted(backs, key=lambda back: back.row or 0):
        total += back.accounted
        if total > out and back.row:
            return back.row
    return None
