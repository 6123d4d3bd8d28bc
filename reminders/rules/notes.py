"""Messages because something happened: a patient did not come, or the calendar holds a day that no longer stands."""

from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo

from protocol.definition import Reminders
from reminders.rules.kinds import Kind
from reminders.rules.plan import PlannedReminder, reason_against_kind
from reminders.rules.reasons import VisitFacts, reason_against_contact


def planned_notes(
    facts: VisitFacts, reminders: Reminders, zone: tzinfo, *, on: date
) -> tuple[PlannedReminder, ...]:
    """At most one of each kind. Who died or was seen is written to no more, whatever a calendar holds; who has ended
    treatment or left the study is only told that a day is off."""
    notes = (*_missed(facts, reminders, zone, on), *_changed(facts, reminders, zone, on))
    return tuple(note for note in notes if reason_against_kind(note.kind, facts) is None)


def _missed(facts: VisitFacts, reminders: Reminders, zone: tzinfo, on: date) -> Iterator[PlannedReminder]:
    """On the working day after a booked day on which, by the nurse's word, the patient did not come."""
    missed = facts.missed
    if missed is not None and on <= missed.until_on:
        due_at = datetime.combine(missed.note_on, reminders.send_at, zone)
        yield _note(facts, Kind.MISSED_VISIT, due_at, missed.on, missed.at)


def _changed(facts: VisitFacts, reminders: Reminders, zone: tzinfo, on: date) -> Iterator[PlannedReminder]:
    """At once, to a patient whose calendar holds another day or time than the booking, or a day taken back."""
    told, appointment = facts.told, facts.appointment
    if told is None or told.on < on:
        return
    due_at = datetime.combine(told.note_on or on, reminders.earliest, zone)
    if appointment is None or not appointment.is_booked:
        yield _note(facts, Kind.CANCELLED, due_at, told.on, told.at)
    elif (appointment.on, appointment.at) != (told.on, told.at) and appointment.on >= on:
        yield _note(facts, Kind.MOVED, due_at, appointment.on, appointment.at)


def _note(facts: VisitFacts, kind: Kind, due_at: datetime, on: date, at: time | None) -> PlannedReminder:
    return PlannedReminder(
        kind=kind,
        recipient=facts.contact.email,
        lead_days=0,
        due_on=due_at.date(),
        due_at=due_at,
        appointment_on=on,
        appointment_time=at,
        reason=reason_against_contact(facts.contact),
    )
