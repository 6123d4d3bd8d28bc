"""What a number of the dashboard is the sum of: asked of all patients and of one in the same words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from courses.rules.tally import Tallies
from dashboard.rules.bins import Bin
from dashboard.rules.distribution import NOT_EVALUABLE


@dataclass(frozen=True, slots=True)
class Counted:
    """Some keys of a figure: those named (None: every one), those that end so, or the percentages of a bin."""

    figure: str
    keys: tuple[str, ...] | None = None
    ending: str = ""
    span: Bin | None = None

    def holds(self, key: str) -> bool:
        if self.span is not None:
            return key != NOT_EVALUABLE and self.span.holds(Decimal(key))
        return key.endswith(self.ending) and (self.keys is None or key in self.keys)

    def among(self, counts: Mapping[str, int]) -> int:
        """How much of a figure it is; of one patient: 0 = the patient is not behind the number."""
        return sum(self._counts(counts))

    def of(self, tallies: Tallies) -> int:
        return self.among(tallies.of(self.figure))

    def of_patient(self, tallied: Mapping[str, Mapping[str, int]] | None) -> int:
        """`tallied`: figure -> key -> n, as it stands with a summary."""
        return self.among((tallied or {}).get(self.figure, {}))

    def _counts(self, counts: Mapping[str, int]) -> Iterator[int]:
        if self.keys is not None and self.span is None:
            return (counts.get(key, 0) for key in self.keys)
        return (count for key, count in counts.items() if self.holds(key))
