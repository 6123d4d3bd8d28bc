"""The parts of the worklist in their order, and how each is read and put into words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from adverse_events.selectors import DueReport, report_clocks, unconfirmed_events
from agenda.rules.entries import Part as StoredPart
from clinic.selectors.drafts import drafts_to_finish
from clinic.selectors.follow_up import (
    Beginning,
    beginnings,
    graded_results,
    open_events,
    orders_to_confirm,
    pending_labs,
    queries_to_answer,
    unsent_mails,
)
from clinic.worklist.asked import Asked
from clinic.worklist.loose_ends import (
    assessment_row,
    beginning_row,
    call_row,
    consent_row,
    draft_row,
    event_row,
    gap_row,
    graded_row,
    imaging_row,
    labs_row,
    mail_row,
    order_row,
    query_row,
    supply_row,
)
from clinic.worklist.reports import report_row
from clinic.worklist.rows import Row, visit_row
from clinic.worklist.stored import Key, StoredItems, judge_together
from dosing.selectors import IpGap, SupplyAtRisk
from patients.selectors import ConsentDue, consents_due
from visits.rules.agenda import Section
from visits.selectors import ContactDue, ImagingDue, VisitItem, contacts_due, imaging_due

# Rows of one part on the worklist itself; all of them are on the part's own page.
MOST_VISITS, MOST_LOOSE_ENDS = 20, 5
A_PAGE = 100

Items = Sequence[Any] | QuerySet[Any]


@dataclass(frozen=True)
class Source:
    """Where the rows of a part come from. `key` is its place in addresses.

    `stored`: under which part of the agendas its rows are stored, and which of them an item is; None where the
    database finds the rows as they are.
    """

    key: str
    title: str | Promise
    find: Callable[[Asked], Items]
    row: Callable[[Any, Asked], Row]
    empty: str | Promise = ""
    is_alarming: bool = False
    stored: tuple[StoredPart, Callable[[Any], Key]] | None = None

    def items(self, asked: Asked) -> Items:
        if self.stored is None or asked.stored is None:
            return self.find(asked)
        part, key = self.stored
        return StoredItems(part, asked, asked.stored, self.find, key)


@dataclass(frozen=True, slots=True)
class Part:
    """`count` is of all rows there are; `rows` are those that fit."""

    source: Source
    rows: list[Row]
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)

    @property
    def is_alarming(self) -> bool:
        return self.source.is_alarming and self.count > 0


@dataclass(frozen=True, slots=True)
class Worklist:
    """`visits`: four parts by day. `loose_ends`: those that have any row, for the fifth heading."""

    visits: list[Part]
    loose_ends: list[Part]

    @property
    def follow_up(self) -> int:
        return sum(part.count for part in self.loose_ends)

    @property
    def has_overdue_report(self) -> bool:
        """The most urgent rows come first: one that is overdue is never cut."""
        return any(row.is_alarming for part in self.loose_ends if part.is_alarming for row in part.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {part.source.key.replace("-", "_"): part.count for part in self.visits}


def worklist(asked: Asked) -> Worklist:
    ends = (part(source, asked, items, MOST_LOOSE_ENDS) for source, items in _read(LOOSE_ENDS, asked))
    visits = _read(VISITS, asked)
    judge_together([items for _source, items in visits if isinstance(items, StoredItems)], MOST_VISITS)
    return Worklist(
        visits=[part(source, asked, items, MOST_VISITS) for source, items in visits],
        loose_ends=[found for found in ends if found.count],
    )


def _read(sources: Sequence[Source], asked: Asked) -> list[tuple[Source, Items]]:
    return [(source, source.items(asked)) for source in sources]


def part(source: Source, asked: Asked, items: Items, most: int) -> Part:
    """The first rows of a part, and how many there are: only the first are read."""
    first = list(items[:most])
    count = len(first)
    if count == most:
        count = items.count() if isinstance(items, QuerySet) else len(items)
    return Part(source, [source.row(item, asked) for item in first], count)


def page_of(source: Source, asked: Asked, number: str | None) -> tuple[Part, Any]:
    """One page of all rows of a part, and the page itself; a page that does not exist is the nearest that does."""
    page = Paginator(source.items(asked), A_PAGE).get_page(number)
    return Part(source, [source.row(item, asked) for item in page], page.paginator.count), page


def source_of(key: str) -> Source | None:
    return next((source for source in (*VISITS, *LOOSE_ENDS) if source.key == key), None)


def _visits(section: Section) -> Callable[[Asked], list[VisitItem]]:
    return lambda asked: [item for item in asked.visits if item.section is section]


def _supply(asked: Asked) -> list[SupplyAtRisk]:
    """But for those who stand at the change to study drug: one row each is enough."""
    changing = {gap.patient.pk for gap in asked.supply.gaps}
    return [row for row in asked.supply.at_risk if row.patient.pk not in changing]


def _beginnings(asked: Asked) -> list[Beginning]:
    """But for those whose first dose stands among the visits already."""
    expected = {item.visit.patient_id for item in asked.visits}
    found = beginnings(asked.patients, on=asked.scope.on)
    return [row for row in found if row.verdict or row.patient.pk not in expected]


def _consents(asked: Asked) -> list[ConsentDue]:
    return consents_due(asked.user, on=asked.scope.on, among=asked.patients)


def _calls(asked: Asked) -> list[ContactDue]:
    found = contacts_due(asked.user, on=asked.scope.on, among=asked.patients)
    return [due for due in found if due.is_to_call]


def _assessments(asked: Asked) -> QuerySet[AdverseEvent]:
    """Of the patients whose assessments this person may confirm."""
    mine = unconfirmed_events(asked.user, Permission.CONFIRM_ASSESSMENT)
    return mine.filter(patient__in=asked.scope.patients(asked.user))


def _reports(asked: Asked) -> list[DueReport]:
    """Owed at this instant: clocks do not wait for the day that is looked at."""
    return report_clocks(asked.user, Permission.VIEW_WORKLIST, at=asked.at, among=asked.patients)


def _imaging(asked: Asked) -> list[ImagingDue]:
    return imaging_due(asked.user, on=asked.scope.on, among=asked.patients)


def _visit_key(item: VisitItem | ContactDue) -> Key:
    return item.visit.patient_id, item.visit.visit


def _patient_key(item: SupplyAtRisk | IpGap | Beginning) -> Key:
    return item.patient.pk, ""


VISITS = (
    Source(
        "overdue",
        _("Overdue"),
        _visits(Section.OVERDUE),
        visit_row,
        _("Nobody is overdue."),
        is_alarming=True,
        stored=(StoredPart.OVERDUE, _visit_key),
    ),
    Source(
        "today",
        _("Today"),
        _visits(Section.TODAY),
        visit_row,
        _("Nobody is expected today."),
        stored=(StoredPart.TODAY, _visit_key),
    ),
    Source(
        "this-week",
        _("This week"),
        _visits(Section.THIS_WEEK),
        visit_row,
        _("Nobody else is expected in the next six days."),
        stored=(StoredPart.THIS_WEEK, _visit_key),
    ),
    Source(
        "window-closing",
        _("Window closing"),
        _visits(Section.WINDOW_CLOSING),
        visit_row,
        _("No window closes soon without an appointment."),
        stored=(StoredPart.WINDOW_CLOSING, _visit_key),
    ),
)
LOOSE_ENDS = (
    Source(
        "reports",
        _("Safety reports due"),
        _reports,
        report_row,
        is_alarming=True,
        stored=(StoredPart.REPORTS, lambda due: (due.patient.pk, due.code)),
    ),
    Source("drafts", _("Your drafts"), lambda asked: drafts_to_finish(asked.user, asked.scope), draft_row),
    Source(
        "events",
        _("Severe and serious adverse events"),
        lambda asked: open_events(asked.user, asked.scope),
        event_row,
    ),
    Source("assessments", _("Assessments to confirm"), _assessments, assessment_row),
    Source(
        "supply",
        _("Tablets run out before the next visit"),
        _supply,
        supply_row,
        stored=(StoredPart.SUPPLY, _patient_key),
    ),
    Source(
        "transition",
        _("Gap before the study drug"),
        lambda asked: asked.supply.gaps,
        gap_row,
        stored=(StoredPart.TRANSITION, _patient_key),
    ),
    Source(
        "beginning",
        _("To enrol, or to begin treatment"),
        _beginnings,
        beginning_row,
        stored=(StoredPart.BEGINNING, _patient_key),
    ),
    Source("calls", _("To call: did not come"), _calls, call_row, stored=(StoredPart.CALLS, _visit_key)),
    Source(
        "imaging",
        _("Scan due"),
        _imaging,
        imaging_row,
        stored=(StoredPart.IMAGING, lambda due: (due.patient.pk, due.code)),
    ),
    Source(
        "consents",
        _("Consent due"),
        _consents,
        consent_row,
        stored=(StoredPart.CONSENTS, lambda due: (due.patient.pk, due.purpose)),
    ),
    Source(
        "labs",
        _("Laboratory results pending"),
        lambda asked: pending_labs(asked.user, asked.scope),
        labs_row,
    ),
    Source(
        "graded-results",
        _("Graded results without an adverse event"),
        lambda asked: graded_results(asked.user, asked.scope),
        graded_row,
    ),
    Source(
        "orders",
        _("Dose orders to be confirmed"),
        lambda asked: orders_to_confirm(asked.user, asked.scope),
        order_row,
    ),
    Source("queries", _("Open queries"), lambda asked: queries_to_answer(asked.user, asked.scope), query_row),
    Source("mails", _("Reminders not sent"), lambda asked: unsent_mails(asked.user, asked.scope), mail_row),
)
