"""The dose ledger: what was ordered, what was handed out and came back, what the patient says was missed."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from adverse_events.models import AdverseEvent
from audit.tracking import clinical
from dosing.triggers import supply_adds_up
from patients.models import Patient
from protocol import codes


@clinical
class DoseOrder(models.Model):
    """An order from a day on: mg a day of a pattern repeated from the anchor; it holds until the next."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="dose_orders")
    from_on = models.DateField(_("from"))
    pattern_mg = ArrayField(models.PositiveIntegerField(), verbose_name=_("pattern (mg a day)"))
    anchor_on = models.DateField(_("pattern starts on"))
    reason = models.CharField(_("reason"), max_length=20, choices=codes.choices(codes.DoseReason))
    adverse_event = models.ForeignKey(
        AdverseEvent,
        models.PROTECT,
        related_name="dose_orders",
        verbose_name=_("for adverse event"),
        null=True,
        blank=True,
    )
    comment = models.CharField(_("comment"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("dose order")
        verbose_name_plural = _("dose orders")
        ordering = ["patient", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "from_on"], name="one_dose_order_a_day"),
            models.CheckConstraint(name="dose_pattern_not_empty", condition=Q(pattern_mg__len__gte=1)),
        ]


@clinical
class Kit(models.Model):
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="kits")
    kit_id = models.CharField(_("kit"), max_length=1000, unique=True)
    dispensed_on = models.DateField(_("dispensed on"))
    source = models.CharField(_("source"), max_length=12, choices=codes.choices(codes.SupplySource))
    strength_mg = models.PositiveSmallIntegerField(_("strength (mg)"))
    tablets = models.PositiveIntegerField(_("tablets"))

    class Meta:
        verbose_name = _("kit")
        verbose_name_plural = _("kits")
        ordering = ["patient", "dispensed_on", "kit_id"]
        constraints = [models.CheckConstraint(name="kit_id_not_blank", condition=~Q(kit_id=""))]
        triggers = [supply_adds_up("NEW.id", pgtrigger.Update)]


@clinical
class KitReturn(models.Model):
    """What came back of a kit: returned, lost, and counted but kept by the patient for the next interval."""

    kit = models.OneToOneField(Kit, models.PROTECT, related_name="kit_return")
    returned_on = models.DateField(_("returned on"))
    tablets_returned = models.PositiveIntegerField(_("tablets returned"))
    tablets_lost = models.PositiveIntegerField(_("tablets lost"), default=0)
    tablets_kept = models.PositiveIntegerField(_("tablets kept"), default=0)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        triggers = [supply_adds_up("NEW.kit_id", pgtrigger.Insert | pgtrigger.Update)]


@clinical
class MissedDoses(models.Model):
    """Doses the patient says were missed between two days, both inside."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="missed_doses")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    doses_missed = models.PositiveIntegerField(_("doses missed"))

    class Meta:
        verbose_name = _("missed doses")
        verbose_name_plural = _("missed doses")
        ordering = ["patient", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "from_on"], name="one_missed_doses_row_a_day"),
            models.CheckConstraint(name="missed_doses_end_after_start", condition=Q(to_on__gte=F("from_on"))),
        ]
