"""How a report comes about: asked for, taken up by a worker, done or given up."""

from datetime import datetime, timedelta
from enum import StrEnum

# A worker says after every batch of courses that it is at work: who is silent for so long was killed.
SILENCE = timedelta(minutes=3)
MOST_ATTEMPTS = 3


class ReportState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


NEXT = {
    ReportState.WAITING: frozenset({ReportState.RUNNING}),
    ReportState.RUNNING: frozenset({ReportState.RUNNING, ReportState.DONE, ReportState.FAILED}),
    ReportState.DONE: frozenset[ReportState](),
    ReportState.FAILED: frozenset[ReportState](),
}


def is_to_be_taken_up(state: ReportState, progressed_at: datetime, now: datetime) -> bool:
    """Nobody works on it: it waits, or whoever did has fallen silent."""
    return state is ReportState.WAITING or (state is ReportState.RUNNING and now - progressed_at > SILENCE)


def is_given_up(attempts: int) -> bool:
    """Whatever ends a worker so many times would end the next one too."""
    return attempts >= MOST_ATTEMPTS
