"""Adverse events, graded by the dictionary version each one names."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.tracking import clinical
from patients.models import Patient
from protocol import codes


@clinical
class AdverseEvent(models.Model):
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="adverse_events")
    ae_no = models.PositiveIntegerField(_("number"))
    term = models.CharField(_("CTCAE term"), max_length=200)
    dictionary_version = models.CharField(_("CTCAE version"), max_length=5, default="5.0")
    started_on = models.DateField(_("started on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True)
    serious = ArrayField(
        models.CharField(max_length=20, choices=codes.choices(codes.SeriousCriterion)),
        verbose_name=_("seriousness criteria"),
        default=list,
        blank=True,
    )
    aware_at = models.DateTimeField(_("aware at"), null=True, blank=True)
    causality = models.CharField(
        _("causality"), max_length=15, choices=codes.choices(codes.Causality), blank=True
    )
    outcome = models.CharField(
        _("outcome"), max_length=40, choices=codes.choices(codes.EventOutcome), blank=True
    )
    action_taken = models.CharField(
        _("action taken"), max_length=20, choices=codes.choices(codes.ActionTaken), blank=True
    )

    class Meta:
        verbose_name = _("adverse event")
        verbose_name_plural = _("adverse events")
        ordering = ["patient", "ae_no"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "ae_no"], name="an_ae_number_once_a_patient"),
            models.CheckConstraint(
                name="grade_1_to_5", condition=Q(grade__isnull=True) | Q(grade__range=(1, 5))
            ),
            models.CheckConstraint(
                name="ae_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
        ]
