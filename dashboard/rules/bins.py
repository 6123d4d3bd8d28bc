"""How a distribution of percentages is cut: even steps, with every edge of an adherence band among the cuts."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from protocol.definition import Adherence

STEP_PERCENT = 5
BELOW_FAIR_PERCENT = 20  # how far under the lowest band single steps are still told apart


class Band(StrEnum):
    """Of an adherence: at least good, at least fair, low; overuse is a finding of its own."""

    GOOD = "good"
    FAIR = "fair"
    LOW = "low"
    OVERUSE = "overuse"


@dataclass(frozen=True, slots=True)
class Bin:
    """`from_percent` inside, `to_percent` outside; None = no limit on that side."""

    from_percent: Decimal | None
    to_percent: Decimal | None

    def holds(self, percent: Decimal) -> bool:
        """Whether a percentage lies in it."""
        is_above = self.from_percent is None or percent >= self.from_percent
        return is_above and (self.to_percent is None or percent < self.to_percent)

    @property
    def key(self) -> str:
        """A word for addresses: "80-85", "to-60", "from-120"."""
        if self.from_percent is None:
            return f"to-{self.to_percent}"
        return (
            f"from-{self.from_percent}"
            if self.to_percent is None
            else f"{self.from_percent}-{self.to_percent}"
        )


def edges(bands: Adherence) -> tuple[Decimal, ...]:
    """The cuts: steps from well under the lowest band up to overuse, and the bands themselves."""
    lowest = int(bands.fair_percent) - BELOW_FAIR_PERCENT
    steps = {Decimal(edge) for edge in range(lowest, int(bands.overuse_percent), STEP_PERCENT)}
    return tuple(sorted(steps | {bands.fair_percent, bands.good_percent, bands.overuse_percent}))


def bins(bands: Adherence) -> tuple[Bin, ...]:
    """Every bin of the distribution, lowest first; the two outer ones are open."""
    cuts = (None, *edges(bands), None)
    return tuple(Bin(cuts[place], cuts[place + 1]) for place in range(len(cuts) - 1))


def band_limits(bands: Adherence) -> dict[Band, Bin]:
    """From where to where each band goes, the best first."""
    return {
        Band.GOOD: Bin(bands.good_percent, bands.overuse_percent),
        Band.FAIR: Bin(bands.fair_percent, bands.good_percent),
        Band.LOW: Bin(None, bands.fair_percent),
        Band.OVERUSE: Bin(bands.overuse_percent, None),
    }


def band_of(span: Bin, bands: Adherence) -> Band:
    """The band a bin lies in: its edges are among the cuts, so it never lies in two."""
    if span.from_percent is None or span.from_percent < bands.fair_percent:
        return Band.LOW
    if span.from_percent < bands.good_percent:
        return Band.FAIR
    return Band.GOOD if span.from_percent < bands.overuse_percent else Band.OVERUSE
