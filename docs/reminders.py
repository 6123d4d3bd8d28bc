"""The tables of reminders.md: states with where they lead, and reasons with the state they explain."""

from collections.abc import Iterable, Sequence

from reminders.rules.reasons import Reason
from reminders.rules.states import TRANSITIONS, ReminderState

STATES = {
    ReminderState.PLANNED: "It is to go out on its day.",
    ReminderState.CLAIMED: "A worker has it in hand, for two minutes at most.",
    ReminderState.SENT: "The mail server has taken it.",
    ReminderState.FAILED: "It was tried and will not be tried again.",
    ReminderState.SKIPPED: "This patient, or this visit, is not to be reminded.",
    ReminderState.SUPERSEDED: "Something else has taken its place.",
}
REASONS = {
    Reason.DIED: "The patient has died.",
    Reason.LEFT_STUDY: "Participation has ended.",
    Reason.SEEN: "The visit has taken place.",
    Reason.NOT_DONE: "The visit is recorded as not done.",
    Reason.BEFORE_ENROLMENT: "The window closed before the patient entered.",
    Reason.MERGED_WITH_ENTRY: "The patient entered inside the window.",
    Reason.TREATMENT_ENDED: "The visit is cancelled because treatment has ended.",
    Reason.OPTED_OUT: "The patient used the link in a mail.",
    Reason.NEVER_ASKED: "Nobody has recorded whether the patient wants mails.",
    Reason.DECLINED: "The patient does not want mails.",
    Reason.CONSENT_WITHDRAWN: "The written consent to reminders is withdrawn.",
    Reason.NO_ADDRESS: "There is no usable e-mail address.",
    Reason.ADDRESS_REFUSED: "A mail server knew no such address, and nobody has corrected or confirmed it since.",
    Reason.BOOKED_INSIDE_LEAD: "The booking was made after the mail would have been due.",
    Reason.CANCELLED_BY_HAND: "Somebody cancelled it, with a reason.",
    Reason.NOT_WANTED: "Somebody of the staff has switched such mails off.",
    Reason.NO_DELEGATION: "Somebody of the staff has no role that gets such mails any more.",
    Reason.NOTHING_TO_SAY: "The digest of the morning would be empty.",
    Reason.RESOLVED: "What an escalation was about has been settled.",
    Reason.VISIT_REMOVED: "The schedule no longer has the visit.",
    Reason.ADDRESS_CHANGED: "The patient has another address, and a row of its own for it.",
    Reason.BOOKED: "The visit was booked: rows for the booked day replace those for the suggested one.",
    Reason.BOOKING_CANCELLED: "The booking was taken back.",
    Reason.MOVED: "The appointment has another day or time.",
    Reason.LATER_REMINDER: "A later reminder of the same visit is due already, so this one is left out.",
    Reason.DAY_PASSED: "The appointment is over.",
    Reason.REFUSED: "The mail server refused it for good, or it could not be written.",
    Reason.GAVE_UP: 'The mail server said "not now" until the last attempt.',
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def states_table() -> str:
    def next_states(state: ReminderState) -> str:
        return ", ".join(
            f"`{each}`" for each in ReminderState if each in TRANSITIONS[state] and each != state
        )

    rows = ([f"`{state}`", STATES[state], next_states(state)] for state in ReminderState)
    return table(["state", "meaning", "may become"], rows)


def reasons_table() -> str:
    return table(["reason", "state", "when"], ([f"`{r}`", f"`{r.state}`", REASONS[r]] for r in Reason))
