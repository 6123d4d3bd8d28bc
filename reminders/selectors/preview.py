"""What goes out on a day, and why, or why not: the ledger for days that have come, the rules for those to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from patients.models import Patient
from protocol.versions import available_versions
from reminders.facts import Facts, open_visits, visits_to_write_about
from reminders.models import Reminder
from reminders.rules.due import longest_lead
from reminders.rules.notes import planned_notes
from reminders.rules.plan import PlannedReminder, planned_reminders
from reminders.rules.reasons import Reason
from reminders.rules.states import ReminderState
from reminders.selectors.ledger import ledger
from visits.models import Visit


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One message of a day. `reminder`: its row, where the ledger has one already."""

    patient: Patient
    visit_code: str
    recipient: str
    due_at: datetime
    appointment_on: date
    appointment_time: time | None
    is_booked: bool
    state: ReminderState
    reason: str
    reminder: Reminder | None = None


def preview(user: User, *, day: date, on: date) -> list[PreviewLine]:
    """Every message of `day`, seen from `on`; those that will go first."""
    lines = _ahead(user, day, on) if day > on else _stored(user, day)
    return sorted(lines, key=lambda line: (line.reason != "", line.due_at, line.patient.subject_id))


def _stored(user: User, day: date) -> Iterator[PreviewLine]:
    for row in ledger(user).filter(due_on=day):
        yield _of_row(row, row.reason)


def _ahead(user: User, day: date, on: date) -> Iterator[PreviewLine]:
    visits = _visits(user, day, on)
    facts = Facts(visits, on=on)
    rows = {(row.visit_id, row.recipient): row for row in ledger(user).filter(due_on=day)}
    for visit in facts.visits.values():
        known = facts.of(visit.pk)
        if known is None:
            continue
        version = visit.patient.protocol.reminders
        zone = settings.CLINIC_ZONE
        leads = planned_reminders(known, version, zone, on=on)
        for planned in (*leads, *planned_notes(known, version, zone, on=on)):
            if planned.due_on == day:
                yield _line(visit, planned, rows.get((visit.pk, planned.recipient)))


def _visits(user: User, day: date, on: date) -> QuerySet[Visit]:
    last = day + max(longest_lead(version.reminders) for version in available_versions())
    mine = Patient.objects.visible_to(user, Permission.VIEW_REMINDERS)
    return Visit.objects.filter(
        open_visits(first=day, last=last) | visits_to_write_about(on), patient__in=mine.values("pk")
    )


def _line(visit: Visit, planned: PlannedReminder, row: Reminder | None) -> PreviewLine:
    if row is not None and row.reason == Reason.CANCELLED_BY_HAND:
        return _of_row(row, row.reason)
    return PreviewLine(
        patient=visit.patient,
        visit_code=visit.visit,
        recipient=planned.recipient,
        due_at=planned.due_at,
        appointment_on=planned.appointment_on,
        appointment_time=planned.appointment_time,
        is_booked=planned.is_booked,
        state=planned.reason.state if planned.reason else ReminderState.PLANNED,
        reason=planned.reason or "",
        reminder=row,
    )


def _of_row(row: Reminder, reason: str) -> PreviewLine:
    return PreviewLine(
        patient=row.patient,
        visit_code=row.visit.visit if row.visit else "",
        recipient=row.recipient,
        due_at=row.due_at,
        appointment_on=row.appointment_on,
        appointment_time=row.appointment_time,
        is_booked=row.kind != "PLANNED_DATE",
        state=ReminderState(row.state),
        reason=reason,
        reminder=row,
    )
