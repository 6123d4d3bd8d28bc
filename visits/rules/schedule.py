"""The schedule of activities put onto the calendar of one patient.

Every target is counted from its anchor itself, never from the visit before. Windows include both ends. A
window does not move for a weekend or a holiday; only the suggested appointment does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from patients.rules.disposition import ended_early
from protocol.codes import EntryPath
from protocol.days import ONE_DAY, add_months, planned_end_on
from protocol.definition import Anchor, Protocol, ScheduledVisit


@dataclass(frozen=True, slots=True)
class Anchors:
    """The days a patient's schedule hangs on; None = not yet.

    `recorded`: codes of the visits something is recorded of. They stay, whatever an amendment says of them later.
    """

    entry_path: str
    first_dose_on: date | None = None
    enrolled_on: date | None = None
    treatment_ended_on: date | None = None  # last dose of a treatment that has ended
    recurrence_on: date | None = None
    recorded: frozenset[str] = frozenset()
    planned_start_on: date | None = None  # stands in for the first dose until it is taken


@dataclass(frozen=True, slots=True)
class ProjectedVisit:
    """One visit of one patient and its window."""

    code: str
    number: int
    target_on: date
    opens_on: date
    closes_on: date
    anchor: Anchor

    @property
    def is_entry(self) -> bool:
        """The entry visit itself (screening)."""
        return self.anchor == "ENTRY"

    @property
    def is_treatment(self) -> bool:
        """Counted from the first dose: falls away when treatment ends early."""
        return self.anchor == "FIRST_DOSE"


def project(protocol: Protocol, anchors: Anchors) -> tuple[ProjectedVisit, ...]:
    """Every visit the schedule has a day for, in schedule order.

    Until treatment has ended, the visits after it hang on the planned end. Visits of the long-term follow-up
    stop at study completion, and those with imaging also at a recurrence, from which the survival follow-up is
    counted.
    """
    return project_visits(protocol, anchors, protocol.schedule)


def project_visits(
    protocol: Protocol, anchors: Anchors, visits: Iterable[ScheduledVisit]
) -> tuple[ProjectedVisit, ...]:
    """As `project`, for some visits of the schedule only."""
    days = anchor_days(protocol, anchors)
    projected = []
    for visit in visits:
        anchor_on = days[visit.anchor] or _provisional_day(visit, anchors)
        if anchor_on is None:
            continue
        window = _window(visit, anchor_on)
        if _applies(visit, window, anchors, protocol):
            projected.append(window)
    return tuple(projected)


def anchor_days(protocol: Protocol, anchors: Anchors) -> dict[str, date | None]:
    """The day of every anchor of the schedule."""
    last_dose_on = anchors.treatment_ended_on
    if last_dose_on is None and anchors.first_dose_on is not None:
        last_dose_on = planned_end_on(anchors.first_dose_on, protocol.regimen)
    return {
        "ENTRY": _entry_on(anchors),
        "FIRST_DOSE": anchors.first_dose_on,
        "LAST_DOSE": last_dose_on,
        "RECURRENCE": anchors.recurrence_on,
    }


def _provisional_day(visit: ScheduledVisit, anchors: Anchors) -> date | None:
    """The planned start of an enrolled patient, for the visit of the first dose: nothing else hangs on it."""
    is_first_dose = visit.anchor == "FIRST_DOSE" and visit.offset == 0
    return anchors.planned_start_on if is_first_dose and anchors.enrolled_on is not None else None


def is_in_window(day: date, opens_on: date, closes_on: date) -> bool:
    """Both ends of a window are inside."""
    return opens_on <= day <= closes_on


def _entry_on(anchors: Anchors) -> date | None:
    if anchors.entry_path == EntryPath.ALREADY_TREATED:
        return anchors.enrolled_on + ONE_DAY if anchors.enrolled_on is not None else None
    return anchors.first_dose_on or anchors.planned_start_on or anchors.enrolled_on


def _window(visit: ScheduledVisit, anchor_on: date) -> ProjectedVisit:
    if visit.unit == "MONTH":
        target_on = add_months(anchor_on, visit.offset)
    else:
        target_on = anchor_on + timedelta(days=visit.offset)
    return ProjectedVisit(
        visit.code,
        visit.number,
        target_on,
        target_on - timedelta(days=visit.before_days),
        target_on + timedelta(days=visit.after_days),
        visit.anchor,
    )


def _applies(visit: ScheduledVisit, window: ProjectedVisit, anchors: Anchors, protocol: Protocol) -> bool:
    if not _holds(visit, window, anchors):
        return False
    if visit.to_study_completion and window.opens_on > protocol.study.completes_on:
        return False
    if visit.only_if == "ENDED_EARLY":
        return ended_early(anchors.first_dose_on, anchors.treatment_ended_on, protocol.regimen)
    if visit.only_if == "BEFORE_RECURRENCE" and anchors.recurrence_on is not None:
        return window.target_on <= anchors.recurrence_on
    return True


def _holds(visit: ScheduledVisit, window: ProjectedVisit, anchors: Anchors) -> bool:
    """Was it in the schedule when its window closed? Time already lived through is not judged by a later amendment."""
    if visit.code in anchors.recorded:
        return True
    if visit.added_on is not None and window.closes_on < visit.added_on:
        return False
    return visit.dropped_on is None or window.closes_on < visit.dropped_on
