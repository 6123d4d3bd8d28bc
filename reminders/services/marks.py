"""What the ledger is told of a message that goes: one statement, one commit, one trip to the database.

That the server has taken a message, and that the next one is about to be handed over, is written together. So at any
moment one row at most is handed over and not marked, and none goes before the mark of the one before it is on the
disk (docs/adr/0004-the-row-is-the-truth-the-broker-a-wake-up.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from psycopg import Cursor
from psycopg.sql import SQL, Composed, Identifier

from reminders.mails import TEMPLATE_VERSION
from reminders.models import Verdict
from reminders.rules.states import ReminderState
from reminders.services.desks import DESKS, Desk

# What `transition` would do, for two rows at once. Whoever waits for `sent` holds no row yet; and the next row, while
# somebody else holds it, is passed over, not waited for. So nobody waits for this statement and it for them.
_TURN = SQL("""
    WITH sent AS (
        UPDATE {ledger}
        SET state = %(SENT)s, sent_at = %(answered_at)s, attempts = attempts + 1, last_answer = '', reason = '',
            claim_token = NULL, claimed_at = NULL, claimed_until = NULL
        WHERE id = %(sent)s AND state = %(CLAIMED)s AND claim_token = %(token)s
        RETURNING id
    ), noted AS (
        INSERT INTO {attempts} ({row}, at, verdict, answer)
        SELECT id, %(answered_at)s, %(ACCEPTED)s, '' FROM sent
    ), free AS (
        SELECT id FROM {ledger}
        WHERE (SELECT count(*) FROM sent) >= 0
            AND id = %(next)s AND state = %(CLAIMED)s AND claim_token = %(token)s AND handed_at IS NULL
        FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE {ledger}
        SET handed_at = now(), claimed_until = now() + %(lease)s,
            language = %(language)s, template_version = %(template_version)s
        WHERE id = (SELECT id FROM free)
        RETURNING id
    )
    SELECT (SELECT count(*) FROM sent), (SELECT count(*) FROM handed)
""")


class Turn(NamedTuple):
    """Whether the row of the message before was marked, and whether the next one may be handed over."""

    is_marked: bool
    may_go: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A row that the server has taken, and when."""

    row: Any
    at: datetime


def lease() -> timedelta:
    """How long a worker may keep a row without a sign."""
    return timedelta(seconds=settings.REMINDER_CLAIM_SECONDS)


def turn(desk: Desk, sent: Sent | None, following: Any = None, language: str = "") -> Turn:
    """Mark what was sent, and say in the ledger that the server now gets `following`.

    From then on nobody takes that row back but by its lease. It may not go when the facts have changed since the
    claim, and the plan with them; or when somebody is changing them at this moment.
    """
    values = {
        "sent": sent and sent.row.pk,
        "answered_at": sent and sent.at,
        "next": following and following.pk,
        "token": (sent.row if sent else following).claim_token,
        "lease": lease(),
        "language": language,
        "template_version": TEMPLATE_VERSION,
        "SENT": ReminderState.SENT.value,
        "CLAIMED": ReminderState.CLAIMED.value,
        "ACCEPTED": Verdict.ACCEPTED.value,
    }
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        cursor.execute(_statement(desk.name), values, prepare=True)
        marked, handed = cursor.fetchone() or (0, 0)
    return Turn(bool(marked), bool(handed))


@cache
def _statement(name: str) -> Composed:
    desk = next(each for each in DESKS if each.name == name)
    return _TURN.format(
        ledger=Identifier(desk.rows().model._meta.db_table),
        attempts=Identifier(desk.attempts._meta.db_table),
        row=Identifier(f"{name}_id"),
    )
