"""Reporting clocks: by when a serious event must be reported, and whether it was.

To the sponsor within hours of becoming aware (ICH E2A, Korean GCP: "immediately"; the hours are the
protocol's). Suspected unexpected serious reactions to the authority within calendar days (Korean GCP Annex
4, item 8; Rule on the Safety of Medicinal Products, Art. 30(1)13). Day 0 is the day of awareness in the
clinic's calendar; weekends and holidays do not stop a clock. Only a report that was sent ends one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.seriousness import is_fatal_or_life_threatening, is_related, is_serious
from protocol.codes import Expectedness
from protocol.definition import AdverseEvents, ReportRecipient


class Duty(StrEnum):
    """What is owed: the first word to the sponsor, the report of an unexpected reaction, and its completion."""

    SAE = "SAE"
    PREGNANCY = "PREGNANCY"
    SUSAR = "SUSAR"
    SUSAR_COMPLETE = "SUSAR_COMPLETE"


class ClockState(StrEnum):
    """The order is that of urgency."""

    OVERDUE = "OVERDUE"
    DUE_SOON = "DUE_SOON"
    RUNNING = "RUNNING"
    MET_LATE = "MET_LATE"
    MET = "MET"


class Judgement(StrEnum):
    """What makes a serious event a suspected unexpected reaction, as long as nobody has said it."""

    CAUSALITY = "CAUSALITY"
    EXPECTEDNESS = "EXPECTEDNESS"
    CONFIRMATION = "CONFIRMATION"  # both were said, by somebody whose word does not end a clock


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report that left the site; `is_complete`: nothing is expected after it."""

    recipient: ReportRecipient
    sent_at: datetime
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class ReportClock:
    """One duty from awareness to the report that was sent; all instants carry a zone.

    On time is up to and with `due_at`; of a clock in days that is the end of its last day. `met_at`: when the last
    of the recipients was served; `awaiting`: those who were not. `unjudged`: what would show whether the presumed duty
    stands.
    """

    duty: Duty
    aware_at: datetime
    due_at: datetime
    soon_at: datetime
    met_at: datetime | None
    awaiting: tuple[ReportRecipient, ...]
    unjudged: tuple[Judgement, ...] = ()

    def state(self, at: datetime) -> ClockState:
        if self.met_at is not None:
            return ClockState.MET if self.met_at <= self.due_at else ClockState.MET_LATE
        if at > self.due_at:
            return ClockState.OVERDUE
        return ClockState.DUE_SOON if at >= self.soon_at else ClockState.RUNNING

    @property
    def is_open(self) -> bool:
        """Is somebody still waiting for it?"""
        return self.met_at is None

    def left(self, at: datetime) -> timedelta:
        """The time to the deadline; negative once it has passed."""
        return self.due_at - at

    @property
    def is_in_days(self) -> bool:
        return self.duty in (Duty.SUSAR, Duty.SUSAR_COMPLETE)


@dataclass(frozen=True, slots=True)
class UnexpectedReactionClock:
    """The last days for a first and, after a fatal or life-threatening reaction, for the complete report."""

    report_by: date
    complete_by: date


def sae_report_due_at(aware_at: datetime, clocks: AdverseEvents) -> datetime:
    """The instant by which the sponsor must know; in the time zone of `aware_at`, which must have one."""
    return _after_hours(aware_at, clocks.sae_report_hours)


def awareness_day(aware_at: datetime, zone: tzinfo) -> date:
    """Day 0: the clinic's calendar day on which the site became aware."""
    return aware_at.astimezone(zone).date()


def unexpected_reaction_clock(
    aware_on: date, clocks: AdverseEvents, *, fatal_or_life_threatening: bool
) -> UnexpectedReactionClock:
    """The clock of a suspected unexpected serious adverse reaction from the sponsor's awareness day."""
    if not fatal_or_life_threatening:
        report_by = aware_on + timedelta(days=clocks.susar_other_days)
        return UnexpectedReactionClock(report_by, report_by)
    report_by = aware_on + timedelta(days=clocks.susar_fatal_days)
    further = timedelta(days=clocks.susar_fatal_complete_further_days)
    return UnexpectedReactionClock(report_by, report_by + further)


def event_clocks(
    event: AdverseEventFacts, sent: Sequence[SentReport], clocks: AdverseEvents, zone: tzinfo
) -> tuple[ReportClock, ...]:
    """Every clock that runs, or ran, for an event; none before it is serious and somebody is aware of that.

    The institution is the sponsor (an investigator-initiated trial), so both are aware at the same instant.
    """
    if not is_serious(event.serious) or event.aware_at is None:
        return ()
    aware_at = event.aware_at.astimezone(zone)
    first = _hours_clock(Duty.SAE, aware_at, clocks.sae_report_hours, sent, clocks)
    return (first, *_reaction_clocks(event, aware_at, sent, clocks))


def pregnancy_clock(
    aware_at: datetime, sent: Sequence[SentReport], clocks: AdverseEvents, zone: tzinfo
) -> ReportClock:
    """A pregnancy takes the path of a serious event."""
    hours = clocks.pregnancy_report_hours
    return _hours_clock(Duty.PREGNANCY, aware_at.astimezone(zone), hours, sent, clocks)


def is_unexpected(event: AdverseEventFacts) -> bool | None:
    """Whether the reference safety information does not describe it; None while nobody has judged."""
    return event.expectedness is Expectedness.UNEXPECTED if event.expectedness else None


def may_be_unexpected_reaction(event: AdverseEventFacts, clocks: AdverseEvents) -> bool:
    """Serious and neither judged unrelated nor expected: what nobody has judged yet counts against the site, and so
    does a judgement that no investigator has confirmed.
    """
    related = is_related(event.causality, clocks.causality_related)
    is_ruled_out = related is False or is_unexpected(event) is False
    return is_serious(event.serious) and (event.is_provisional or not is_ruled_out)


def unjudged(event: AdverseEventFacts) -> tuple[Judgement, ...]:
    """What is still to be said before it is known whether the event is a suspected unexpected reaction."""
    missing = {
        Judgement.CAUSALITY: not event.causality,
        Judgement.EXPECTEDNESS: is_unexpected(event) is None,
    }
    found = tuple(judgement for judgement, is_missing in missing.items() if is_missing)
    return found or ((Judgement.CONFIRMATION,) if event.is_provisional else ())


def longest_clock(clocks: AdverseEvents) -> timedelta:
    """After this time from awareness every clock of an event has ended."""
    fatal = clocks.susar_fatal_days + clocks.susar_fatal_complete_further_days
    days = max(fatal, clocks.susar_other_days) + 1  # to the end of the last day
    return timedelta(hours=max(days * 24, clocks.sae_report_hours))


def _reaction_clocks(
    event: AdverseEventFacts, aware_at: datetime, sent: Sequence[SentReport], clocks: AdverseEvents
) -> Iterator[ReportClock]:
    if not may_be_unexpected_reaction(event, clocks):
        return
    is_urgent = is_fatal_or_life_threatening(event.serious)
    last = unexpected_reaction_clock(aware_at.date(), clocks, fatal_or_life_threatening=is_urgent)
    duties = {Duty.SUSAR: (last.report_by, sent)}
    if is_urgent:
        duties[Duty.SUSAR_COMPLETE] = (last.complete_by, [report for report in sent if report.is_complete])
    for duty, (last_day, counted) in duties.items():
        met_at, awaiting = _served(clocks.susar_recipients, counted)
        soon_on = last_day - timedelta(days=clocks.susar_due_soon_days)
        yield ReportClock(
            duty=duty,
            aware_at=aware_at,
            due_at=datetime.combine(last_day, time.max, aware_at.tzinfo),
            soon_at=datetime.combine(soon_on, time.min, aware_at.tzinfo),
            met_at=met_at,
            awaiting=awaiting,
            unjudged=unjudged(event),
        )


def _hours_clock(
    duty: Duty, aware_at: datetime, hours: int, sent: Sequence[SentReport], clocks: AdverseEvents
) -> ReportClock:
    due_at = _after_hours(aware_at, hours)
    met_at, awaiting = _served(clocks.sae_recipients, sent)
    soon_at = due_at - timedelta(hours=clocks.sae_due_soon_hours)
    return ReportClock(duty, aware_at, due_at, soon_at, met_at, awaiting)


def _after_hours(aware_at: datetime, hours: int) -> datetime:
    if aware_at.tzinfo is None:
        raise ValueError("aware_at needs a time zone: hours are counted between instants")
    return (aware_at.astimezone(UTC) + timedelta(hours=hours)).astimezone(aware_at.tzinfo)


def _served(
    recipients: Sequence[ReportRecipient], sent: Sequence[SentReport]
) -> tuple[datetime | None, tuple[ReportRecipient, ...]]:
    """When the last recipient had a report, and who has none: each is served by the first one they were sent."""
    first: dict[str, datetime] = {}
    for report in sent:
        known = first.get(report.recipient)
        first[report.recipient] = min(report.sent_at, known) if known else report.sent_at
    awaiting = tuple(recipient for recipient in recipients if recipient not in first)
    return (None if awaiting else max(first[recipient] for recipient in recipients)), awaiting
