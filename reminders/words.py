"""States and reasons in the words people read."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reminders.models import Message, Reminder
from reminders.rules.kinds import NOTES
from reminders.rules.reasons import Reason
from reminders.rules.states import ReminderState


class StateMark(NamedTuple):
    """A word, a shape beside it, and the class that colours both."""

    word: Promise
    shape: str
    css_class: str


STATES = {
    ReminderState.PLANNED: StateMark(gettext_lazy("Planned"), "○", "status-planned"),
    ReminderState.CLAIMED: StateMark(gettext_lazy("Being sent"), "◐", "status-due"),
    ReminderState.SENT: StateMark(gettext_lazy("Sent"), "●", "status-done"),
    ReminderState.FAILED: StateMark(gettext_lazy("Failed"), "✕", "status-missed"),
    ReminderState.SKIPPED: StateMark(gettext_lazy("Not sent"), "–", "status-not-done"),
    ReminderState.SUPERSEDED: StateMark(gettext_lazy("Replaced"), "↷", "status-cancelled"),
}
REASONS = {
    Reason.DIED: gettext_lazy("The patient has died"),
    Reason.LEFT_STUDY: gettext_lazy("The patient has left the study"),
    Reason.SEEN: gettext_lazy("The visit has taken place"),
    Reason.NOT_DONE: gettext_lazy("The visit is marked as not done"),
    Reason.BEFORE_ENROLMENT: gettext_lazy("The visit lies before enrolment"),
    Reason.MERGED_WITH_ENTRY: gettext_lazy("The visit is merged with the entry visit"),
    Reason.TREATMENT_ENDED: gettext_lazy("The visit is cancelled: treatment has ended"),
    Reason.OPTED_OUT: gettext_lazy("The patient has opted out"),
    Reason.NEVER_ASKED: gettext_lazy("Agreement to e-mails is not recorded"),
    Reason.DECLINED: gettext_lazy("The patient does not want e-mails"),
    Reason.CONSENT_WITHDRAWN: gettext_lazy("Consent to e-mails is withdrawn"),
    Reason.NO_ADDRESS: gettext_lazy("There is no usable e-mail address"),
    Reason.ADDRESS_REFUSED: gettext_lazy("The mail server knew no such address"),
    Reason.BOOKED_INSIDE_LEAD: gettext_lazy("Booked after it was due"),
    Reason.CANCELLED_BY_HAND: gettext_lazy("Cancelled by hand"),
    Reason.NOT_WANTED: gettext_lazy("The recipient does not want these mails"),
    Reason.NO_DELEGATION: gettext_lazy("The recipient has no role at a site any more"),
    Reason.NOTHING_TO_SAY: gettext_lazy("There was nothing to report"),
    Reason.RESOLVED: gettext_lazy("The matter was settled before the mail went out"),
    Reason.VISIT_REMOVED: gettext_lazy("The schedule no longer has this visit"),
    Reason.ADDRESS_CHANGED: gettext_lazy("The e-mail address has changed"),
    Reason.BOOKED: gettext_lazy("The visit has been booked"),
    Reason.BOOKING_CANCELLED: gettext_lazy("The booking was cancelled"),
    Reason.MOVED: gettext_lazy("The appointment was moved"),
    Reason.LATER_REMINDER: gettext_lazy("A later reminder of the visit takes its place"),
    Reason.DAY_PASSED: gettext_lazy("The appointment has passed"),
    Reason.REFUSED: gettext_lazy("The mail server refused it"),
    Reason.GAVE_UP: gettext_lazy("The mail server did not take it after many attempts"),
}


def state_mark(reminder: Message) -> StateMark:
    return STATES[ReminderState(reminder.state)]


def reason_words(reminder: Message) -> str:
    """Why it was not sent; "" for one that was or will be."""
    return str(REASONS[Reason(reminder.reason)]) if reminder.reason else ""


def lead_words(reminder: Reminder) -> str:
    if reminder.kind in NOTES:
        return ""
    days = reminder.lead_days
    return ngettext("%(days)d day ahead", "%(days)d days ahead", days) % {"days": days}


def delivery_words(reminder: Reminder) -> str:
    """Attempts, and the doubt that a killed worker or a lost connection leaves."""
    if reminder.maybe_sent:
        return _("Sent again: an earlier attempt may have arrived")
    if reminder.attempts > 1:
        attempts = reminder.attempts
        return ngettext("%(attempts)d attempt", "%(attempts)d attempts", attempts) % {"attempts": attempts}
    return ""


def masked(address: str) -> str:
    """Enough of an address to tell two apart, too little to write to."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if at else ""
