"""How many mails a minute: never more than the operator allows, however many workers there are.

Nothing is kept for it, the ledger is counted. What was handed over in the last minute and what is claimed, by whomever,
is spoken for; and a claim takes no more rows than that leaves, one claim at a time. So no minute, wherever it begins,
has more than the limit: its mails are among those that its last claim counted.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from reminders.rules.states import ReminderState
from reminders.services.desks import DESKS

MINUTE = timedelta(minutes=1)
# One number of our own among the advisory locks of the database.
_TURN_TO_CLAIM = 5_321_000_001


def room_for(most: int) -> int:
    """How many of so many rows may be claimed; to be used within the transaction in which it was asked."""
    if settings.MAILS_PER_MINUTE is None:
        return most
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN_TO_CLAIM])
    return max(0, min(most, settings.MAILS_PER_MINUTE - _spoken_for(timezone.now())))


def pause_until_room() -> timedelta | None:
    """How long until the last mail is a minute old, if there is no room before; None: there is."""
    if settings.MAILS_PER_MINUTE is None:
        return None
    now = timezone.now()
    if _spoken_for(now) < settings.MAILS_PER_MINUTE:
        return None
    handed = [desk.attempts._default_manager.aggregate(last=Max("at"))["last"] for desk in DESKS]
    return max((last + MINUTE - now for last in handed if last is not None), default=MINUTE)


def _spoken_for(now: datetime) -> int:
    """Claims first: a row that is marked while we count is then counted twice, and not left out."""
    claimed = sum(desk.rows().filter(state=ReminderState.CLAIMED).count() for desk in DESKS)
    handed = sum(desk.attempts._default_manager.filter(at__gt=now - MINUTE).count() for desk in DESKS)
    return claimed + handed
