"""When a message that could not be delivered is tried again."""

from datetime import timedelta

# Ten attempts over about six hours: longer than a restart or a mail server that makes strangers wait.
MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=2)
# A pause varies by up to a quarter, so that a thousand messages refused together do not come back together.
JITTER = 0.25


def pause_before_next(attempts: int, chance: float) -> timedelta | None:
    """The pause after so many failed attempts, doubled each time; None: that was the last one.

    `chance` (0 to 1) comes from the caller. Raises ValueError without a failed attempt.
    """
    if attempts < 1:
        raise ValueError("a pause follows a failed attempt")
    if attempts >= MOST_ATTEMPTS:
        return None
    pause = min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE)
    return pause * (1 + JITTER * chance)
