"""Figures of many patients as sums: what one patient adds, and how sums are added.

Every figure is a number of things under a key, so that a sum over patients can be kept up to date by adding what a
patient counts for now and taking away what the patient counted for before: the work grows with the change.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from courses.rules.facts import CourseFacts, cut_off
from courses.rules.figures import course_figures
from courses.rules.records import CourseRecords, records_cut_off
from courses.rules.records_figures import record_figures
from courses.rules.standing import Standing
from courses.rules.summary import CourseSummary
from courses.rules.survival_figures import survival_figures
from protocol.definition import Protocol

Contributions = Counter[tuple[str, str]]  # (figure, key) -> how many
_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tallies:
    """Sums over some patients by figure and key; zeros are left out."""

    figures: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, str, int]]) -> Self:
        """From (figure, key, n); what appears twice is added."""
        figures: dict[str, dict[str, int]] = {}
        for figure, key, n in rows:
            keys = figures.setdefault(figure, {})
            keys[key] = keys.get(key, 0) + n
        kept = ((figure, {key: n for key, n in keys.items() if n}) for figure, keys in figures.items())
        return cls({figure: keys for figure, keys in kept if keys})

    def rows(self) -> Iterator[tuple[str, str, int]]:
        return ((figure, key, n) for figure, keys in self.figures.items() for key, n in keys.items())

    def of(self, figure: str) -> Mapping[str, int]:
        return self.figures.get(figure, _NOTHING)

    def count(self, figure: str, key: str) -> int:
        return self.of(figure).get(key, 0)

    def __add__(self, other: "Tallies") -> "Tallies":
        return Tallies.of_rows((*self.rows(), *other.rows()))


def contributions(
    facts: CourseFacts, records: CourseRecords, protocol: Protocol, summary: CourseSummary, standing: Standing
) -> Contributions:
    """What one patient adds on the day of the summary; all from the same facts."""
    known, recorded = cut_off(facts, summary.as_of), records_cut_off(records, summary.as_of)
    found: Contributions = Counter()
    for figures in (
        course_figures(summary, standing, protocol),
        survival_figures(known, summary, protocol),
        record_figures(known, recorded, summary, protocol),
    ):
        for figure, key, n in figures:
            found[figure, key] += n
    return found


def differences(old: Contributions, new: Contributions) -> dict[tuple[str, str], int]:
    """What is to be added to a sum that holds `old` so that it holds `new`; in order of figure and key."""
    changed = {key: new[key] - old[key] for key in old.keys() | new.keys()}
    return {key: changed[key] for key in sorted(changed) if changed[key]}


def as_nested(found: Contributions) -> dict[str, dict[str, int]]:
    """As it is stored with a patient: figure -> key -> n."""
    nested: dict[str, dict[str, int]] = {}
    for (figure, key), n in sorted(found.items()):
        if n:
            nested.setdefault(figure, {})[key] = n
    return nested


def from_nested(nested: Mapping[str, Mapping[str, int]] | None) -> Contributions:
    return Counter({(figure, key): n for figure, keys in (nested or {}).items() for key, n in keys.items()})
