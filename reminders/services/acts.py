"""What people do to the ledger by hand: each act with its reason, in the same transaction as the change."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from accounts.permissions import Permission
from audit import recording
from reminders.models import LedgerAct, Notice, NoticeAct, NoticeKind, Reminder
from reminders.rules.acts import is_open_to
from reminders.rules.due import appointment_ends_at
from reminders.rules.reasons import Reason
from reminders.rules.states import Act, ReminderState

_TO: dict[Act, tuple[ReminderState, dict[str, Any]]] = {
    Act.RESEND: (ReminderState.PLANNED, {"attempts": 0, "next_attempt_at": None}),
    Act.CANCEL: (ReminderState.SKIPPED, {"reason": Reason.CANCELLED_BY_HAND}),
}


@transaction.atomic
def resend(*, by: User, message: Reminder | Notice, reason: str) -> LedgerAct | NoticeAct:
    """Put a row back among those to be sent: the next sweep checks it against the facts, as every other.

    The message keeps its Message-ID: a mailbox that has it already can tell.
    """
    return _act(Act.RESEND, by, message, reason)


@transaction.atomic
def cancel(*, by: User, message: Reminder | Notice, reason: str) -> LedgerAct | NoticeAct:
    """Take a row out for good: planning anew does not bring it back."""
    return _act(Act.CANCEL, by, message, reason)


def may_act(user: User, message: Reminder | Notice) -> bool:
    """Upon mails of the sites one answers for; upon a mail to oneself always."""
    if isinstance(message, Notice):
        return Notice.objects.visible_to(user, Permission.MANAGE_REMINDERS).filter(pk=message.pk).exists()
    return may(user, Permission.MANAGE_REMINDERS, message.patient.site)


def can(act: Act, message: Reminder | Notice) -> bool:
    is_over = _is_over(message, timezone.now())
    return is_open_to(act, ReminderState(message.state), message.reason, is_over=is_over)


def _is_over(message: Reminder | Notice, now: datetime) -> bool:
    if isinstance(message, Notice):
        today = timezone.localtime(now, settings.CLINIC_ZONE).date()
        return message.kind == NoticeKind.DIGEST and message.due_on < today
    return now >= appointment_ends_at(message.appointment_on, message.appointment_time, settings.CLINIC_ZONE)


def _act(act: Act, by: User, message: Reminder | Notice, reason: str) -> LedgerAct | NoticeAct:
    if not may_act(by, message):
        raise PermissionDenied(
            _("This is open to those who answer for the site's reminders, and for a mail to yourself.")
        )
    rows = type(message).objects.all()
    locked = rows.select_for_update().get(pk=message.pk)
    if not can(act, locked):
        raise ValidationError(_("The reminder has changed meanwhile: look at its state and decide again."))
    to, fields = _TO[act]
    done = _record_of(locked, act=act.value, reason=reason.strip(), by=by)
    done.full_clean()
    with recording(by=by, reason=done.reason):
        done.save()
    rows.filter(pk=locked.pk).by_hand(act, to, **fields)
    return done


def _record_of(message: Reminder | Notice, **said: Any) -> LedgerAct | NoticeAct:
    if isinstance(message, Notice):
        return NoticeAct(notice=message, **said)
    return LedgerAct(reminder=message, **said)
