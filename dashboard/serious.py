"""Serious events on the dashboard: the clocks that run, and how fast a site enters and reports."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from adverse_events.selectors import DueReport, report_clocks
from adverse_events.words import ClockWords, clock_words, span_words, subject_path, subject_words
from agenda.rules.entries import Part
from agenda.selectors import StoredAgendas
from courses.selectors import sums_by_site
from dashboard.rules.delays import FIGURES, Delays, delays
from patients.models import Patient

CLOCKS_SHOWN = 20


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
    """`clocks`: the most urgent; `owed` and `overdue`: how many there are."""

    clocks: tuple[ClockLine, ...]
    owed: int
    overdue: int
    delays: tuple[SiteDelays, ...]

    @property
    def not_shown(self) -> int:
        return self.owed - len(self.clocks)


def serious(user: User, *, at: datetime) -> Serious:
    """Everything of the section, in a number of statements that does not grow with the events."""
    now = at.astimezone(settings.CLINIC_ZONE)
    sites = sites_visible_to(user, Permission.VIEW_DASHBOARD).values_list("pk", flat=True)
    stored = StoredAgendas(tuple(sites), now.date())
    if not stored.reach(today=now.date()):
        return _judged(user, at)
    entries = stored.rows(Part.REPORTS)
    first = entries[:CLOCKS_SHOWN].values_list("patient_id", flat=True)
    among = Patient.objects.filter(pk__in=list(first))
    due = report_clocks(user, Permission.VIEW_DASHBOARD, at=at, among=among)[:CLOCKS_SHOWN]
    has_passed = Q(on__lt=now.date()) | Q(on=now.date(), at__lt=now.time())
    return Serious(
        clocks=tuple(_line(each, at) for each in due),
        owed=stored.counts.get(Part.REPORTS.value, 0),
        overdue=entries.filter(has_passed).count() if due else 0,
        delays=site_delays(user),
    )


def _judged(user: User, at: datetime) -> Serious:
    """While the agendas of some patients are still being built."""
    due = report_clocks(user, Permission.VIEW_DASHBOARD, at=at)
    lines = tuple(_line(each, at) for each in due)
    overdue = sum(line.clock.state == "OVERDUE" for line in lines)
    return Serious(lines[:CLOCKS_SHOWN], len(lines), overdue, site_delays(user))


def site_delays(user: User) -> tuple[SiteDelays, ...]:
    """Per site, of the serious events that people entered, not an import."""
    return tuple(_site(site, delays(found)) for site, found in sums_by_site(user, FIGURES).items())


def _site(site: str, found: Delays) -> SiteDelays:
    spans = (found.median_to_entry, found.median_to_sent)
    return SiteDelays(site, found, *("" if span is None else span_words(span) for span in spans))


def _line(due: DueReport, at: datetime) -> ClockLine:
    words = clock_words(due.clock, at)
    return ClockLine(words, due.patient, subject_words(due.subject), subject_path(due.subject))
