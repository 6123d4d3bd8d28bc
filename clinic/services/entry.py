"""A consultation as it was typed, in the values the services take."""

from dataclasses import dataclass
from datetime import date, time

from adverse_events.models import AdverseEvent
from adverse_events.services import (
    EventValues,
)
from dosing.models import Kit, MissedDoses
from dosing.rules.tablets import TabletQuantity
from protocol.codes import OutcomeKind, ProcedureAnswer
from protocol.partial_days import PartialDay
from visits.models import Visit
from visits.rules.imaging import ASSESSMENTS, SCAN
from visits.services import (
    AssessmentValues,
    LabValue,
    ProcedureValue,
)


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    kit: Kit
    returned: int
    lost: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class MissedEntry:
    """`replaces`: what was written down of these doses before."""

    from_on: date
    to_on: date
    doses: int
    replaces: MissedDoses | None = None


@dataclass(frozen=True, slots=True)
class EventChange:
    """An ongoing event seen again: another grade, or over."""

    event: AdverseEvent
    grade: int | None = None
    ended_on: PartialDay | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """`for_new_event`: the first event reported at this visit is the one the order is for.

    `tells_event`: what the order does is written into the event, as the action taken.
    """

    from_on: date
    pattern_mg: tuple[int, ...]
    reason: str
    event: AdverseEvent | None = None
    for_new_event: bool = False
    comment: str = ""
    tells_event: bool = False


@dataclass(frozen=True, slots=True)
class StopEntry:
    """`for_new_event`: the first event reported at this visit is the one because of which treatment ends.

    `tells_event`: that the drug was withdrawn is written into the event, as the action taken.
    """

    last_dose_on: date
    why: str
    event: AdverseEvent | None = None
    for_new_event: bool = False
    comment: str = ""
    tells_event: bool = False


@dataclass(frozen=True, slots=True)
class KitEntry:
    kit_id: str
    source: str
    strength_mg: int
    tablets: int
    expires_on: date | None = None
    is_as_proposed: bool = False


@dataclass(frozen=True, slots=True)
class ScanEntry:
    """`result`: the kind of outcome it showed, or that it is pending or was not done; blank takes that back."""

    result: str
    on: date | None = None
    comment: str = ""
    last_dose_on: date | None = None

    @property
    def is_read(self) -> bool:
        return self.result in ASSESSMENTS

    @property
    def is_recurrence(self) -> bool:
        return self.result == OutcomeKind.RECURRENCE

    def as_procedure(self, seen_on: date) -> ProcedureValue:
        """What is kept with the visit: what the scan showed is an outcome of the patient."""
        answer = ProcedureAnswer.DONE if self.is_read else self.result
        had_scan = self.is_read or self.result == ProcedureAnswer.PENDING
        return ProcedureValue(SCAN, answer, self.comment, (self.on or seen_on) if had_scan else None)


@dataclass(frozen=True, slots=True)
class BookingEntry:
    visit: Visit
    on: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A consultation as it was typed; what was not touched is left out.

    `removed_labs`, `uncounted`: tests and kits of which a value is stored and was emptied.
    `came_for`: why the patient came, of a visit that the schedule does not know; None of any other.
    `doubted`: why what looks wrong is right.
    `needed`: the tablets to the end of the next window by the orders as they will stand; None without a window.
    """

    occurred_on: date
    came_for: str | None = None
    expected_revision: int | None = None
    assessment: AssessmentValues | None = None
    labs: tuple[LabValue, ...] = ()
    removed_labs: tuple[str, ...] = ()
    procedures: tuple[ProcedureValue, ...] = ()
    scan: ScanEntry | None = None
    returns: tuple[ReturnEntry, ...] = ()
    uncounted: tuple[Kit, ...] = ()
    missed: MissedEntry | None = None
    event_changes: tuple[EventChange, ...] = ()
    new_events: tuple[EventValues, ...] = ()
    order: OrderEntry | None = None
    stop: StopEntry | None = None
    kits: tuple[KitEntry, ...] = ()
    needed: tuple[TabletQuantity, ...] | None = None
    booking: BookingEntry | None = None
    confirmed: bool = False
    doubted: str = ""
    reason: str = ""

    @property
    def all_procedures(self) -> tuple[ProcedureValue, ...]:
        scans = (self.scan.as_procedure(self.occurred_on),) if self.scan else ()
        return (*self.procedures, *scans)

    @property
    def is_turning_point(self) -> bool:
        """The visits planned so far fall: what comes next is not the visit that was proposed."""
        return self.stop is not None or (self.scan is not None and self.scan.is_recurrence)
