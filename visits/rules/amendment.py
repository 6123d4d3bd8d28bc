"""What an amendment of the protocol does to the visits of one patient: before beside after, each change by its name.

What has happened is never moved: a visit that took place keeps its day, and only whether that day lies in the window
may change. Which visits an amendment adds or drops at all is decided with the schedule (`visits.rules.schedule`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocol.codes import VisitStatus
from visits.rules.schedule import ProjectedVisit, is_in_window
from visits.rules.status import VisitContext, VisitRecord, visit_status


class ChangeKind(StrEnum):
    MOVED = "MOVED"  # still to be done, or missed: another target or window
    NEWLY_OUT = "NEWLY_OUT"  # took place in its window, which no longer reaches that day
    NEWLY_IN = "NEWLY_IN"  # took place outside its window, which now reaches that day
    KEPT = "KEPT"  # recorded: the window changes around it and nothing else
    ADDED = "ADDED"
    DROPPED = "DROPPED"
    JUDGED = "JUDGED"  # the same window, and another status


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What people said of one visit."""

    record: VisitRecord
    booked_on: date | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """The visits of a patient under one protocol, and what decides their status there."""

    visits: Mapping[str, ProjectedVisit]
    context: VisitContext


@dataclass(frozen=True, slots=True)
class VisitState:
    target_on: date
    opens_on: date
    closes_on: date
    status: VisitStatus


@dataclass(frozen=True, slots=True)
class VisitChange:
    """One visit, before and after; None where it is not there. `booked_on`: only while nothing is recorded."""

    code: str
    kind: ChangeKind
    before: VisitState | None
    after: VisitState | None
    occurred_on: date | None = None
    booked_on: date | None = None
    revision: int = 0

    @property
    def cancels_booking(self) -> bool:
        return self.kind is ChangeKind.DROPPED and self.booked_on is not None

    @property
    def leaves_booking_outside(self) -> bool:
        """The appointment stands, and lies outside the new window: the clinic has to look at it."""
        if self.booked_on is None or self.after is None:
            return False
        return not is_in_window(self.booked_on, self.after.opens_on, self.after.closes_on)


def visit_changes(
    before: Side, after: Side, facts: Mapping[str, VisitFacts], *, on: date
) -> tuple[VisitChange, ...]:
    """Every visit that is not the same on both sides, in schedule order."""
    return tuple(_changes(before, after, facts, on))


def _changes(before: Side, after: Side, facts: Mapping[str, VisitFacts], on: date) -> Iterator[VisitChange]:
    both = {**before.visits, **after.visits}
    for code in sorted(both, key=lambda code: both[code].number):
        said = facts.get(code, VisitFacts(VisitRecord(code)))
        old, new = (_state(side, code, said.record, on) for side in (before, after))
        kind = _kind(old, new, said.record)
        if kind is not None:
            is_recorded = said.record.occurred_on is not None or said.record.not_done
            booked_on = None if is_recorded else said.booked_on
            yield VisitChange(code, kind, old, new, said.record.occurred_on, booked_on, said.revision)


def _state(side: Side, code: str, record: VisitRecord, on: date) -> VisitState | None:
    visit = side.visits.get(code)
    if visit is None:
        return None
    status = visit_status(visit, record, side.context, on=on)
    return VisitState(visit.target_on, visit.opens_on, visit.closes_on, status)


def _kind(old: VisitState | None, new: VisitState | None, record: VisitRecord) -> ChangeKind | None:
    if old is None:
        return ChangeKind.ADDED
    if new is None:
        return ChangeKind.DROPPED
    if old == new:
        return None
    if new.status != old.status and new.status is VisitStatus.COMPLETED_OUT_OF_WINDOW:
        return ChangeKind.NEWLY_OUT
    if new.status != old.status and new.status is VisitStatus.COMPLETED:
        return ChangeKind.NEWLY_IN
    if (old.target_on, old.opens_on, old.closes_on) == (new.target_on, new.opens_on, new.closes_on):
        return ChangeKind.JUDGED
    return ChangeKind.KEPT if record.occurred_on is not None or record.not_done else ChangeKind.MOVED
