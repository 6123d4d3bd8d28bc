"""Scans: which the schedule asks for, whether each was done, and whether two lie too far apart.

A scan has a window of its own around the target of its visit, whenever that visit took place. What counts as a scan is
an assessment of the disease: nothing seen, a suspicion, a recurrence. Unequal intervals bias the time to recurrence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from protocol.codes import OutcomeKind, VisitStatus
from protocol.days import add_months
from protocol.definition import FollowUp, ScheduledVisit
from visits.rules.schedule import ProjectedVisit

SCAN = "CT"  # the procedure
ASSESSMENTS = frozenset({OutcomeKind.DISEASE_FREE, OutcomeKind.SUSPECTED, OutcomeKind.RECURRENCE})
# A visit of such a status asks for no scan of its own.
WITHOUT_SCAN = frozenset({VisitStatus.PRE_ENROLMENT, VisitStatus.MERGED_WITH_ENTRY, VisitStatus.CANCELLED})
# No scan of a schedule lies further back without a newer one beside it.
LOOK_BACK = timedelta(days=400)


class ScanState(StrEnum):
    DONE = "DONE"
    PLANNED = "PLANNED"  # its window is still to come
    DUE = "DUE"  # its window is open
    LATE = "LATE"  # its window has closed, and no scan has come in it


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of the schedule; `seen_on`: the assessment that fills it."""

    code: str
    target_on: date
    opens_on: date
    closes_on: date
    state: ScanState
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Longer than the protocol allows without an assessment; `to_on` None: nobody has looked since."""

    from_on: date
    to_on: date | None
    limit_on: date


def asks_for_scan(visit: ScheduledVisit) -> bool:
    return any(procedure.code == SCAN for procedure in visit.procedures)


def scan_window(target_on: date, follow_up: FollowUp) -> tuple[date, date]:
    """The days around the target on which a scan counts for it, both ends inside."""
    days = timedelta(days=follow_up.imaging_window_days)
    return target_on - days, target_on + days


def scans(
    visits: Iterable[ProjectedVisit], assessed_on: Iterable[date], follow_up: FollowUp, *, on: date
) -> tuple[Scan, ...]:
    """Of the visits that ask for one, in the order given; the assessment nearest to the target fills it."""
    seen = sorted(day for day in assessed_on if day <= on)
    return tuple(_scan(visit, seen, follow_up, on) for visit in visits)


def _scan(visit: ProjectedVisit, seen: list[date], follow_up: FollowUp, on: date) -> Scan:
    opens_on, closes_on = scan_window(visit.target_on, follow_up)
    inside = [day for day in seen if opens_on <= day <= closes_on]
    if inside:
        nearest = min(inside, key=lambda day: abs((day - visit.target_on).days))
        return Scan(visit.code, visit.target_on, opens_on, closes_on, ScanState.DONE, nearest)
    state = ScanState.LATE if closes_on < on else ScanState.DUE if opens_on <= on else ScanState.PLANNED
    return Scan(visit.code, visit.target_on, opens_on, closes_on, state)


def gap_limit_on(from_on: date, follow_up: FollowUp) -> date:
    """The last day on which the next assessment is still in time."""
    return add_months(from_on, follow_up.imaging_gap_months) + timedelta(days=follow_up.imaging_gap_days)


def gaps(
    from_on: date, assessed_on: Iterable[date], follow_up: FollowUp, *, until: date | None, on: date
) -> tuple[Gap, ...]:
    """Between entry and the assessments after it; the last one counts to `on`, or to the end `until` of looking."""
    days = sorted({from_on, *(day for day in assessed_on if from_on <= day <= on)})
    found = [
        Gap(before, after, limit)
        for before, after in pairwise(days)
        if after > (limit := gap_limit_on(before, follow_up))
    ]
    last_limit = gap_limit_on(days[-1], follow_up)
    if (until is None or until > last_limit) and on > last_limit:
        found.append(Gap(days[-1], None, last_limit))
    return tuple(found)
