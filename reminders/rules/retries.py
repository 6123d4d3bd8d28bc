"""When a message that could not be delivered is tried again."""

from datetime import timedelta

# Ten answers "not now" over about six hours: longer than a server that makes strangers wait.
MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=2)
# A server that is not there says nothing about the message: it is tried until the day it speaks of has passed.
LONGEST_PAUSE_UNREACHABLE = timedelta(minutes=10)
# A pause varies by up to a quarter, so that a thousand messages refused together do not come back together.
JITTER = 0.25


def pause_before_next(attempts: int, chance: float) -> timedelta | None:
    """The pause after so many failed attempts, doubled each time; None: that was the last one.

    `chance` (0 to 1) comes from the caller. Raises ValueError without a failed attempt.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return _doubled(attempts, chance, LONGEST_PAUSE)


def pause_while_unreachable(attempts: int, chance: float) -> timedelta:
    """As above while the server itself is away: shorter, and without an end of its own."""
    return _doubled(attempts, chance, LONGEST_PAUSE_UNREACHABLE)


def _doubled(attempts: int, chance: float, longest: timedelta) -> timedelta:
    if attempts < 1:
        raise ValueError("a pause follows a failed attempt")
    doublings = min(attempts - 1, MOST_ATTEMPTS)
    return min(FIRST_PAUSE * (1 << doublings), longest) * (1 + JITTER * chance)
