"""When a matter that is open is brought before the principal investigator, and when again."""

from datetime import date, timedelta


def is_to_escalate(last_on: date | None, repeat: timedelta, *, on: date) -> bool:
    """Once when it arises; while it stays open again every `repeat`. `last_on`: the last time, None = never."""
    return last_on is None or last_on + repeat <= on
