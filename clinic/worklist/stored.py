"""A part of the worklist read from the stored agendas: the rows that are shown are judged, the others counted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, overload

from agenda.rules.entries import Part
from agenda.selectors import StoredAgendas
from clinic.worklist.asked import Asked

Key = tuple[int, str]


class StoredItems(Sequence[Any]):
    """As many as there are entries; a slice of them is found by the rule, among the patients it is about.

    `find` judges what was asked of some patients; `key` tells which entry an item is.
    """

    def __init__(
        self,
        part: Part,
        asked: Asked,
        stored: StoredAgendas,
        find: Callable[[Asked], Iterable[Any]],
        key: Callable[[Any], Key],
    ) -> None:
        self.part, self.asked, self.stored, self.find, self.key = part, asked, stored, find, key
        self.judged: Asked | None = None
        self._read: dict[tuple[int | None, int | None], list[Key]] = {}

    def __len__(self) -> int:
        return self.stored.counts.get(self.part.value, 0)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            return self[place : place + 1][0]
        wanted = self.wanted(place)
        items = self.find(self.judged or self.asked.among({pk for pk, _code in wanted})) if wanted else ()
        found = {self.key(item): item for item in items}
        return [found[key] for key in wanted if key in found]

    def wanted(self, place: slice) -> list[Key]:
        asked_for = (place.start, place.stop)
        if asked_for not in self._read:
            rows = self.stored.rows(self.part)[place] if len(self) else self.stored.rows(self.part).none()
            self._read[asked_for] = list(rows.values_list("patient_id", "code"))
        return self._read[asked_for]


def judge_together(lists: Sequence[StoredItems], most: int) -> None:
    """What is read to find the first items of several parts is read once for all of them."""
    patients = {pk for items in lists for pk, _code in items.wanted(slice(most))}
    judged = lists[0].asked.among(patients) if lists else None
    for items in lists:
        items.judged = judged
