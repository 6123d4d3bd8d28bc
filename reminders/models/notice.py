"""Messages to staff: the digest of a morning, and what the principal investigator must know."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.tracking import clinical
from patients.models import Patient
from reminders.models.attempt import ActByHand, Handing
from reminders.models.message import Message, MessageQuerySet, state_constraints
from reminders.rules.states import OPEN


class NoticeKind(models.TextChoices):
    DIGEST = "DIGEST", _("Morning digest")
    ESCALATION = "ESCALATION", _("Escalation")


class NoticeQuerySet(MessageQuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_REMINDERS) -> Self:
        """One's own, those about patients at the sites of this permission, and the digests of colleagues there."""
        mine = Patient.objects.visible_to(user, permission)
        colleagues = User.objects.filter(delegations__site__in=sites_visible_to(user, permission))
        about_nobody = Q(patient=None, user__in=colleagues.values("pk"))
        return self.filter(Q(user=user) | Q(patient__in=mine.values("pk")) | about_nobody)


class Notice(Message):
    """One message to somebody of the staff. `concern` names what stands behind an escalation, for this patient."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind.choices)
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="notices", verbose_name=_("patient"), null=True, blank=True
    )
    concern = models.CharField(_("about"), max_length=60, blank=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to staff")
        verbose_name_plural = _("messages to staff")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "patient", "concern", "due_on"],
                name="one_notice_a_person_kind_concern_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="notice_escalation_has_its_concern",
                condition=Q(kind=NoticeKind.DIGEST, patient=None, concern="")
                | Q(kind=NoticeKind.ESCALATION, patient__isnull=False) & ~Q(concern=""),
            ),
            *state_constraints("notice"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="notice_still_to_send", condition=Q(state__in=sorted(OPEN))
            )
        ]


class NoticeAttempt(Handing):
    """A handing of a message to staff."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="attempt_rows")


@clinical
class NoticeAct(ActByHand):
    """An act upon a message to staff."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="acts")

    class Meta(ActByHand.Meta):
        constraints = [models.CheckConstraint(name="notice_act_says_why", condition=~Q(reason=""))]


class MailChoice(models.Model):
    """What somebody of the staff wants to get; without a row: everything that their role gets."""

    user = models.OneToOneField(User, models.CASCADE, related_name="mail_choice")
    digest = models.BooleanField(_("Morning digest on working days"), default=True)
    escalations = models.BooleanField(_("Escalations, as soon as they arise"), default=True)
