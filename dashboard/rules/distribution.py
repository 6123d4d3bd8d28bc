"""A distribution known only by its values and how often each occurs: quantiles and bins without single patients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from dashboard.rules.bins import Bin

NOT_EVALUABLE = "none"
QUARTILES = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))


@dataclass(frozen=True, slots=True)
class Distribution:
    """`values`: (percentage, how many patients), lowest first; who cannot be evaluated is counted apart."""

    values: tuple[tuple[Decimal, int], ...]
    not_evaluable: int

    @property
    def evaluable(self) -> int:
        return sum(count for _, count in self.values)

    def inside(self, span: Bin) -> int:
        """How many lie in a bin."""
        return sum(count for value, count in self.values if span.holds(value))

    @property
    def quartiles(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """Lower quartile, median, upper quartile; None while nobody can be evaluated."""
        if not self.values:
            return None
        low, middle, high = (quantile(self.values, share) for share in QUARTILES)
        return low, middle, high


def distribution(counts: Mapping[str, int]) -> Distribution:
    """From the percentages as written ("98.41", "none" = not evaluable) and how often each occurs."""
    values = ((Decimal(key), count) for key, count in counts.items() if key != NOT_EVALUABLE and count)
    return Distribution(tuple(sorted(values)), counts.get(NOT_EVALUABLE, 0))


def quantile(values: Iterable[tuple[Decimal, int]], share: Decimal) -> Decimal:
    """The value below which a share (0 … 1) of the counted ones lies, between two of them interpolated in a line.

    Raises ValueError where nothing was counted. Type 7 of Hyndman RJ, Fan Y. Am Stat 1996;50:361–5, as in NumPy and R.
    """
    counted = sorted(values)
    total = sum(count for _, count in counted)
    if not total:
        raise ValueError("no value has no quantile")
    place = share * (total - 1)
    below = floor(place)
    low, high = _at(counted, below), _at(counted, min(below + 1, total - 1))
    return low + (place - below) * (high - low)


def _at(counted: Iterable[tuple[Decimal, int]], place: int) -> Decimal:
    """The value at a place, from 0, of all of them in order."""
    for value, count in counted:
        if place < count:
            return value
        place -= count
    raise IndexError(place)
