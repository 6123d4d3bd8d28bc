"""Adverse events, graded by the dictionary version each one names."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncMonth, TruncYear
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from adverse_events.models.days import precision_field, precision_fits, refuse_other_days
from adverse_events.rules.ctcae import ImpossibleGrade, UnknownTerm, check_grade, find_term
from adverse_events.rules.facts import AdverseEventFacts, Assessment
from adverse_events.rules.history import GradeStep
from adverse_events.triggers import unconfirmed_by_change, worst_is_of_history
from audit.tracking import clinical
from patients.models import Patient
from patients.validation import refuse_future, refused
from protocol import codes
from protocol.partial_days import PartialDay

SEVERE_GRADE = 3  # CTCAE: severe


@clinical
class AdverseEvent(models.Model):
    """`grade` is the worst one; the steps that led there are `grades`, of an event that has a history.

    A day known in part is its first possible day, with its precision. Provisional: judged by somebody who may not
    confirm an assessment. Neither provisional nor confirmed: brought in from before.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="adverse_events")
    ae_no = models.PositiveIntegerField(_("number"))
    term = models.CharField(_("CTCAE term"), max_length=200)
    dictionary_version = models.CharField(_("CTCAE version"), max_length=5, default="5.0")
    started_on = models.DateField(_("started on"))
    start_precision = precision_field(_("known of the start"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_precision = precision_field(_("known of the end"))
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
    expectedness = models.CharField(
        _("expectedness"),
        max_length=10,
        choices=codes.choices(codes.Expectedness),
        blank=True,
        default="",
        db_default="",
    )
    treatment = ArrayField(
        models.CharField(max_length=15, choices=codes.choices(codes.EventTreatment)),
        verbose_name=_("treatment given"),
        default=list,
        db_default=[],
        blank=True,
    )
    treatment_note = models.CharField(
        _("treatment in words"), max_length=500, blank=True, default="", db_default=""
    )
    is_provisional = models.BooleanField(
        _("awaits an investigator"), default=False, db_default=False, editable=False
    )
    confirmed_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        verbose_name=_("confirmed by"),
        null=True,
        blank=True,
        editable=False,
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)

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
                condition=Q(ended_on__isnull=True)
                | Q(end_precision="DAY", ended_on__gte=F("started_on"))
                | Q(end_precision="MONTH", ended_on__gte=TruncMonth("started_on"))
                | Q(end_precision="YEAR", ended_on__gte=TruncYear("started_on")),
            ),
            precision_fits("started_on", "start_precision"),
            precision_fits("ended_on", "end_precision"),
            models.CheckConstraint(
                name="no_treatment_stands_alone",
                condition=~Q(treatment__contains=["NONE"]) | Q(treatment__len=1),
                violation_error_message=_("“None” and a treatment cannot both be right."),
            ),
            models.CheckConstraint(
                name="event_confirmed_by_and_at_together",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, is_provisional=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ended_on"],
                name="severe_or_serious_by_end",
                condition=Q(grade__gte=SEVERE_GRADE) | ~Q(serious=[]),
            ),
            models.Index(
                fields=["started_on", "patient"], name="unconfirmed_events", condition=Q(is_provisional=True)
            ),
        ]
        triggers = [worst_is_of_history("NEW.id", pgtrigger.Update), unconfirmed_by_change()]

    def clean(self) -> None:
        refuse_future(self, "started_on", "ended_on")
        refuse_other_days(self, "started_on", "start_precision")
        refuse_other_days(self, "ended_on", "end_precision")
        if self.started_on and self.end is not None and self.end.is_before(self.start):
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
    def start(self) -> PartialDay:
        return PartialDay(self.started_on, codes.DatePrecision(self.start_precision))

    @property
    def end(self) -> PartialDay | None:
        """The last day of the event; None while it goes on."""
        if self.ended_on is None:
            return None
        return PartialDay(self.ended_on, codes.DatePrecision(self.end_precision))

    @property
    def history(self) -> list[GradeStep]:
        """Its grades in their order; of an event without any, the one it came with."""
        steps = [row.step for row in self.grades.all()]
        return steps or ([GradeStep(self.grade, self.start)] if self.grade else [])

    @property
    def current_grade(self) -> int | None:
        """The last step of its history, or the one it came with."""
        history = self.history
        return history[-1].grade if history else None

    @property
    def assessment(self) -> Assessment:
        return Assessment(self.causality, tuple(self.serious), self.expectedness, self.action_taken)

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
            expectedness=codes.Expectedness(self.expectedness) if self.expectedness else None,
            is_provisional=self.is_provisional,
            start_precision=codes.DatePrecision(self.start_precision),
            end_precision=codes.DatePrecision(self.end_precision),
        )
