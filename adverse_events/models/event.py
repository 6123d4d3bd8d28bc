"""Adverse events, graded by the dictionary version each one names."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from adverse_events.rules.ctcae import ImpossibleGrade, UnknownTerm, check_grade, find_term
from adverse_events.rules.facts import AdverseEventFacts
from audit.tracking import clinical
from patients.models import Patient
from patients.validation import refuse_future, refused
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
            models.UniqueConstraint(
                fields=["patient", "ae_no"],
                name="an_ae_number_once_a_patient",
                violation_error_message=_(
                    "This patient has an adverse event of this number already: give the next number."
                ),
            ),
            models.CheckConstraint(
                name="grade_1_to_5", condition=Q(grade__isnull=True) | Q(grade__range=(1, 5))
            ),
            models.CheckConstraint(
                name="ae_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "started_on", "ended_on")
        if self.started_on and self.ended_on and self.ended_on < self.started_on:
            raise ValidationError({"ended_on": sentence("The end lies before the start.")})
        try:
            self._check_dictionary()
        except UnknownTerm as refusal:
            raise refused(refusal, "term") from refusal
        except ImpossibleGrade as refusal:
            raise refused(refusal, "grade") from refusal

    def _check_dictionary(self) -> None:
        if self.grade is not None:
            check_grade(self.term, self.grade, self.dictionary_version)
        elif find_term(self.term, self.dictionary_version) is None:
            raise UnknownTerm(self.term, self.dictionary_version)

    @property
    def facts(self) -> AdverseEventFacts:
        return AdverseEventFacts(
            ae_no=self.ae_no,
            term=self.term,
            started_on=self.started_on,
            ended_on=self.ended_on,
            grade=self.grade,
            serious=tuple(codes.SeriousCriterion(criterion) for criterion in self.serious),
            aware_at=self.aware_at,
            causality=codes.Causality(self.causality) if self.causality else None,
            outcome=codes.EventOutcome(self.outcome) if self.outcome else None,
            action_taken=codes.ActionTaken(self.action_taken) if self.action_taken else None,
        )
