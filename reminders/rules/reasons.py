"""Why a reminder is not sent, in the order in which the reasons are looked for."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from protocol.codes import VisitStatus
from reminders.rules.states import ReminderState


class Reason(StrEnum):
    """What stands in the ledger beside a reminder that was not sent."""

    # this patient, or this visit, is not to be reminded
    DIED = "DIED"
    LEFT_STUDY = "LEFT_STUDY"
    SEEN = "SEEN"
    NOT_DONE = "NOT_DONE"
    BEFORE_ENROLMENT = "BEFORE_ENROLMENT"
    MERGED_WITH_ENTRY = "MERGED_WITH_ENTRY"
    TREATMENT_ENDED = "TREATMENT_ENDED"
    OPTED_OUT = "OPTED_OUT"
    NEVER_ASKED = "NEVER_ASKED"
    DECLINED = "DECLINED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    NO_ADDRESS = "NO_ADDRESS"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    BOOKED_INSIDE_LEAD = "BOOKED_INSIDE_LEAD"
    CANCELLED_BY_HAND = "CANCELLED_BY_HAND"
    # this person of the staff is not to be written to
    NOT_WANTED = "NOT_WANTED"
    NO_DELEGATION = "NO_DELEGATION"
    NOTHING_TO_SAY = "NOTHING_TO_SAY"
    RESOLVED = "RESOLVED"
    # something else takes its place
    VISIT_REMOVED = "VISIT_REMOVED"
    ADDRESS_CHANGED = "ADDRESS_CHANGED"
    BOOKED = "BOOKED"
    BOOKING_CANCELLED = "BOOKING_CANCELLED"
    MOVED = "MOVED"
    LATER_REMINDER = "LATER_REMINDER"
    DAY_PASSED = "DAY_PASSED"
    # it was tried
    REFUSED = "REFUSED"
    GAVE_UP = "GAVE_UP"

    @property
    def state(self) -> ReminderState:
        """The state that this reason explains."""
        if self in _REPLACED:
            return ReminderState.SUPERSEDED
        return ReminderState.FAILED if self in _TRIED else ReminderState.SKIPPED


_TRIED = frozenset({Reason.REFUSED, Reason.GAVE_UP})
_REPLACED = frozenset(
    {
        Reason.VISIT_REMOVED,
        Reason.ADDRESS_CHANGED,
        Reason.BOOKED,
        Reason.BOOKING_CANCELLED,
        Reason.MOVED,
        Reason.LATER_REMINDER,
        Reason.DAY_PASSED,
    }
)
# A day given up with the treatment or the study: who was told of the day is told that it is off.
GIVEN_UP = frozenset({Reason.LEFT_STUDY, Reason.TREATMENT_ENDED})
# Time does not run backwards: these do not come back by planning anew.
SETTLED = frozenset({Reason.LATER_REMINDER, Reason.DAY_PASSED, Reason.CANCELLED_BY_HAND})
_BY_STATUS = {
    VisitStatus.COMPLETED: Reason.SEEN,
    VisitStatus.COMPLETED_OUT_OF_WINDOW: Reason.SEEN,
    VisitStatus.NOT_DONE: Reason.NOT_DONE,
    VisitStatus.PRE_ENROLMENT: Reason.BEFORE_ENROLMENT,
    VisitStatus.MERGED_WITH_ENTRY: Reason.MERGED_WITH_ENTRY,
    VisitStatus.CANCELLED: Reason.TREATMENT_ENDED,
}


@dataclass(frozen=True, slots=True)
class Appointment:
    """The day a patient is expected: booked, or suggested while nobody has booked. `booked_at`: None = not known."""

    on: date
    at: time | None = None
    is_booked: bool = False
    booked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A booked day on which the patient did not come; the day of the note about it, and the last that makes sense."""

    on: date
    at: time | None
    note_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Told:
    """The entry that the patient's calendar holds by our last mail. `note_on`: a note about a change already waits."""

    on: date
    at: time | None = None
    note_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """`wants` is the site's record: None = never asked. `is_refused`: the mail server knew no such address."""

    email: str = ""
    language: str = ""
    wants: bool | None = None
    has_opted_out: bool = False
    consent_withdrawn: bool = False
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit of one patient as it stands on a day. `status`: None = the schedule has no place for it."""

    status: VisitStatus | None
    has_occurred: bool
    not_done: bool
    appointment: Appointment | None
    contact: ContactFacts
    has_died: bool = False
    has_left: bool = False
    missed: Missed | None = None
    told: Told | None = None


def reason_against(facts: VisitFacts) -> Reason | None:
    """Why nobody is to be reminded of this visit at all; None = the patient is expected and wants to be told."""
    return reason_against_visit(facts) or reason_against_contact(facts.contact)


def reason_against_visit(facts: VisitFacts) -> Reason | None:
    """Death before everything; then what was recorded, even before its window; then what the schedule says."""
    if facts.has_died:
        return Reason.DIED
    if facts.has_left:
        return Reason.LEFT_STUDY
    if facts.has_occurred:
        return Reason.SEEN
    if facts.not_done:
        return Reason.NOT_DONE
    return _BY_STATUS.get(facts.status) if facts.status is not None else None


def reason_against_contact(contact: ContactFacts) -> Reason | None:
    """The patient's own word stands above the site's record."""
    if contact.has_opted_out:
        return Reason.OPTED_OUT
    if contact.consent_withdrawn:
        return Reason.CONSENT_WITHDRAWN
    if contact.wants is None:
        return Reason.NEVER_ASKED
    if not contact.wants:
        return Reason.DECLINED
    if not contact.email:
        return Reason.NO_ADDRESS
    return Reason.ADDRESS_REFUSED if contact.is_refused else None
