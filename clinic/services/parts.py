"""A visit saved part by part, in the order of the consultation; a refusal names its part of the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from adverse_events.models import AdverseEvent
from adverse_events.services import (
    record_grade,
    report_adverse_event,
    resolve_adverse_event,
)
from audit.reasons import reason_of
from clinic.services.action_taken import end_and_tell
from clinic.services.dose import order_and_start
from clinic.services.entry import KitEntry, VisitEntry
from dosing.services import dispense_kit, record_missed_doses, record_return, remove_return
from patients.models import Patient
from patients.services import record_outcome
from protocol.codes import DispositionReason, DispositionRecord
from visits.models import Visit
from visits.services import (
    book_visit,
    record_unscheduled_visit,
    record_visit_facts,
)

SEEN = gettext_noop("Seen at visit")


class PartRefused(Exception):
    """A part of the consultation cannot be saved, so nothing is; `part` is its name on the page."""

    def __init__(self, part: str, error: ValidationError) -> None:
        super().__init__(part, error)
        self.part = part
        self.error = error


@contextmanager
def part(name: str) -> Iterator[None]:
    """What is refused inside belongs to this part of the page."""
    try:
        yield
    except ValidationError as error:
        raise PartRefused(name, error) from error


def record_facts(by: User, patient: Patient, visit: Visit | None, entry: VisitEntry) -> Visit:
    with part("day"):
        if visit is None:
            return record_unscheduled_visit(
                by=by,
                patient=patient,
                occurred_on=entry.occurred_on,
                came_for=entry.came_for or "",
                assessment=entry.assessment,
                labs=entry.labs,
                reason=entry.reason,
                procedures=entry.all_procedures,
            )
        return record_visit_facts(
            by=by,
            visit=visit,
            occurred_on=entry.occurred_on,
            came_for=entry.came_for,
            assessment=entry.assessment,
            labs=entry.labs,
            removed_labs=entry.removed_labs,
            procedures=entry.all_procedures,
            expected_revision=entry.expected_revision,
            reason=entry.reason,
        )


def record_scan(by: User, patient: Patient, entry: VisitEntry) -> None:
    """What a scan showed, unless the very outcome is recorded already; `last_dose_on` ends treatment with it."""
    scan = entry.scan
    if scan is None or not scan.is_read:
        return
    with part("scan"):
        if entry.stop is not None and scan.last_dose_on is not None:
            raise ValidationError(
                {"last_dose_on": _("Treatment is stopped below already: leave this blank.")}
            )
        on = scan.on or entry.occurred_on
        if scan.last_dose_on is not None or not patient.outcomes.filter(kind=scan.result, on=on).exists():
            record_outcome(
                by=by,
                patient=patient,
                kind=scan.result,
                on=on,
                comment=scan.comment,
                last_dose_on=scan.last_dose_on,
            )


def record_events(by: User, patient: Patient, visit: Visit, entry: VisitEntry) -> list[AdverseEvent]:
    """Change and end what was ongoing, then report what is new; the new events."""
    for change in entry.event_changes:
        with part(f"ae-{change.event.ae_no}"):
            event = change.event
            if change.grade is not None:
                why = reason_of(SEEN, visit.visit)
                record_grade(by=by, event=event, grade=change.grade, from_on=entry.occurred_on, reason=why)
            if change.ended_on is not None:
                resolve_adverse_event(
                    by=by,
                    event=event,
                    ended_on=change.ended_on.earliest,
                    end_precision=change.ended_on.precision,
                    outcome=change.outcome,
                )
    reported = []
    for number, values in enumerate(entry.new_events):
        with part(f"new-{number}"):
            reported.append(
                report_adverse_event(by=by, patient=patient, values=values, confirmed=entry.confirmed)
            )
    return reported


def record_counts(by: User, patient: Patient, entry: VisitEntry) -> None:
    for kit in entry.uncounted:
        with part(f"kit-{kit.pk}"):
            remove_return(by=by, kit=kit, reason=entry.reason)
    for counted in sorted(entry.returns, key=lambda counted: counted.kit.dispensed_on):
        with part(f"kit-{counted.kit.pk}"):
            record_return(
                by=by,
                kit=counted.kit,
                returned_on=entry.occurred_on,
                tablets_returned=counted.returned,
                tablets_lost=counted.lost,
                tablets_kept=counted.kept,
                reason=entry.reason,
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
                replaces=missed.replaces,
            )


def record_decision(by: User, patient: Patient, entry: VisitEntry, reported: list[AdverseEvent]) -> None:
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
                why=entry.reason,
            )
        if entry.stop is not None:
            event = reported[0] if entry.stop.for_new_event and reported else entry.stop.event
            end_and_tell(
                by=by,
                patient=patient,
                record=DispositionRecord.TREATMENT,
                ended_on=entry.occurred_on,
                why=entry.stop.why,
                last_dose_on=entry.stop.last_dose_on,
                ae_no=event.ae_no if event and entry.stop.why == DispositionReason.ADVERSE_EVENT else None,
                comment=entry.stop.comment,
                tells_event=entry.stop.tells_event,
            )


def record_plans(by: User, patient: Patient, entry: VisitEntry) -> None:
    for number, kit in enumerate(entry.kits):
        with part(f"out-{number}"):
            _dispense(by, patient, entry.occurred_on, kit)
    if entry.booking is not None and not entry.is_turning_point:
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
        expires_on=kit.expires_on,
    )
