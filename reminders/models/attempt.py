"""What was done with a row: each handing to the mail server, and each act of a person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracking import clinical
from reminders.models.reminder import Reminder
from reminders.rules.states import Act


class Verdict(models.TextChoices):
    """What a mail server, or its silence, said to one attempt."""

    ACCEPTED = "ACCEPTED", _("Taken")
    REFUSED = "REFUSED", _("Refused for good")  # trying again would get the same answer
    NO_MAILBOX = "NO_MAILBOX", _("Address refused")  # there is nobody at this address, whatever the message
    NOT_NOW = "NOT_NOW", _("Not now")
    UNREACHABLE = "UNREACHABLE", _("Mail server not reached")  # the server itself, whatever the message
    LOST = "LOST", _("Worker ended before the answer")


FINAL = frozenset({Verdict.REFUSED, Verdict.NO_MAILBOX})


class Handing(models.Model):
    """One handing of a message to the mail server, with what it answered. Addresses are left out of `answer`."""

    at = models.DateTimeField(_("at"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="%(class)s_verdict_known", condition=Q(verdict__in=Verdict.values))
        ]
        indexes = [models.Index(fields=["at"], name="%(class)s_by_instant")]


class Attempt(Handing):
    """A handing of a message to a patient."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="attempt_rows")


class ActByHand(models.Model):
    """What a person did to a row, and why: sent it again, or cancelled it. Stands in the audit trail."""

    class Kind(models.TextChoices):
        RESEND = Act.RESEND.value, _("Sent again")
        CANCEL = Act.CANCEL.value, _("Cancelled")

    act = models.CharField(_("act"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]


@clinical
class LedgerAct(ActByHand):
    """An act upon a message to a patient."""

    reminder = models.ForeignKey(Reminder, models.PROTECT, related_name="acts")

    class Meta(ActByHand.Meta):
        constraints = [models.CheckConstraint(name="ledger_act_says_why", condition=~Q(reason=""))]
