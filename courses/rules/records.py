"""What is recorded beside a course and counted over many patients: events, entries, bookings, answers, queries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dosing.rules.flags import FlagKey
from protocol.definition import Protocol
from visits.rules.schedule import ProjectedVisit


@dataclass(frozen=True, slots=True)
class GradedEvent:
    """An adverse event as it is counted; `grade` None = not graded, `causality` "" = not judged.

    `grade` is the worst; `steps` (first day, grade) lead there, of an event that has a history.
    """

    term: str
    started_on: date
    grade: int | None = None
    causality: str = ""
    steps: tuple[tuple[date, int], ...] = ()

    def on(self, as_of: date) -> "GradedEvent":
        """As graded until a day."""
        if not self.steps:
            return self
        return replace(
            self, grade=max((grade for from_on, grade in self.steps if from_on <= as_of), default=None)
        )


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A stored visit: its window (none where the schedule has no place for it), its booking, what is recorded."""

    code: str
    number: int
    target_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    booked_on: date | None = None
    occurred_on: date | None = None
    not_done: bool = False

    @property
    def expected_by(self) -> date | None:
        """The booked day, or else the last of the window."""
        return self.booked_on or self.closes_on

    def projected(self, protocol: Protocol) -> ProjectedVisit | None:
        if self.target_on is None or self.opens_on is None or self.closes_on is None:
            return None
        anchor = protocol.visit(self.code).anchor
        return ProjectedVisit(self.code, self.number, self.target_on, self.opens_on, self.closes_on, anchor)


@dataclass(frozen=True, slots=True)
class FirstEntry:
    """The day a visit took place, and the day somebody first wrote that down."""

    occurred_on: date
    entered_on: date


@dataclass(frozen=True, slots=True)
class SeriousReport:
    """From awareness of a serious event to the record, and to the sponsor; None = not sent yet.

    `within`: the hours of the protocol. What an import brought is left out: it was entered somewhere else before.
    """

    entered_on: date
    to_entry: timedelta
    within: timedelta
    sent_on: date | None = None
    to_sent: timedelta | None = None

    @property
    def is_entered_in_time(self) -> bool:
        return self.to_entry <= self.within

    @property
    def is_sent_in_time(self) -> bool:
        return self.to_sent is not None and self.to_sent <= self.within

    def on(self, as_of: date) -> "SeriousReport":
        """As far as it was known on a day."""
        is_sent = self.sent_on is not None and self.sent_on <= as_of
        return self if is_sent else replace(self, sent_on=None, to_sent=None)


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """`closed_on` None: nobody has answered yet."""

    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class CourseRecords:
    """`acknowledged`: the day on which somebody said something to a flag. `end_reason`: of the treatment."""

    events: tuple[GradedEvent, ...] = ()
    planned: tuple[PlannedVisit, ...] = ()
    entries: tuple[FirstEntry, ...] = ()
    lab_days: frozenset[date] = frozenset()
    acknowledged: Mapping[FlagKey, date] | None = None
    queries: tuple[AskedQuery, ...] = ()
    reports: tuple[SeriousReport, ...] = ()
    end_reason: str = ""

    def is_acknowledged(self, key: FlagKey) -> bool:
        return self.acknowledged is not None and key in self.acknowledged


def records_cut_off(records: CourseRecords, as_of: date) -> CourseRecords:
    """What was there on a day. A booking has no history here: it is the one of today."""
    acknowledged = records.acknowledged or {}
    return replace(
        records,
        events=tuple(event.on(as_of) for event in records.events if event.started_on <= as_of),
        entries=tuple(entry for entry in records.entries if entry.entered_on <= as_of),
        lab_days=frozenset(day for day in records.lab_days if day <= as_of),
        acknowledged={key: on for key, on in acknowledged.items() if on <= as_of},
        reports=tuple(report.on(as_of) for report in records.reports if report.entered_on <= as_of),
        queries=tuple(
            AskedQuery(
                query.opened_on, query.closed_on if query.closed_on and query.closed_on <= as_of else None
            )
            for query in records.queries
            if query.opened_on <= as_of
        ),
    )
