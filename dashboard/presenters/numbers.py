"""A figure with what it means and where the patients behind it are listed, on the day that is shown."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format

from dashboard.measures import Measure, measure_of, measures
from dashboard.rules.figures import Figures
from protocol.definition import Protocol


@dataclass(frozen=True, slots=True)
class Number:
    measure: Measure
    value: int
    path: str


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that keep the day a person looks at; `past_on` is None for today."""

    past_on: date | None = None

    def patients(self, key: str) -> str:
        return self.to("patients", measure=key)

    def table(self, name: str) -> str:
        """The table as a file for a spreadsheet."""
        return self._with(reverse("dashboard:table", args=[name]), {})

    def to(self, name: str, **query: str) -> str:
        return self._with(reverse(f"dashboard:{name}"), query)

    def _with(self, path: str, query: dict[str, str]) -> str:
        asked = query | ({"on": self.past_on.isoformat()} if self.past_on else {})
        return f"{path}?{urlencode(asked)}" if asked else path


class Numbers:
    """Every number of a page from the same sums."""

    def __init__(self, figures: Figures, protocol: Protocol, links: Links) -> None:
        self.figures, self.protocol, self.links = figures, protocol, links

    @cached_property
    def _known(self) -> dict[str, Measure]:
        return measures(self.protocol)

    def of(self, key: str) -> Number:
        """Raises KeyError for a word that is no measure."""
        measure = self._known.get(key) or measure_of(key, self.protocol)
        if measure is None:
            raise KeyError(key)
        return Number(measure, measure.counted.of(self.figures.tallies), self.links.patients(key))


def share(part: int, whole: int, places: int = 0) -> str:
    """The percentage in figures; nothing where there is nothing to be a part of."""
    return number_format(100 * part / whole, places) if whole else ""
