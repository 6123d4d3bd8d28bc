"""What a person may do to a row of the ledger, and when it would make no sense."""

from reminders.rules.reasons import Reason
from reminders.rules.states import BY_HAND, SKIPPED, Act, ReminderState


def is_open_to(act: Act, state: ReminderState, reason: str, *, is_over: bool) -> bool:
    """Whether `act` can be done to a row now. `is_over`: the day that the message speaks of has passed.

    Nobody is written to about what is over. A row that was not sent is sent only where a person had cancelled it:
    every other reason not to send stands above the wish to send.
    """
    if state not in BY_HAND[act]:
        return False
    if act is Act.CANCEL:
        return True
    return not is_over and (state is not SKIPPED or reason == Reason.CANCELLED_BY_HAND)
