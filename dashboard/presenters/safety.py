"""Adverse events as the page writes them down: a row a term, a column a grade, all and related."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.measures import ALL, RELATED
from dashboard.presenters.numbers import Links, Numbers
from dashboard.rules.events import GRADES, GradeCount, TermRow

COLUMNS = (*map(str, GRADES), "unknown", "any", "severe")


@dataclass(frozen=True, slots=True)
class EventCell:
    """`path` and `related_path` lead to the patients; "" where there is nobody."""

    count: GradeCount
    path: str
    related_path: str


@dataclass(frozen=True, slots=True)
class EventRow:
    term: str
    cells: tuple[EventCell, ...]


@dataclass(frozen=True, slots=True)
class Events:
    """`terms`: how many there are in all; `rows` may be the first of them."""

    finding: str
    rows: tuple[EventRow, ...]
    terms: int


def events(numbers: Numbers, most: int | None = None) -> Events:
    """The terms with the most patients first, at most so many of them."""
    found = numbers.figures.events
    rows = tuple(_row(row, numbers.links) for row in found[:most])
    return Events(_finding(found, numbers.of("enrolled").value), rows, len(found))


def counts_of(row: TermRow) -> tuple[GradeCount, ...]:
    """In the order of `COLUMNS`."""
    return (*row.grades, row.ungraded, row.any_grade, row.severe)


def _row(row: TermRow, links: Links) -> EventRow:
    cells = (
        _cell(row.term, column, count, links) for column, count in zip(COLUMNS, counts_of(row), strict=True)
    )
    return EventRow(row.term, tuple(cells))


def _cell(term: str, column: str, count: GradeCount, links: Links) -> EventCell:
    return EventCell(
        count,
        links.patients(f"event|{term}|{column}|{ALL}") if count.patients else "",
        links.patients(f"event|{term}|{column}|{RELATED}") if count.related else "",
    )


def _finding(rows: tuple[TermRow, ...], enrolled: int) -> str:
    if not rows:
        return _("No adverse event is recorded")
    values = {"term": rows[0].term, "patients": rows[0].any_grade.patients, "enrolled": enrolled}
    return (
        _("The most frequent adverse event is %(term)s: %(patients)s of %(enrolled)s enrolled patients")
        % values
    )
