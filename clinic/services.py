"""One visit, saved as one act: what was seen, counted, reported, ordered, handed out and agreed, or nothing of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from adverse_events.models import AdverseEvent
from adverse_events.rules import lab_grades
from adverse_events.services import (
    EventValues,
    change_grade,
    doubts_of,
    report_adverse_event,
    resolve_adverse_event,
)
from audit.context import one_act
from audit.reasons import reason_of
from clinic.booking_doubts import booking_doubts
from clinic.measures import measure_doubts
from clinic.rules.handed_out import quantities_in_doubt
from dosing.models import DoseOrder, Kit
from dosing.rules.tablets import TabletQuantity
from dosing.services import dispense_kit, order_dose, order_doubts, record_missed_doses, record_return
from patients.models import Patient
from patients.services import record_disposition, record_first_dose
from patients.signals import announcing_once
from patients.validation import NeedsConfirmation
from protocol.codes import DispositionReason, DispositionRecord, LabTest
from visits.models import UNSCHEDULED, Visit
from visits.services import (
    AssessmentValues,
    LabValue,
    book_visit,
    record_unscheduled_visit,
    record_visit_facts,
)

SEEN = gettext_noop("Seen at visit")


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    kit: Kit
    returned: int
    lost: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class MissedEntry:
    from_on: date
    to_on: date
    doses: int


@dataclass(frozen=True, slots=True)
class EventChange:
    """An ongoing event seen again: another grade, or over."""

    event: AdverseEvent
    grade: int | None = None
    ended_on: date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """`for_new_event`: the first event reported at this visit is the one the order is for."""

    from_on: date
    pattern_mg: tuple[int, ...]
    reason: str
    event: AdverseEvent | None = None
    for_new_event: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StopEntry:
    """`for_new_event`: the first event reported at this visit is the one because of which treatment ends."""

    last_dose_on: date
    why: str
    event: AdverseEvent | None = None
    for_new_event: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class KitEntry:
    kit_id: str
    source: str
    strength_mg: int
    tablets: int
    is_as_proposed: bool = False


@dataclass(frozen=True, slots=True)
class BookingEntry:
    visit: Visit
    on: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A consultation as it was typed; what was not touched is left out.

    `needed`: the tablets to the end of the next window by the orders as they will stand; None without a window.
    """

    occurred_on: date
    expected_revision: int | None = None
    assessment: AssessmentValues | None = None
    labs: tuple[LabValue, ...] = ()
    returns: tuple[ReturnEntry, ...] = ()
    missed: MissedEntry | None = None
    event_changes: tuple[EventChange, ...] = ()
    new_events: tuple[EventValues, ...] = ()
    order: OrderEntry | None = None
    stop: StopEntry | None = None
    kits: tuple[KitEntry, ...] = ()
    needed: tuple[TabletQuantity, ...] | None = None
    booking: BookingEntry | None = None
    confirmed: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence to confirm, and the part of the page it speaks of."""

    part: str
    sentence: str


class PartRefused(Exception):
    """A part of the consultation cannot be saved, so nothing is; `part` is its name on the page."""

    def __init__(self, part: str, error: ValidationError) -> None:
        super().__init__(part, error)
        self.part = part
        self.error = error


@transaction.atomic
def record_visit(*, by: User, patient: Patient, visit: Visit | None, entry: VisitEntry) -> Visit:
    """Save a consultation in the order in which it went; None is a new unscheduled visit."""
    doubts = doubts_of_entry(patient, entry)
    if doubts and not entry.confirmed:
        raise NeedsConfirmation([doubt.sentence for doubt in doubts])
    why = entry.reason or reason_of(SEEN, visit.visit if visit else UNSCHEDULED)
    with announcing_once("consultation"), one_act(why):
        saved = _record_facts(by, patient, visit, entry)
        reported = _record_events(by, patient, saved, entry)
        _record_counts(by, patient, entry)
        _record_decision(by, patient, entry, reported)
        _record_plans(by, patient, entry)
    return saved


@transaction.atomic
def order_and_start(
    *, by: User, patient: Patient, order: OrderEntry, anchor_on: date | None, confirmed: bool
) -> DoseOrder:
    """Order a dose. The first one that is more than a hold is the first dose, from which everything is counted."""
    with announcing_once("dose order"):
        saved = order_dose(
            by=by,
            patient=patient,
            from_on=order.from_on,
            pattern_mg=order.pattern_mg,
            anchor_on=anchor_on,
            reason=order.reason,
            adverse_event=order.event,
            comment=order.comment,
            confirmed=confirmed,
        )
        if patient.first_dose_on is None and any(order.pattern_mg):
            record_first_dose(by=by, patient=patient, first_dose_on=order.from_on)
    return saved


def check_visit(*, by: User, patient: Patient, visit: Visit | None, entry: VisitEntry) -> None:
    """Everything `record_visit` would refuse, without saving anything."""
    with transaction.atomic():
        record_visit(by=by, patient=patient, visit=visit, entry=entry)
        transaction.set_rollback(True)


def doubts_of_entry(patient: Patient, entry: VisitEntry) -> list[Doubt]:
    """What is possible and yet looks wrong, or cannot be taken back: somebody has to confirm it."""
    doubts = []
    if entry.order is not None:
        doubts += [Doubt("dose", sentence) for sentence in dose_doubts(patient, entry.order, entry.labs)]
    if _lacks_dose(patient, entry):
        doubts.append(Doubt("dose", _("No dose is ordered: without an order no tablets are expected.")))
    if entry.stop is not None:
        doubts.append(Doubt("dose", _("Treatment ends for good: later treatment visits are cancelled.")))
    for number, values in enumerate(entry.new_events):
        doubts += [Doubt(f"new-{number}", sentence) for sentence in doubts_of(patient, values)]
    if entry.assessment is not None:
        found = measure_doubts(patient, entry.occurred_on, entry.assessment)
        doubts += [Doubt("seen", sentence) for sentence in found]
    doubts += [Doubt("out-0", sentence) for sentence in quantity_doubts(entry)]
    if (agreed := entry.booking) is not None and entry.stop is None:
        doubts += [Doubt("next", sentence) for sentence in booking_doubts(agreed.visit, agreed.on, agreed.at)]
    return doubts


def dose_doubts(patient: Patient, order: OrderEntry, typed: Sequence[LabValue] = ()) -> list[str]:
    """What speaks against an order; `typed`: results of the same visit, which are not stored yet."""
    labs = {
        LabTest(lab.test): lab_grades.LabValue(LabTest(lab.test), lab.value, lab.unit, lab.lln, lab.uln)
        for lab in typed
    }
    return order_doubts(patient, from_on=order.from_on, pattern_mg=order.pattern_mg, labs=labs)


def _lacks_dose(patient: Patient, entry: VisitEntry) -> bool:
    """Has treatment begun, on the day of the visit or before, without any order?"""
    if entry.order is not None or entry.stop is not None or _has_dose_decided(patient):
        return False
    return patient.first_dose_on is not None and patient.first_dose_on <= entry.occurred_on


def _has_dose_decided(patient: Patient) -> bool:
    """A dose was ordered, or treatment is over."""
    ends = patient.dispositions.filter(record=DispositionRecord.TREATMENT)
    return DoseOrder.objects.filter(patient=patient).exists() or ends.exists()


def quantity_doubts(entry: VisitEntry) -> list[str]:
    """Tablets handed out that are not what the orders need: often a proposal from before the dose was decided."""
    if not entry.kits or entry.needed is None:
        return []
    handed_out = [TabletQuantity(kit.strength_mg, kit.tablets) for kit in entry.kits]
    is_as_proposed = all(kit.is_as_proposed for kit in entry.kits)
    return [
        _("%(out)s tablets of %(strength)s mg are handed out, %(needed)s are needed.")
        % {"out": found.handed_out, "strength": found.strength_mg, "needed": found.needed}
        for found in quantities_in_doubt(handed_out, entry.needed, is_as_proposed=is_as_proposed)
    ]


@contextmanager
def part(name: str) -> Iterator[None]:
    """What is refused inside belongs to this part of the page."""
    try:
        yield
    except ValidationError as error:
        raise PartRefused(name, error) from error


def _record_facts(by: User, patient: Patient, visit: Visit | None, entry: VisitEntry) -> Visit:
    with part("day"):
        if visit is None:
            return record_unscheduled_visit(
                by=by,
                patient=patient,
                occurred_on=entry.occurred_on,
                assessment=entry.assessment,
                labs=entry.labs,
            )
        return record_visit_facts(
            by=by,
            visit=visit,
            occurred_on=entry.occurred_on,
            assessment=entry.assessment,
            labs=entry.labs,
            expected_revision=entry.expected_revision,
            reason=entry.reason,
        )


def _record_events(by: User, patient: Patient, visit: Visit, entry: VisitEntry) -> list[AdverseEvent]:
    """Change and end what was ongoing, then report what is new; the new events."""
    for change in entry.event_changes:
        with part(f"ae-{change.event.ae_no}"):
            event = change.event
            if change.grade is not None:
                change_grade(by=by, event=event, grade=change.grade, reason=reason_of(SEEN, visit.visit))
            if change.ended_on is not None:
                resolve_adverse_event(by=by, event=event, ended_on=change.ended_on, outcome=change.outcome)
    reported = []
    for number, values in enumerate(entry.new_events):
        with part(f"new-{number}"):
            reported.append(
                report_adverse_event(by=by, patient=patient, values=values, confirmed=entry.confirmed)
            )
    return reported


def _record_counts(by: User, patient: Patient, entry: VisitEntry) -> None:
    for counted in sorted(entry.returns, key=lambda counted: counted.kit.dispensed_on):
        with part(f"kit-{counted.kit.pk}"):
            record_return(
                by=by,
                kit=counted.kit,
                returned_on=entry.occurred_on,
                tablets_returned=counted.returned,
                tablets_lost=counted.lost,
                tablets_kept=counted.kept,
            )
    if entry.missed is not None:
        with part("missed"):
            missed = entry.missed
            record_missed_doses(
                by=by,
                patient=patient,
                from_on=missed.from_on,
                to_on=missed.to_on,
                doses_missed=missed.doses,
                reason=entry.reason,
            )


def _record_decision(by: User, patient: Patient, entry: VisitEntry, reported: list[AdverseEvent]) -> None:
    with part("dose"):
        if entry.order is not None:
            order = entry.order
            event = reported[0] if order.for_new_event and reported else order.event
            order_and_start(
                by=by,
                patient=patient,
                order=replace(order, event=event),
                anchor_on=None,
                confirmed=entry.confirmed,
            )
        if entry.stop is not None:
            event = reported[0] if entry.stop.for_new_event and reported else entry.stop.event
            record_disposition(
                by=by,
                patient=patient,
                record=DispositionRecord.TREATMENT,
                ended_on=entry.occurred_on,
                why=entry.stop.why,
                last_dose_on=entry.stop.last_dose_on,
                ae_no=event.ae_no if event and entry.stop.why == DispositionReason.ADVERSE_EVENT else None,
                comment=entry.stop.comment,
            )


def _record_plans(by: User, patient: Patient, entry: VisitEntry) -> None:
    for number, kit in enumerate(entry.kits):
        with part(f"out-{number}"):
            _dispense(by, patient, entry.occurred_on, kit)
    if entry.booking is not None and entry.stop is None:
        with part("next"):
            agreed = entry.booking
            book_visit(by=by, visit=agreed.visit, booked_on=agreed.on, booked_time=agreed.at)


def _dispense(by: User, patient: Patient, on: date, kit: KitEntry) -> None:
    dispense_kit(
        by=by,
        patient=patient,
        kit_id=kit.kit_id,
        dispensed_on=on,
        source=kit.source,
        strength_mg=kit.strength_mg,
        tablets=kit.tablets,
    )
