"""The act of bringing patients onto a newer version of the protocol."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site, User
from audit.tracking import clinical
from patients.models.patient import Patient


@clinical
class Amendment(models.Model):
    """One patient, or (`patient` blank) everybody of a site and those who will be screened there.

    `changes`: how many visits changed in which way, by primary key of each patient who was amended
    (`{"17": {"MOVED": 12, "ADDED": 1}}`); which visits they were stands in the trail.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="amendments", verbose_name=_("site"))
    patient = models.ForeignKey(
        Patient,
        models.PROTECT,
        related_name="amendments",
        verbose_name=_("patient"),
        null=True,
        blank=True,
    )
    version = models.CharField(_("protocol version"), max_length=50)
    approved_on = models.DateField(_("version approved on"))
    effective_on = models.DateField(_("in effect from"))
    reason = models.CharField(_("reason"), max_length=1000)
    changes = models.JSONField(_("visits changed"), default=dict, blank=True)
    applied_at = models.DateTimeField(_("applied at"), editable=False)
    applied_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["-applied_at"]
        constraints = [
            models.CheckConstraint(
                name="amended_after_approval", condition=Q(effective_on__gte=F("approved_on"))
            ),
            models.CheckConstraint(name="amended_for_a_reason", condition=~Q(reason="")),
        ]
