"""Which reminders a visit calls for, and whether one that was planned still says the truth."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from protocol.codes import VisitStatus
from protocol.definition import Reminders
from reminders.rules.due import appointment_ends_at, due_at
from reminders.rules.kinds import NOTES, STANDS_ALONE, Kind
from reminders.rules.reasons import (
    GIVEN_UP,
    Appointment,
    Reason,
    VisitFacts,
    reason_against,
    reason_against_contact,
    reason_against_visit,
)


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """What one message is to say, to whom and when; with the reason, if it is not to be sent."""

    kind: Kind
    recipient: str
    lead_days: int
    due_on: date
    due_at: datetime
    appointment_on: date
    appointment_time: time | None
    reason: Reason | None = None

    @property
    def is_booked(self) -> bool:
        return self.kind is not Kind.PLANNED_DATE


def planned_reminders(
    facts: VisitFacts, reminders: Reminders, zone: tzinfo, *, on: date
) -> tuple[PlannedReminder, ...]:
    """One for each lead time, while the appointment is still to come.

    Without a booking a visit that will not take place is nothing to speak of. A booked one is: somebody expects
    a message, so the ledger says why there is none.
    """
    appointment = facts.appointment
    if appointment is None or appointment.on < on:
        return ()
    if not appointment.is_booked and reason_against_visit(facts) is not None:
        return ()
    return tuple(_planned(facts, appointment, days, reminders, zone) for days in reminders.lead_days)


def _planned(
    facts: VisitFacts, appointment: Appointment, lead_days: int, reminders: Reminders, zone: tzinfo
) -> PlannedReminder:
    at = due_at(appointment.on, lead_days, reminders, zone)
    return PlannedReminder(
        kind=Kind.APPOINTMENT if appointment.is_booked else Kind.PLANNED_DATE,
        recipient=facts.contact.email,
        lead_days=lead_days,
        due_on=at.date(),
        due_at=at,
        appointment_on=appointment.on,
        appointment_time=appointment.at,
        reason=reason_against(facts) or inside_lead(appointment, at),
    )


def inside_lead(appointment: Appointment, due: datetime) -> Reason | None:
    """A booking made after the reminder would have been due: the patient has just been told."""
    booked_at = appointment.booked_at
    if appointment.is_booked and booked_at is not None and booked_at > due:
        return Reason.BOOKED_INSIDE_LEAD
    return None


def reason_not_to_send(
    planned: PlannedReminder,
    facts: VisitFacts | None,
    *,
    now: datetime,
    zone: tzinfo,
    later_one_is_due: bool = False,
) -> Reason | None:
    """The check just before sending, on the facts of this moment: the first reason found, None = send."""
    if facts is None:
        return Reason.VISIT_REMOVED
    return (
        reason_against_kind(planned.kind, facts)
        or reason_against_contact(facts.contact)
        or difference(planned, facts)
        or _inside_lead(planned, facts)
        or _too_late(planned, facts, now, zone)
        or (Reason.LATER_REMINDER if later_one_is_due and planned.kind not in NOTES else None)
    )


def reason_against_kind(kind: Kind, facts: VisitFacts) -> Reason | None:
    """As of the visit; but that a day is off is said also where the treatment or the study has ended."""
    reason = reason_against_visit(facts)
    return None if kind is Kind.CANCELLED and reason in GIVEN_UP else reason


def _inside_lead(planned: PlannedReminder, facts: VisitFacts) -> Reason | None:
    if facts.appointment is None or planned.kind in NOTES:
        return None
    return inside_lead(facts.appointment, planned.due_at)


def difference(planned: PlannedReminder, facts: VisitFacts) -> Reason | None:
    """What has changed since the reminder was planned: address, booking or day."""
    if planned.recipient != facts.contact.email:
        return Reason.ADDRESS_CHANGED
    if planned.kind in STANDS_ALONE:
        return _difference_of_note(planned, facts)
    appointment = facts.appointment
    if appointment is None:
        return _why_no_appointment(planned, facts)
    if planned.is_booked != appointment.is_booked:
        return Reason.BOOKED if appointment.is_booked else Reason.BOOKING_CANCELLED
    if (planned.appointment_on, planned.appointment_time) != (appointment.on, appointment.at):
        return Reason.MOVED
    if (
        planned.kind is Kind.MOVED
        and facts.told
        and (facts.told.on, facts.told.at) == (appointment.on, appointment.at)
    ):
        return Reason.LATER_REMINDER  # it has brought the new day already
    return None


def _difference_of_note(planned: PlannedReminder, facts: VisitFacts) -> Reason | None:
    """What was missed or taken back has been given another day since."""
    is_booked = facts.appointment is not None and facts.appointment.is_booked
    if planned.kind is Kind.CANCELLED:
        return Reason.BOOKED if is_booked else None
    if facts.missed is None:
        return Reason.BOOKED if is_booked else Reason.BOOKING_CANCELLED
    return None if facts.missed.on == planned.appointment_on else Reason.BOOKED


def _why_no_appointment(planned: PlannedReminder, facts: VisitFacts) -> Reason:
    if planned.is_booked:
        return Reason.BOOKING_CANCELLED
    return Reason.DAY_PASSED if facts.status is VisitStatus.MISSED else Reason.VISIT_REMOVED


def _too_late(planned: PlannedReminder, facts: VisitFacts, now: datetime, zone: tzinfo) -> Reason | None:
    if planned.kind is Kind.MISSED_VISIT and facts.missed is not None:
        return Reason.DAY_PASSED if now.astimezone(zone).date() > facts.missed.until_on else None
    ends_at = appointment_ends_at(planned.appointment_on, planned.appointment_time, zone)
    return Reason.DAY_PASSED if now >= ends_at else None
