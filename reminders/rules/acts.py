"""What a person may do to a row of the ledger, and when it would make no sense."""

from datetime import datetime, tzinfo

from reminders.rules.due import appointment_ends_at
from reminders.rules.plan import PlannedReminder
from reminders.rules.reasons import Reason
from reminders.rules.states import BY_HAND, SKIPPED, Act, ReminderState


def is_open_to(
    act: Act, state: ReminderState, reason: str, planned: PlannedReminder, *, now: datetime, zone: tzinfo
) -> bool:
    """Whether `act` can be done to a row now.

    Nobody is reminded of what is over. A row that was not sent is sent only where a person had cancelled it: every
    other reason not to send stands above the wish to send.
    """
    if state not in BY_HAND[act]:
        return False
    if act is Act.CANCEL:
        return True
    is_over = now >= appointment_ends_at(planned.appointment_on, planned.appointment_time, zone)
    return not is_over and (state is not SKIPPED or reason == Reason.CANCELLED_BY_HAND)
