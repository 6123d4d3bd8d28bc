"""A claim: a few rows for one worker alone, for a while. One that has run out gives its rows back."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from reminders.models import Verdict
from reminders.rules.states import ReminderState
from reminders.services.desks import DESKS, PATIENTS, Desk
from reminders.services.marks import lease
from reminders.services.pace import room_for

# What a claim reads is the same for one row as for many.
ROWS_A_CLAIM = 50


@transaction.atomic(durable=True)
def claim_due(at: datetime, desk: Desk = PATIENTS) -> list[Any]:
    """Up to ROWS_A_CLAIM due rows for this worker alone; rows another worker is looking at are passed over."""
    room = room_for(ROWS_A_CLAIM)
    waiting = Q(next_attempt_at=None) | Q(next_attempt_at__lte=at)
    due = desk.rows().filter(waiting, state=ReminderState.PLANNED, due_at__lte=at)
    rows = due.select_for_update(skip_locked=True).order_by("due_at", "pk")[:room]
    pks = [row.pk for row in rows]
    token = uuid.uuid4()
    desk.rows().filter(pk__in=pks).transition(
        ReminderState.CLAIMED, claim_token=token, claimed_at=Now(), claimed_until=Now() + lease()
    )
    return list(desk.claimed(token, at).order_by("due_at", "pk"))


def take_back_expired_claims() -> int:
    """Rows whose worker did not finish in time. What it had handed over may have arrived: the row says so."""
    return sum(_take_back(desk) for desk in DESKS)


@transaction.atomic
def _take_back(desk: Desk) -> int:
    expired = desk.rows().filter(state=ReminderState.CLAIMED, claimed_until__lt=Now())
    handed = expired.filter(handed_at__isnull=False)
    lost = list(handed.select_for_update(skip_locked=True))
    for row in lost:
        desk.note(row, Verdict.LOST, "", at=row.handed_at)
    return handed.filter(pk__in=[row.pk for row in lost]).transition(
        ReminderState.PLANNED, maybe_sent=True, attempts=F("attempts") + 1
    ) + expired.filter(handed_at=None).transition(ReminderState.PLANNED)
