"""What people do to the ledger by hand: each act with its reason, in the same transaction as the change."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from audit import recording
from reminders.models import LedgerAct, Reminder
from reminders.rules.acts import is_open_to
from reminders.rules.reasons import Reason
from reminders.rules.states import Act, ReminderState
from reminders.services.planning import as_planned

_TO: dict[Act, tuple[ReminderState, dict[str, Any]]] = {
    Act.RESEND: (ReminderState.PLANNED, {"attempts": 0, "next_attempt_at": None}),
    Act.CANCEL: (ReminderState.SKIPPED, {"reason": Reason.CANCELLED_BY_HAND}),
}


@transaction.atomic
def resend(*, by: User, reminder: Reminder, reason: str) -> LedgerAct:
    """Put a row back among those to be sent: the next sweep checks it against the facts, as every other.

    The message keeps its Message-ID: a mailbox that has it already can tell.
    """
    return _act(Act.RESEND, by, reminder, reason)


@transaction.atomic
def cancel(*, by: User, reminder: Reminder, reason: str) -> LedgerAct:
    """Take a row out for good: planning anew does not bring it back."""
    return _act(Act.CANCEL, by, reminder, reason)


def can(act: Act, reminder: Reminder) -> bool:
    return is_open_to(
        act,
        ReminderState(reminder.state),
        reminder.reason,
        as_planned(reminder),
        now=timezone.now(),
        zone=settings.CLINIC_ZONE,
    )


def _act(act: Act, by: User, reminder: Reminder, reason: str) -> LedgerAct:
    require(by, Permission.MANAGE_REMINDERS, reminder.patient.site)
    locked = Reminder.objects.select_for_update().get(pk=reminder.pk)
    if not can(act, locked):
        raise ValidationError(_("The reminder has changed meanwhile: look at its state and decide again."))
    to, fields = _TO[act]
    done = LedgerAct(reminder=locked, act=act.value, reason=reason.strip(), by=by)
    done.full_clean()
    with recording(by=by, reason=done.reason):
        done.save()
    Reminder.objects.filter(pk=locked.pk).by_hand(act, to, **fields)
    return done
