"""A part of the worklist read from the stored agendas: the rows that are shown are judged, the others counted."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, overload

from agenda.rules.entries import Part
from agenda.selectors import StoredAgendas
from clinic.worklist.asked import Asked

Key = tuple[Hashable, str]


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

    def __len__(self) -> int:
        return self.stored.counts.get(self.part.value, 0)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            return self[place : place + 1][0]
        if not len(self):
            return []
        wanted = list(self.stored.rows(self.part)[place].values_list("patient_id", "code"))
        items = self.find(self.asked.among({pk for pk, _code in wanted}))
        found = {self.key(item): item for item in items}
        return [found[key] for key in wanted if key in found]
