"""Rows of the worklist in words: what to do, for whom, by when, and where to do it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adverse_events.models import AdverseEvent
from adverse_events.rules.clocks import sae_report_due_at
from patients.models import Patient
from protocol.codes import VisitStatus
from reminders.models import Reminder
from reminders.words import reason_words
from visits.models import Assessment, Visit
from visits.rules.agenda import Section
from visits.selectors import VisitItem
from visits.words import visit_name

FOLLOW_UP = "FOLLOW_UP"  # the heading below those of visits
MOST_ROWS = 100  # a longer list is narrowed, not read
TITLES: dict[str, str | Promise] = {
    Section.OVERDUE: gettext_lazy("Overdue"),
    Section.TODAY: gettext_lazy("Today"),
    Section.THIS_WEEK: gettext_lazy("This week"),
    Section.WINDOW_CLOSING: gettext_lazy("Window closing"),
    FOLLOW_UP: gettext_lazy("Needs follow-up"),
}
EMPTY: dict[str, str | Promise] = {
    Section.OVERDUE: gettext_lazy("Nobody is overdue."),
    Section.TODAY: gettext_lazy("Nobody is expected today."),
    Section.THIS_WEEK: gettext_lazy("Nobody else is expected in the next six days."),
    Section.WINDOW_CLOSING: gettext_lazy("No window closes soon without an appointment."),
    FOLLOW_UP: gettext_lazy("No loose ends."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """`url` is the one act of the row, `booking_url` the way to a day; `status` is blank where there is none."""

    patient: Patient
    verb: str
    url: str
    on: date | None = None
    at: time | None = None
    status: str = ""
    notes: list[str] = field(default_factory=list)
    booking_url: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """`count` is of all rows there are; `rows` are those that fit onto the page."""

    section: str
    rows: list[Row]
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)

    @property
    def title(self) -> str | Promise:
        return TITLES[self.section]

    @property
    def empty(self) -> str | Promise:
        return EMPTY[self.section]


def visit_row(item: VisitItem, *, may_record: bool) -> Row:
    visit = item.visit
    name = visit_name(visit.patient.protocol, visit.visit)
    values = {"visit": name}
    if not may_record:
        verb, url = _("See %(visit)s in the chart") % values, chart_url(visit.patient)
    elif item.status is VisitStatus.PLANNED and visit.booked_on is None:
        verb, url = _("Book %(visit)s visit") % values, visit_url("book_visit", visit)
    else:
        verb, url = _("Record %(visit)s visit") % values, visit_url("record_visit", visit)
    return Row(
        patient=visit.patient,
        verb=verb,
        url=url,
        on=item.on,
        at=visit.booked_time,
        status="OVERDUE" if item.section is Section.OVERDUE else item.status,
        notes=list(_visit_notes(item)),
        booking_url=visit_url("book_visit", visit) if may_record and visit.booked_on is None else "",
    )


def _visit_notes(item: VisitItem) -> Iterator[str]:
    visit = item.visit
    if visit.did_not_come:
        yield _("did not come")
    if item.also:
        yield _("also overdue: %(visits)s") % {"visits": ", ".join(earlier.visit for earlier in item.also)}


def event_row(event: AdverseEvent, *, may_change: bool) -> Row:
    values = {"number": event.ae_no, "term": event.term, "grade": event.grade or "–"}
    path = reverse("clinic:change_adverse_event", args=[event.patient.uuid, event.ae_no])
    notes = [_("grade %(grade)s") % values]
    if event.serious:
        notes.append(_("serious"))
        notes += _report_due(event)
    return Row(
        patient=event.patient,
        verb=_("Follow up adverse event %(number)s: %(term)s") % values,
        url=path if may_change else chart_url(event.patient),
        on=event.started_on,
        notes=notes,
    )


def _report_due(event: AdverseEvent) -> list[str]:
    if event.aware_at is None:
        return [_("day of awareness missing")]
    clocks = event.patient.protocol.adverse_events
    due_at: datetime = sae_report_due_at(event.aware_at, clocks).astimezone(settings.CLINIC_ZONE)
    return [_("report to the sponsor by %(due)s") % {"due": due_at.strftime("%Y-%m-%d %H:%M")}]


def labs_row(assessment: Assessment, *, may_record: bool) -> Row:
    visit = assessment.visit
    name = visit_name(visit.patient.protocol, visit.visit)
    return Row(
        patient=visit.patient,
        verb=_("Enter laboratory results of %(visit)s") % {"visit": name},
        url=visit_url("record_visit", visit) if may_record else chart_url(visit.patient),
        on=visit.occurred_on,
        notes=[_("results pending")],
    )


def mail_row(reminder: Reminder) -> Row:
    day = {"day": date_format(reminder.appointment_on)}
    return Row(
        patient=reminder.patient,
        verb=_("See why the mail for %(day)s did not go out") % day,
        url=reverse("reminders:ledger"),
        on=reminder.due_on,
        notes=[words] if (words := reason_words(reminder)) else [],
    )


def visit_headings(items: Sequence[VisitItem], *, may_write: bool) -> Iterator[Heading]:
    """Every heading of visits in its order, empty ones too."""
    for section in Section:
        found = [item for item in items if item.section is section]
        rows = [visit_row(item, may_record=may_write) for item in found[:MOST_ROWS]]
        yield Heading(section, rows, len(found))


def follow_up_heading(
    events: QuerySet[AdverseEvent], labs: QuerySet[Assessment], mails: QuerySet[Reminder], *, may_write: bool
) -> Heading:
    """The loose ends, adverse events first; counted by the database, shown as far as they fit."""
    rows = [event_row(event, may_change=may_write) for event in events[:MOST_ROWS]]
    rows += [labs_row(assessment, may_record=may_write) for assessment in labs[:MOST_ROWS]]
    rows += [mail_row(reminder) for reminder in mails[:MOST_ROWS]]
    count = len(rows)
    if count >= MOST_ROWS:
        count = events.count() + labs.count() + mails.count()
    return Heading(FOLLOW_UP, rows[:MOST_ROWS], count)


def visit_url(name: str, visit: Visit) -> str:
    return reverse(f"clinic:{name}", args=[visit.patient.uuid, visit_key(visit)])


def visit_key(visit: Visit) -> str:
    """A visit's part of an address: its code; unscheduled ones are told apart by their day."""
    return visit.visit


def chart_url(patient: Patient) -> str:
    return reverse("clinic:chart", args=[patient.uuid])
