"""What every row of the ledger has, whoever it is for: its state, its claim, and what the mail server said."""

import uuid
from collections.abc import Collection
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reminders.rules.states import BY_HAND, EXPLAINED, Act, ReminderState, sources_of


def new_message_id() -> str:
    """One for the life of the row, whatever happens to it: a mailbox can tell a second copy. Says nothing."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{uuid.uuid4()}@{address.partition('@')[2] or 'localhost'}>"


class MessageQuerySet(models.QuerySet[Any]):
    def transition(self, to: ReminderState, **fields: Any) -> int:
        """Move those rows that may go there; how many went. The one way in which a state changes.

        The state is asked for in the same statement, so of two hands that reach for a row one finds nothing.
        Leaving a claim clears it, and a reason stays only with the state that it explains.
        """
        return self._move(to, sources_of(to), fields)

    def by_hand(self, act: Act, to: ReminderState, **fields: Any) -> int:
        """The same for what a person asks for, from the states that are open to a hand."""
        return self._move(to, BY_HAND[act], fields)

    def _move(self, to: ReminderState, sources: Collection[ReminderState], fields: dict[str, Any]) -> int:
        cleared: dict[str, Any] = {}
        if to != ReminderState.CLAIMED:
            cleared |= {"claim_token": None, "claimed_at": None, "claimed_until": None}
        if to in {ReminderState.PLANNED, ReminderState.SKIPPED, ReminderState.SUPERSEDED}:
            cleared |= {"handed_at": None, "sent_at": None}
        if to not in EXPLAINED:
            cleared |= {"reason": ""}
        return self.filter(state__in=sources).update(state=to, **cleared | fields)


class Message(models.Model):
    """One message to one person on one day.

    `handed_at` is set just before a message goes to the mail server. If its worker dies after that, nobody knows
    whether the server took it: it is sent again, and `maybe_sent` says so.
    """

    due_on = models.DateField(_("due on"))
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, state.value) for state in ReminderState],
        default=ReminderState.PLANNED.value,
    )
    reason = models.CharField(_("reason"), max_length=30, blank=True)

    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    last_answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    handed_at = models.DateTimeField(_("handed to the mail server"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    maybe_sent = models.BooleanField(_("may have been sent before"), default=False)
    message_id = models.CharField("Message-ID", max_length=400, unique=True, default=new_message_id)
    language = models.CharField(_("language"), max_length=2, blank=True)
    template_version = models.CharField(_("version of the text"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("planned at"), auto_now_add=True)

    class Meta:
        abstract = True


def state_constraints(name: str) -> list[models.BaseConstraint]:
    """What the database refuses of every such row; constraint names begin with `name`."""
    return [
        models.CheckConstraint(name=f"{name}_state_known", condition=Q(state__in=list(ReminderState))),
        models.CheckConstraint(
            name=f"{name}_claimed_with_its_claim",
            condition=Q(
                state=ReminderState.CLAIMED,
                claim_token__isnull=False,
                claimed_at__isnull=False,
                claimed_until__gte=F("claimed_at"),
            )
            | ~Q(state=ReminderState.CLAIMED)
            & Q(claim_token__isnull=True, claimed_at__isnull=True, claimed_until__isnull=True),
        ),
        models.CheckConstraint(
            name=f"{name}_sent_with_its_instant",
            condition=Q(state=ReminderState.SENT, sent_at__isnull=False, handed_at__isnull=False)
            | ~Q(state=ReminderState.SENT) & Q(sent_at__isnull=True),
        ),
        models.CheckConstraint(
            name=f"{name}_not_sent_says_why",
            condition=Q(state__in=sorted(EXPLAINED)) & ~Q(reason="")
            | ~Q(state__in=sorted(EXPLAINED)) & Q(reason=""),
        ),
        models.CheckConstraint(
            name=f"{name}_handed_over_when_claimed",
            condition=Q(handed_at__isnull=True)
            | Q(state__in=[ReminderState.CLAIMED, ReminderState.SENT, ReminderState.FAILED]),
        ),
    ]
