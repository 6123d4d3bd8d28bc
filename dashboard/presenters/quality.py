"""How complete the records are, and how soon they were written down."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dashboard.presenters.numbers import Numbers, share


@dataclass(frozen=True, slots=True)
class CompletenessRow:
    name: str
    definition: str
    recorded: int
    expected: int
    share: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """`queries_open`, `queries_closed`: questions about what is recorded."""

    finding: str
    rows: tuple[CompletenessRow, ...]
    queries_open: int
    queries_closed: int


@dataclass(frozen=True, slots=True)
class EntryDelay:
    """Days between a visit and its first record; None while no visit was entered by hand."""

    finding: str
    visits: int
    same_day: int
    same_day_share: str
    median: Decimal | None
    upper_quartile: Decimal | None
    longest: Decimal | None


def completeness(numbers: Numbers) -> Completeness:
    counts = numbers.figures.tallies.of("completeness")
    named = (
        (
            "visits",
            _("Visits"),
            _("Scheduled visits whose window has closed, or that took place, with a record."),
        ),
        (
            "labs",
            _("Laboratory results"),
            _("Visits with a blood sample and at least one result of that day."),
        ),
        ("returns", _("Tablets back"), _("Kits of finished intervals with a count of what came back.")),
    )
    rows = []
    for key, name, definition in named:
        recorded, expected = counts.get(f"{key}_recorded", 0), counts.get(f"{key}_expected", 0)
        rows.append(CompletenessRow(name, definition, recorded, expected, share(recorded, expected, 1)))
    return Completeness(
        _completeness_finding(rows),
        tuple(rows),
        counts.get("queries_open", 0),
        counts.get("queries_closed", 0),
    )


def entry_delay(numbers: Numbers) -> EntryDelay:
    found = numbers.figures.entry_delay
    same_day = sum(count for days, count in found.values if days == 0)
    median, upper = found.quartiles[1:] if found.quartiles else (None, None)
    return EntryDelay(
        finding=_delay_finding(median),
        visits=found.evaluable,
        same_day=same_day,
        same_day_share=share(same_day, found.evaluable),
        median=median,
        upper_quartile=upper,
        longest=found.values[-1][0] if found.values else None,
    )


def _completeness_finding(rows: list[CompletenessRow]) -> str:
    missing = sum(row.expected - row.recorded for row in rows)
    if not sum(row.expected for row in rows):
        return _("Nothing was expected to be recorded yet")
    if not missing:
        return _("Everything expected is recorded")
    return _("%(missing)s of %(expected)s expected records are missing") % {
        "missing": number_format(missing),
        "expected": number_format(sum(row.expected for row in rows)),
    }


def _delay_finding(median: Decimal | None) -> str:
    if median is None:
        return _("No visit was entered by hand yet")
    if median == 0:
        return _("Half of the visits are entered on the day itself")
    return _("Half of the visits are entered within %(days)s days") % {"days": number_format(median, 0)}
