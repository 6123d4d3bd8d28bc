"""One row of the worklist: for whom, what to do and why, by when, and where to do it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.permissions import Permission
from clinic.presenters import chart_url
from clinic.worklist.asked import Asked
from patients.models import Patient
from protocol.codes import VisitStatus
from protocol.versions import known_visit
from visits.models import Visit
from visits.rules.agenda import Section
from visits.selectors import VisitItem
from visits.words import visit_name


@dataclass(frozen=True, slots=True)
class Act:
    """What else can be done about a row. `key` is pressed on the row to get there."""

    label: str
    url: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`verb` and `url` are the one act of the row; `why` says how it came onto the list, the first worst when
    `is_alarming`; `status` is blank where there is none; `name` tells the row from every other."""

    name: str
    patient: Patient
    verb: str
    url: str
    on: date | None = None
    at: time | None = None
    status: str = ""
    why: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    is_alarming: bool = False


def visit_row(item: VisitItem, asked: Asked) -> Row:
    visit = item.visit
    may_record = asked.may(Permission.RECORD_VISIT, visit.patient)
    verb, url = _main_act(item) if may_record else seen_in_chart(visit)
    return Row(
        name=f"visit-{visit.uuid}",
        patient=visit.patient,
        verb=verb,
        url=url,
        on=item.on,
        at=visit.booked_time,
        status="OVERDUE" if item.section is Section.OVERDUE else item.status,
        why=tuple(_why(item, asked.scope.on)),
        acts=tuple(_other_acts(item, url, asked.scope.on)) if may_record else (),
    )


def seen_in_chart(visit: Visit) -> tuple[str, str]:
    return _("See %(visit)s in the chart") % {"visit": name_of(visit)}, chart_url(visit.patient)


def name_of(visit: Visit) -> str:
    return visit_name(visit.patient.protocol, visit.visit)


def visit_url(name: str, visit: Visit) -> str:
    return reverse(f"clinic:{name}", args=[visit.patient.uuid, visit.visit])


def book_act(visit: Visit) -> Act:
    label = pgettext("worklist", "Move") if visit.booked_on else pgettext("worklist", "Book")
    return Act(label, visit_url("book_visit", visit), "b")


def record_act(visit: Visit) -> Act:
    return Act(pgettext("worklist", "Record"), visit_url("record_visit", visit))


def _main_act(item: VisitItem) -> tuple[str, str]:
    """Record what takes place; book what nobody has booked; call for what is late or was waited for in vain."""
    visit, values = item.visit, {"visit": name_of(item.visit)}
    is_expected = visit.booked_on is not None or item.section is Section.TODAY
    if is_expected and not visit.did_not_come:
        return _("Record %(visit)s visit") % values, visit_url("record_visit", visit)
    is_late = item.section in (Section.OVERDUE, Section.WINDOW_CLOSING)
    verb = _("Call and book %(visit)s visit") if is_late or visit.did_not_come else _("Book %(visit)s visit")
    return verb % values, visit_url("book_visit", visit)


def _other_acts(item: VisitItem, url: str, on: date) -> Iterator[Act]:
    visit = item.visit
    book, record = book_act(visit), record_act(visit)
    if url == book.url:
        if item.status is not VisitStatus.PLANNED:
            yield record
        return
    yield book
    if visit.booked_on is not None and visit.booked_on <= on:
        yield Act(_("Did not come"), book.url)


def _why(item: VisitItem, on: date) -> Iterator[str]:
    visit = item.visit
    yield _reason(item)
    if item.section is Section.OVERDUE:
        days = (on - item.on).days
        yield ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    if item.also:
        yield _("also overdue: %(visits)s") % {"visits": ", ".join(earlier.visit for earlier in item.also)}
    if known_visit(visit.patient.protocol, visit.visit).is_by_telephone:
        yield _("by telephone")


def _reason(item: VisitItem) -> str:
    is_booked = item.visit.booked_on is not None
    if item.visit.did_not_come:
        return _("did not come")
    if item.section is Section.OVERDUE:
        return _("booked, and nothing recorded") if is_booked else _("window closed, never booked")
    if item.section is Section.WINDOW_CLOSING:
        return _("window closes, not booked")
    return _("booked") if is_booked else _("suggested day, not booked")
