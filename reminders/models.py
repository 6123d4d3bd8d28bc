"""The ledger of reminders: a row for everything that was to be said to somebody on a day, and what became of it.

The row is the truth, the broker only a wake-up. No text of a mail is kept. The ledger holds no clinical facts and
stands outside the audit trail.
"""

import uuid
from collections.abc import Collection
from email.utils import parseaddr
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from audit.tracking import clinical
from patients.models import Patient
from reminders.rules.kinds import Kind
from reminders.rules.states import BY_HAND, EXPLAINED, OPEN, Act, ReminderState, sources_of
from visits.models import Visit


class ReminderKind(models.TextChoices):
    APPOINTMENT = Kind.APPOINTMENT.value, _("Appointment")
    PLANNED_DATE = Kind.PLANNED_DATE.value, _("Planned date, not booked yet")
    MISSED_VISIT = Kind.MISSED_VISIT.value, _("Did not come")
    MOVED = Kind.MOVED.value, _("Appointment moved")
    CANCELLED = Kind.CANCELLED.value, _("Appointment cancelled")


def new_message_id() -> str:
    """One for the life of the row, whatever happens to it: a mailbox can tell a second copy. Says nothing."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{uuid.uuid4()}@{address.partition('@')[2] or 'localhost'}>"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> Self:
        mine = Patient.objects.visible_to(user, Permission.VIEW_REMINDERS)
        return self.filter(patient__in=mine.values("pk"))

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


class Reminder(models.Model):
    """One message to one address about one visit, on one day.

    `recipient` is the address as planned; it is compared with the patient's contact again before sending.
    `appointment_on` is the day the message speaks of: the booked one, or the suggested one while nobody has booked.
    `handed_at` is set just before a message goes to the mail server. If its worker dies after that, nobody knows
    whether the server took it: it is sent again, and `maybe_sent` says so.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="reminders", verbose_name=_("patient"))
    # A visit that the schedule no longer has a place for is removed; what was said about it stays.
    visit = models.ForeignKey(
        Visit, models.SET_NULL, related_name="reminders", verbose_name=_("visit"), null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReminderKind.choices)
    recipient = models.EmailField(_("recipient"), max_length=320, blank=True)
    due_on = models.DateField(_("due on"))
    due_at = models.DateTimeField(_("due at"))
    lead_days = models.PositiveSmallIntegerField(_("days ahead"))
    appointment_on = models.DateField(_("appointment"))
    appointment_time = models.TimeField(_("at"), null=True, blank=True)

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

    objects: ClassVar = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "kind", "recipient", "due_on"], name="one_reminder_a_visit_kind_address_day"
            ),
            models.CheckConstraint(name="reminder_state_known", condition=Q(state__in=list(ReminderState))),
            models.CheckConstraint(
                name="reminder_claimed_with_its_claim",
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
                name="reminder_sent_with_its_instant",
                condition=Q(state=ReminderState.SENT, sent_at__isnull=False, handed_at__isnull=False)
                | ~Q(state=ReminderState.SENT) & Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="reminder_not_sent_says_why",
                condition=Q(state__in=sorted(EXPLAINED)) & ~Q(reason="")
                | ~Q(state__in=sorted(EXPLAINED)) & Q(reason=""),
            ),
            models.CheckConstraint(
                name="reminder_handed_over_when_claimed",
                condition=Q(handed_at__isnull=True)
                | Q(state__in=[ReminderState.CLAIMED, ReminderState.SENT, ReminderState.FAILED]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="reminder_still_to_send", condition=Q(state__in=sorted(OPEN))
            ),
            models.Index(fields=["due_on", "state"], name="reminder_by_day"),
        ]


class Verdict(models.TextChoices):
    """What a mail server, or its silence, said to one attempt."""

    ACCEPTED = "ACCEPTED", _("Taken")
    REFUSED = "REFUSED", _("Refused for good")  # trying again would get the same answer
    NOT_NOW = "NOT_NOW", _("Not now")
    UNREACHABLE = "UNREACHABLE", _("Mail server not reached")  # the server itself, whatever the message
    LOST = "LOST", _("Worker ended before the answer")


class Attempt(models.Model):
    """One handing of a message to the mail server, with what it answered. Addresses are left out of `answer`."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="attempt_rows")
    at = models.DateTimeField(_("at"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="attempt_verdict_known", condition=Q(verdict__in=Verdict.values))
        ]


@clinical
class LedgerAct(models.Model):
    """What a person did to a row, and why: sent it again, or cancelled it. Stands in the audit trail."""

    class Kind(models.TextChoices):
        RESEND = Act.RESEND.value, _("Sent again")
        CANCEL = Act.CANCEL.value, _("Cancelled")

    reminder = models.ForeignKey(Reminder, models.PROTECT, related_name="acts")
    act = models.CharField(_("act"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(name="ledger_act_says_why", condition=~Q(reason=""))]


class Part(models.TextChoices):
    """What must run for reminders to go out. Queue: what beat asks for is carried out by a worker."""

    BEAT = "beat", _("Scheduler")
    WORKER = "worker", _("Worker")
    QUEUE = "queue", _("Queue")


class Heartbeat(models.Model):
    """When a part of the product last said that it is alive."""

    name = models.CharField(max_length=20, primary_key=True, choices=Part.choices)
    at = models.DateTimeField()
