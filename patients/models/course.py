"""What became of the patient: assessments and events, and the two ends (of treatment, of participation)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from audit.tracking import clinical
from patients.models.patient import Patient
from patients.validation import refuse_future
from protocol import codes


@clinical
class Outcome(models.Model):
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("kind"), max_length=20, choices=codes.choices(codes.OutcomeKind))
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["patient", "on", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind", "on"],
                name="one_outcome_a_kind_and_day",
                violation_error_message=_(
                    "This outcome is recorded for that day already: choose another day."
                ),
            )
        ]

    def clean(self) -> None:
        refuse_future(self, "on")
        if self.patient_id is None:
            return
        enrolment = getattr(self.patient, "enrolment", None)
        if self.kind == codes.OutcomeKind.DEATH and self.on and enrolment and self.on < enrolment.enrolled_on:
            raise ValidationError({"on": sentence("A death before enrolment is impossible.")})


@clinical
class Disposition(models.Model):
    """The end of treatment or of participation: two records, for a patient may stop the drug and stay in the study."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="dispositions")
    record = models.CharField(_("record"), max_length=15, choices=codes.choices(codes.DispositionRecord))
    ended_on = models.DateField(_("ended on"))
    reason = models.CharField(_("reason"), max_length=60, choices=codes.choices(codes.DispositionReason))
    last_dose_on = models.DateField(_("last dose on"), null=True, blank=True)

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "record"],
                name="one_disposition_a_record",
                violation_error_message=_("This end is recorded already: correct that record."),
            ),
            models.CheckConstraint(
                name="last_dose_of_treatment_only",
                condition=Q(record="TREATMENT", last_dose_on__isnull=False)
                | Q(record="PARTICIPATION", last_dose_on__isnull=True),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "ended_on", "last_dose_on")
        if self.last_dose_on and self.patient_id and self._has_dose_after(self.last_dose_on):
            raise ValidationError(
                {"last_dose_on": sentence("A dose is ordered after this day: correct the order or the day.")}
            )

    def _has_dose_after(self, last_dose_on: date) -> bool:
        """Reached through the patient: dosing stands above this room and is not imported here."""
        later = self.patient.dose_orders.filter(from_on__gt=last_dose_on).values_list("pattern_mg", flat=True)
        return any(any(pattern) for pattern in later)
