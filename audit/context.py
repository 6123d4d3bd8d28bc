"""Who writes, and why: the context that the database's audit triggers read.

The two settings are local to the transaction. `recording` opens a savepoint, so that an error inside it also takes
the actor back, and restores what stood before when it ends: nothing later in the same transaction is written in the
name of somebody who has already left. Plain SQL and COPY on the same connection see the same settings.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from django.db import connection, transaction

_READ = """SELECT current_setting('pghistory.context_id', true), current_setting('pghistory.context_metadata', true)"""
_SET = """SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"""


class Actor(Protocol):
    """Anybody who may stand in the trail: a user with a primary key and a username."""

    pk: int

    def get_username(self) -> str: ...


_act: ContextVar[tuple[str, str] | None] = ContextVar("act", default=None)


@contextmanager
def one_act(reason: str) -> Iterator[None]:
    """What several services record inside is one act to its reader: one context, one reason for all of it."""
    token = _act.set((str(uuid.uuid4()), reason.strip()))
    try:
        yield
    finally:
        _act.reset(token)


@contextmanager
def recording(*, by: Actor, reason: str = "", **facts: str) -> Iterator[None]:
    """Attribute every write inside to `by`, with `reason`; the database refuses changes without one."""
    context_id, why = _act.get() or (str(uuid.uuid4()), reason.strip())
    metadata = {"actor": by.get_username(), "actor_id": by.pk, "reason": why, **facts}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            before = cursor.fetchone()
            cursor.execute(_SET, [context_id, json.dumps(metadata)])
        yield
        with connection.cursor() as cursor:
            cursor.execute(_SET, [before[0] or "", before[1] or ""])
