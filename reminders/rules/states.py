"""The states of a reminder, and the one table of how it gets from one to another.

    planned ─┬─> claimed ─┬─> sent
             │            ├─> failed
             │            └─> planned   (again later, or its worker died)
             └─> skipped, superseded ──> planned   (the facts changed back)

Skipped: this patient, or this visit, is not to be reminded. Superseded: something else takes its place.
A reminder that was sent, or that failed for good, stays so until a person asks for it again, with a reason.
"""

from enum import StrEnum


class ReminderState(StrEnum):
    PLANNED = "PLANNED"
    CLAIMED = "CLAIMED"
    SENT = "SENT"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    SUPERSEDED = "SUPERSEDED"


class Act(StrEnum):
    """What a person may do to a row."""

    RESEND = "RESEND"
    CANCEL = "CANCEL"


PLANNED, CLAIMED, SENT, FAILED, SKIPPED, SUPERSEDED = ReminderState

TRANSITIONS: dict[ReminderState, frozenset[ReminderState]] = {
    PLANNED: frozenset({CLAIMED, SKIPPED, SUPERSEDED}),
    CLAIMED: frozenset({PLANNED, SENT, FAILED, SKIPPED, SUPERSEDED}),
    SKIPPED: frozenset({PLANNED, SKIPPED}),  # to itself: for another reason
    SUPERSEDED: frozenset({PLANNED, SKIPPED}),
    SENT: frozenset(),
    FAILED: frozenset(),
}
# By the hand of a person, who gives a reason. Nothing else takes a row out of these states.
BY_HAND: dict[Act, frozenset[ReminderState]] = {
    Act.RESEND: frozenset({SENT, FAILED, SKIPPED}),
    Act.CANCEL: frozenset({PLANNED}),
}
# Still to be sent.
OPEN = frozenset({PLANNED, CLAIMED})
# Not sent, and the ledger says why.
EXPLAINED = frozenset({SKIPPED, SUPERSEDED, FAILED})


def sources_of(target: ReminderState) -> frozenset[ReminderState]:
    """The states from which `target` can be reached."""
    return frozenset(state for state, targets in TRANSITIONS.items() if target in targets)
