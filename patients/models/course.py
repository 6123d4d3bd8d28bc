"""What became of the patient: assessments and events, and the two ends (of treatment, of participation)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from audit.tracking import clinical
from patients.models.patient import Patient
from patients.validation import ONE_EACH, refuse_future
from protocol import codes


@clinical
class Outcome(models.Model):
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("kind"), max_length=20, choices=codes.choices(codes.OutcomeKind))
    on = models.DateField(_("on"))
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    settlement = models.CharField(
        _("settlement"),
        max_length=9,
        blank=True,
        choices=codes.choices(codes.Settlement),
        help_text=_("What became of a suspected recurrence; empty while it is open."),
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settled_why = models.CharField(_("grounds"), max_length=1000, blank=True)
    suspicion = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmation",
        verbose_name=_("first suspected"),
        help_text=_("The scan that showed a confirmed recurrence first."),
        error_messages=ONE_EACH,
    )

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
            ),
            models.CheckConstraint(
                name="a_settlement_has_its_day",
                condition=Q(settlement="", settled_on=None, settled_why="")
                | Q(kind="SUSPECTED", settled_on__isnull=False, settled_on__gte=F("on"))
                & (Q(settlement="CONFIRMED") | Q(settlement="REFUTED") & ~Q(settled_why="")),
                violation_error_message=_(
                    "Only a suspected recurrence is confirmed or refuted, on the day of the scan or later; "
                    "refuting it needs the grounds."
                ),
            ),
            models.CheckConstraint(
                name="only_a_recurrence_was_suspected",
                condition=Q(suspicion=None) | Q(kind="RECURRENCE"),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "on", "settled_on")
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
    ae_no = models.PositiveIntegerField(
        _("adverse event no."),
        null=True,
        blank=True,
        help_text=_("The adverse event because of which it ended."),
    )
    comment = models.CharField(_("comment"), max_length=1000, blank=True)

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
            models.CheckConstraint(
                name="event_of_an_end_by_event_only",
                condition=Q(ae_no__isnull=True) | Q(reason="ADVERSE EVENT"),
                violation_error_message=_("An adverse event is named only where it is the reason."),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "ended_on", "last_dose_on")
        if self.last_dose_on and self.patient_id and self._has_dose_after(self.last_dose_on):
            raise ValidationError(
                {"last_dose_on": sentence("A dose is ordered after this day: correct the order or the day.")}
            )
        if self.ae_no is not None and not self.patient.adverse_events.filter(ae_no=self.ae_no).exists():
            raise ValidationError({"ae_no": sentence("This patient has no adverse event of that number.")})

    def _has_dose_after(self, last_dose_on: date) -> bool:
        """Reached through the patient: dosing stands above this room and is not imported here."""
        later = self.patient.dose_orders.filter(from_on__gt=last_dose_on).values_list("pattern_mg", flat=True)
        return any(any(pattern) for pattern in later)
