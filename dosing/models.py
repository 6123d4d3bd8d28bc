"""The dose ledger: what was ordered, what was handed out and came back, what the patient says was missed."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from adverse_events.models import AdverseEvent
from audit.tracking import clinical
from dosing.rules.exposure import MissedDosesFacts
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts
from dosing.rules.returns import ReturnExceedsSupply, check_return
from dosing.triggers import supply_adds_up
from patients.models import Patient
from patients.validation import ONE_EACH, refuse_future, refused
from protocol import codes

EXPIRED = _("This kit had expired by the day it was handed out: take one that has not.")
DAY_TAKEN = _("There is an order from this day already: choose another day, or have that order corrected.")


@clinical
class DoseOrder(models.Model):
    """An order from a day on: mg a day of a pattern repeated from the anchor; it holds until the next.

    Provisional: entered by somebody who may not decide a dose. Neither provisional nor decided: brought in from before.
    """

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
    is_provisional = models.BooleanField(
        _("awaits an investigator"), default=False, db_default=False, editable=False
    )
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("dose order")
        verbose_name_plural = _("dose orders")
        ordering = ["patient", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "from_on"], name="one_dose_order_a_day", violation_error_message=DAY_TAKEN
            ),
            models.CheckConstraint(name="dose_pattern_not_empty", condition=Q(pattern_mg__len__gte=1)),
            models.CheckConstraint(
                name="dose_decided_by_and_at_together",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_provisional=False),
            ),
        ]

    def clean(self) -> None:
        if self.patient_id is None or self.from_on is None:
            return
        if (
            DoseOrder.objects.filter(patient=self.patient_id, from_on=self.from_on)
            .exclude(pk=self.pk)
            .exists()
        ):
            raise ValidationError({"from_on": DAY_TAKEN})
        end = self.patient.dispositions.filter(record=codes.DispositionRecord.TREATMENT).first()
        last = end.last_dose_on if end else None
        if last and any(self.pattern_mg or ()) and self.from_on > last:
            raise ValidationError({"from_on": sentence("Treatment has ended: no dose after the last one.")})
        if self.adverse_event and self.adverse_event.patient_id != self.patient_id:
            raise ValidationError({"adverse_event": sentence("This is another patient's adverse event.")})

    @property
    def facts(self) -> DoseOrderFacts:
        event = self.adverse_event
        return DoseOrderFacts(
            self.from_on, tuple(self.pattern_mg), self.anchor_on, self.reason, event.ae_no if event else None
        )


@clinical
class Kit(models.Model):
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="kits")
    kit_id = models.CharField(
        _("kit"),
        max_length=1000,
        unique=True,
        error_messages={
            "unique": _("A kit of this number was handed out already: check the number on the kit.")
        },
    )
    dispensed_on = models.DateField(_("dispensed on"))
    source = models.CharField(_("source"), max_length=12, choices=codes.choices(codes.SupplySource))
    strength_mg = models.PositiveSmallIntegerField(_("strength (mg)"))
    tablets = models.PositiveIntegerField(_("tablets"))
    lot = models.CharField(_("lot"), max_length=50, blank=True, default="", db_default="")
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta:
        verbose_name = _("kit")
        verbose_name_plural = _("kits")
        ordering = ["patient", "dispensed_on", "kit_id"]
        constraints = [
            models.CheckConstraint(name="kit_id_not_blank", condition=~Q(kit_id="")),
            models.CheckConstraint(
                name="kit_not_expired_when_dispensed",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("dispensed_on")),
                violation_error_message=EXPIRED,
            ),
        ]
        triggers = [supply_adds_up("NEW.id", pgtrigger.Update)]

    def clean(self) -> None:
        refuse_future(self, "dispensed_on")
        if self.patient_id is None or self.strength_mg is None:
            return
        strengths = self.patient.protocol.regimen.tablet_strengths_mg
        if self.strength_mg not in strengths:
            known = ", ".join(f"{strength} mg" for strength in strengths)
            raise ValidationError({"strength_mg": sentence("Tablets are of %(known)s.") % {"known": known}})

    @property
    def facts(self) -> KitFacts:
        return KitFacts(self.kit_id, self.dispensed_on, self.source, self.strength_mg, self.tablets)


@clinical
class KitReturn(models.Model):
    """What came back of a kit: returned, lost, and counted but kept by the patient for the next interval."""

    kit = models.OneToOneField(Kit, models.PROTECT, related_name="kit_return", error_messages=ONE_EACH)
    returned_on = models.DateField(_("returned on"))
    tablets_returned = models.PositiveIntegerField(_("tablets returned"))
    tablets_lost = models.PositiveIntegerField(_("tablets lost"), default=0)
    tablets_kept = models.PositiveIntegerField(_("tablets kept"), default=0)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        triggers = [supply_adds_up("NEW.kit_id", pgtrigger.Insert | pgtrigger.Update)]

    def clean(self) -> None:
        refuse_future(self, "returned_on")
        counts = (self.returned_on, self.tablets_returned, self.tablets_lost, self.tablets_kept)
        if self.kit_id is None or None in counts:
            return
        if self.returned_on < self.kit.dispensed_on:
            raise ValidationError({"returned_on": sentence("This is before the kit was handed out.")})
        kits = Kit.objects.filter(patient=self.kit.patient_id).select_related("kit_return")
        others = [kit.kit_return.facts for kit in kits if hasattr(kit, "kit_return")]
        try:
            check_return([kit.facts for kit in kits], others, self.facts)
        except ReturnExceedsSupply as refusal:
            raise refused(refusal, "tablets_returned") from refusal

    @property
    def facts(self) -> KitReturnFacts:
        return KitReturnFacts(
            self.kit.kit_id, self.returned_on, self.tablets_returned, self.tablets_lost, self.tablets_kept
        )


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
            models.UniqueConstraint(
                fields=["patient", "from_on"],
                name="one_missed_doses_row_a_day",
                violation_error_message=_(
                    "Missed doses from this day are recorded already: correct that record."
                ),
            ),
            models.CheckConstraint(name="missed_doses_end_after_start", condition=Q(to_on__gte=F("from_on"))),
        ]

    def clean(self) -> None:
        refuse_future(self, "from_on")
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise ValidationError({"to_on": sentence("The end lies before the start.")})

    @property
    def facts(self) -> MissedDosesFacts:
        return MissedDosesFacts(self.from_on, self.to_on, self.doses_missed)


@clinical
class FlagAcknowledgement(models.Model):
    """The principal investigator has seen a flagged dose or hold, and says what came of it.

    It speaks of one flag: its code, its first day and its mean dose (0 of a hold). An order that is changed makes
    another flag, which nobody has seen yet.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="flag_acknowledgements")
    code = models.CharField(_("flag"), max_length=20, choices=codes.choices(codes.FlagCode))
    from_on = models.DateField(_("flagged from"))
    mean_daily_mg = models.DecimalField(_("mean dose (mg a day)"), max_digits=12, decimal_places=1, default=0)
    comment = models.CharField(_("comment"), max_length=1000)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("acknowledged by"), editable=False
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), editable=False)

    class Meta:
        verbose_name = _("acknowledged flag")
        verbose_name_plural = _("acknowledged flags")
        ordering = ["patient", "from_on", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "code", "from_on", "mean_daily_mg"],
                name="a_flag_is_acknowledged_once",
                violation_error_message=_("This flag is acknowledged already."),
            ),
            models.CheckConstraint(name="acknowledgement_says_something", condition=~Q(comment="")),
        ]
