"""Serious events on the dashboard: the clocks that run, and how fast a site enters and reports."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent, ReportDispatch
from adverse_events.selectors import DueReport, report_clocks, serious_since
from adverse_events.words import ClockWords, clock_words, span_words, subject_path, subject_words
from dashboard.rules.delays import Delays, Reported, delays
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class ClockLine:
    """An open clock, what it is about and where its reports are."""

    clock: ClockWords
    patient: Patient
    about: str
    path: str


@dataclass(frozen=True, slots=True)
class SiteDelays:
    """`site` is its code; the medians in words, "" where there is none."""

    site: str
    delays: Delays
    to_entry: str
    to_sent: str


@dataclass(frozen=True, slots=True)
class Serious:
    clocks: tuple[ClockLine, ...]
    overdue: int
    delays: tuple[SiteDelays, ...]


def serious(user: User, *, at: datetime) -> Serious:
    """Everything of the section, in a number of statements that does not grow with the events."""
    due = report_clocks(user, Permission.VIEW_DASHBOARD, at=at)
    lines = tuple(_line(each, at) for each in due)
    overdue = sum(line.clock.state == "OVERDUE" for line in lines)
    return Serious(lines, overdue, entry_delays(user, at=at))


def entry_delays(user: User, *, at: datetime) -> tuple[SiteDelays, ...]:
    """Per site, of the serious events that people entered (not an import) up to an instant."""
    by_site: dict[str, list[Reported]] = defaultdict(list)
    for event in _entered(user, at):
        hours = event.patient.protocol.adverse_events.sae_report_hours
        reported = Reported(event.aware_at, event.entered_at, event.sent_at, timedelta(hours=hours))
        by_site[event.patient.site.code].append(reported)
    return tuple(_site(site, delays(events)) for site, events in sorted(by_site.items()))


def _entered(user: User, at: datetime) -> QuerySet[AdverseEvent]:
    """With the instants when the record first called it serious, and when the sponsor first had word of it."""
    to_sponsor = ReportDispatch.objects.filter(adverse_event=OuterRef("pk"), recipient="SPONSOR")
    first = to_sponsor.order_by().values("adverse_event").annotate(first=Min("sent_at")).values("first")
    patients = Patient.objects.visible_to(user, Permission.VIEW_DASHBOARD)
    rows = AdverseEvent.objects.filter(~Q(serious=[]), patient__in=patients, aware_at__lte=at)
    return (
        rows.annotate(entered_at=serious_since(), sent_at=Subquery(first))
        .filter(entered_at__isnull=False)
        .select_related("patient__site")
    )


def _site(site: str, found: Delays) -> SiteDelays:
    spans = (found.median_to_entry, found.median_to_sent)
    return SiteDelays(site, found, *("" if span is None else span_words(span) for span in spans))


def _line(due: DueReport, at: datetime) -> ClockLine:
    words = clock_words(due.clock, at)
    return ClockLine(words, due.patient, subject_words(due.subject), subject_path(due.subject))
