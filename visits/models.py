"""Visits as planned, booked and done; what was measured there; the days a site is closed."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from accounts.models import Site, User
from audit.tracking import clinical
from patients.models import Patient
from patients.models.entry import measure
from patients.validation import ONE_EACH, refuse_future
from protocol import codes

UNSCHEDULED = "UNS"


@clinical
class Visit(models.Model):
    """A visit of the schedule (one row a code), or an unscheduled one.

    Reference: `target_on`, `opens_on`, `closes_on`, projected and re-projected, blank where the schedule has no place
    for it. Booked: `booked_on`, `booked_time` (clinic time). Actual: `occurred_on`, or `not_done` with the reason.
    `did_not_come` is the nurse's word that the patient did not appear on the booked day. `revision` grows with every
    change people make: forms and calendar files are told apart by it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="visits")
    visit = models.CharField(_("visit"), max_length=10)
    visitnum = models.PositiveSmallIntegerField(_("number"))
    target_on = models.DateField(_("target"), null=True, blank=True)
    opens_on = models.DateField(_("window opens"), null=True, blank=True)
    closes_on = models.DateField(_("window closes"), null=True, blank=True)
    booked_on = models.DateField(_("booked for"), null=True, blank=True)
    booked_time = models.TimeField(_("at"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booking made"), null=True, blank=True, editable=False)
    occurred_on = models.DateField(_("occurred on"), null=True, blank=True)
    not_done = models.BooleanField(_("not done"), default=False)
    did_not_come = models.BooleanField(_("did not come"), default=False)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("recorded by"),
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["patient", "visitnum", "occurred_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "visit"],
                condition=~Q(visit=UNSCHEDULED),
                name="a_visit_code_once_a_patient",
                violation_error_message=_("The schedule has this visit already: open that one."),
            ),
            models.UniqueConstraint(
                fields=["patient", "occurred_on"],
                condition=Q(visit=UNSCHEDULED),
                name="one_unscheduled_visit_a_day",
                violation_error_message=_(
                    "An unscheduled visit is recorded for this day already: open it, or choose another day."
                ),
            ),
            models.CheckConstraint(
                name="occurred_or_not_done", condition=Q(occurred_on__isnull=True) | Q(not_done=False)
            ),
            models.CheckConstraint(
                name="booked_time_needs_a_day",
                condition=Q(booked_time__isnull=True) | Q(booked_on__isnull=False),
            ),
            models.CheckConstraint(
                name="recorded_by_and_at_together",
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_window_in_order",
                condition=Q(opens_on__isnull=True)
                | (Q(opens_on__lte=F("target_on")) & Q(target_on__lte=F("closes_on"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_on"],
                name="visit_open_by_closing",
                condition=Q(occurred_on__isnull=True, not_done=False),
            ),
            models.Index(
                fields=["booked_on"],
                name="visit_open_by_booking",
                condition=Q(occurred_on__isnull=True, not_done=False),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "occurred_on")
        if self.occurred_on and self.not_done:
            raise ValidationError({"not_done": sentence('A visit that took place was not "not done".')})
        if self.booked_time and not self.booked_on:
            raise ValidationError({"booked_on": sentence("A time needs its day.")})


@clinical
class ContactAttempt(models.Model):
    """One attempt to reach a patient who did not come to a visit; failed ones are what "lost to follow-up" rests on."""

    class Channel(models.TextChoices):
        TELEPHONE = "TELEPHONE", _("telephone")
        MESSAGE = "MESSAGE", _("text message or e-mail")
        LETTER = "LETTER", _("letter")
        RELATIVE = "RELATIVE", _("a relative or another contact")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="contact_attempts")
    on = models.DateField(_("day"))
    channel = models.CharField(_("by"), max_length=10, choices=Channel.choices)
    reached = models.BooleanField(_("reached"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("contact attempt")
        verbose_name_plural = _("contact attempts")
        ordering = ["visit", "on", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "on", "channel", "note"],
                name="a_contact_attempt_once",
                violation_error_message=_(
                    "This attempt is recorded already: for another one of that day, say in the note when it was."
                ),
            )
        ]

    def clean(self) -> None:
        refuse_future(self, "on")


@clinical
class Assessment(models.Model):
    """Vital signs and performance status at a visit."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="assessment", error_messages=ONE_EACH)
    weight_kg = models.DecimalField(_("weight (kg)"), max_digits=5, decimal_places=1, null=True, blank=True)
    systolic_mmhg = models.PositiveSmallIntegerField(_("systolic pressure (mmHg)"), null=True, blank=True)
    diastolic_mmhg = models.PositiveSmallIntegerField(_("diastolic pressure (mmHg)"), null=True, blank=True)
    ecog = models.PositiveSmallIntegerField("ECOG", null=True, blank=True)
    labs_pending = models.BooleanField(_("laboratory results pending"), default=False)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(name="visit_ecog_0_to_5", condition=Q(ecog__isnull=True) | Q(ecog__lte=5)),
        ]
        indexes = [
            models.Index(
                fields=["visit"], name="assessment_with_labs_pending", condition=Q(labs_pending=True)
            )
        ]


@clinical
class VisitProcedure(models.Model):
    """What became of a procedure that is asked for at a visit and has no fields of its own. No row: not recorded.

    `done_on`: the day of the procedure, where it has one of its own. What a scan showed is an outcome of the patient.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="procedures")
    procedure = models.CharField(_("procedure"), max_length=10)
    answer = models.CharField(_("answer"), max_length=14, choices=codes.choices(codes.ProcedureAnswer))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("procedure at a visit")
        verbose_name_plural = _("procedures at visits")
        ordering = ["visit", "procedure"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "procedure"],
                name="one_answer_a_visit_and_procedure",
                violation_error_message=_(
                    "This procedure is recorded for the visit already: correct that record."
                ),
            ),
            models.CheckConstraint(
                name="a_test_says_its_result",
                condition=Q(answer__in=["NOT_DONE", "NOT_APPLICABLE"])
                | Q(procedure="PT", answer__in=["NEGATIVE", "POSITIVE"])
                | Q(procedure="CT", answer="PENDING")
                | ~Q(procedure="PT") & Q(answer="DONE"),
                violation_error_message=_(
                    "A pregnancy test that was done is negative or positive; any other procedure is done or not."
                ),
            ),
            models.CheckConstraint(
                name="only_what_was_done_has_its_day",
                condition=Q(done_on=None) | ~Q(answer__in=["NOT_DONE", "NOT_APPLICABLE"]),
                violation_error_message=_("Only what was done has a day."),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "done_on")


@clinical
class LabResult(models.Model):
    """One result as the laboratory gave it, with its own unit and limits."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="labs")
    collected_on = models.DateField(_("collected on"))
    test = models.CharField(_("test"), max_length=5, choices=codes.choices(codes.LabTest))
    value = models.DecimalField(_("value"), max_digits=30, decimal_places=12)
    unit = models.CharField(_("unit"), max_length=1000, blank=True)
    lln = measure(_("lower limit"))
    uln = measure(_("upper limit"))

    class Meta:
        verbose_name = _("laboratory result")
        verbose_name_plural = _("laboratory results")
        ordering = ["patient", "collected_on", "test"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "collected_on", "test"],
                name="one_result_a_test_and_day",
                violation_error_message=_("This test has a result of that day already: correct that result."),
            ),
        ]

    def clean(self) -> None:
        refuse_future(self, "collected_on")


@clinical
class SiteCalendarDay(models.Model):
    """A day on which a site is closed although it would be open, or open although it would be closed."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="calendar_days")
    on = models.DateField(_("day"))
    is_open = models.BooleanField(_("open"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["site", "on"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "on"],
                name="one_calendar_entry_a_day",
                violation_error_message=_(
                    "The calendar of the site has this day already: correct that entry."
                ),
            )
        ]
