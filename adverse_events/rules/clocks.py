"""Reporting clocks: by when a serious event must be reported.

To the sponsor within hours of becoming aware (ICH E2A, Korean GCP: "immediately"; the hours are the
protocol's). Suspected unexpected serious reactions to the authority within calendar days (Korean GCP Annex
4, item 8; Rule on the Safety of Medicinal Products, Art. 30(1)13). Day 0 is the day of awareness in the
clinic's calendar; weekends and holidays do not stop a clock.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from protocol.definition import AdverseEvents


@dataclass(frozen=True, slots=True)
class UnexpectedReactionClock:
    """The last days for a first and, after a fatal or life-threatening reaction, for the complete report."""

    report_by: date
    complete_by: date


def sae_report_due_at(aware_at: datetime, clocks: AdverseEvents) -> datetime:
    """The instant by which the sponsor must know; in the time zone of `aware_at`, which must have one."""
    if aware_at.tzinfo is None:
        raise ValueError("aware_at needs a time zone: hours are counted between instants")
    due_at = aware_at.astimezone(UTC) + timedelta(hours=clocks.sae_report_hours)
    return due_at.astimezone(aware_at.tzinfo)


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
