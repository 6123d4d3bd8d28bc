"""The course of a patient put together, and sums over patients: stored for speed, never edited, built anew."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from courses.rules.tally import Tallies
from courses.triggers import leaves_the_sums
from patients.models import Patient
from protocol import codes


def _percent(label: str) -> "models.DecimalField[object, object]":
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True)


class CourseSummary(models.Model):
    """The course summary of one patient as of a day.

    `payload` is the whole summary as exported; the columns beside it are those that pages filter, sort and count by.
    `tallied` is what of this patient is in the sums of `site` (figure -> key -> n); both are None where a summary was
    stored before there were sums: it is built anew with the next change or the next night.
    """

    patient = models.OneToOneField(Patient, models.CASCADE, related_name="summary")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", null=True, verbose_name=_("site"))
    as_of = models.DateField(_("as of"), db_index=True)
    rebuilt_at = models.DateTimeField(_("put together at"), auto_now=True)
    payload = models.JSONField()
    tallied = models.JSONField(null=True)
    phase = models.CharField(_("phase"), max_length=10)
    on_treatment = models.BooleanField(_("on treatment"), default=False)
    enrolled_on = models.DateField(_("enrolled on"), null=True)
    first_dose_on = models.DateField(_("first adjuvant dose (T0)"), null=True)
    planned_end_on = models.DateField(_("planned end"), null=True)
    treatment_ended_on = models.DateField(_("last dose on"), null=True)
    days_on_treatment = models.PositiveIntegerField(_("days on treatment"), null=True)
    pill_count_percent = _percent(_("pill count (%)"))
    pill_count_standard_percent = _percent(_("pill count, standard treatment (%)"))
    pill_count_extension_percent = _percent(_("pill count, extension (%)"))
    pdc_percent = models.DecimalField(_("days covered (%)"), max_digits=5, decimal_places=2, null=True)
    pdc_standard_percent = _percent(_("days covered, standard treatment (%)"))
    pdc_extension_percent = _percent(_("days covered, extension (%)"))
    rdi_percent = _percent(_("dose intensity (%)"))
    rdi_standard_percent = _percent(_("dose intensity, standard treatment (%)"))
    rdi_extension_percent = _percent(_("dose intensity, extension (%)"))
    mean_daily_mg = models.DecimalField(_("mean dose (mg a day)"), max_digits=12, decimal_places=1, null=True)
    has_dose_below_minimum = models.BooleanField(_("under the minimum dose"), default=False)
    has_dose_below_minimum_now = models.BooleanField(_("under the minimum dose now"), default=False)
    has_long_hold = models.BooleanField(_("long hold"), default=False)
    has_long_hold_now = models.BooleanField(_("long hold now"), default=False)
    flags_waiting = models.PositiveSmallIntegerField(_("flags that nobody has acknowledged"), default=0)
    waiting_since = models.DateField(_("waiting since"), null=True)
    overdue_since = models.DateField(_("overdue since"), null=True)
    cannot_finish = models.BooleanField(_("planned end after the study"), default=False)
    worst_grade = models.PositiveSmallIntegerField(_("worst grade"), null=True)
    state = models.CharField(_("state"), max_length=20, default="")
    next_visit_on = models.DateField(_("next visit"), null=True)
    flagged_now = ArrayField(models.CharField(max_length=30), verbose_name=_("flagged now"), default=list)

    class Meta:
        verbose_name = _("course summary")
        verbose_name_plural = _("course summaries")
        indexes = [
            models.Index(fields=["site", "patient"], name="summary_by_site"),
            models.Index(fields=["state", "patient"], name="summary_by_state"),
            models.Index(fields=["phase", "-first_dose_on", "patient"], name="summary_by_phase"),
            models.Index(fields=["mean_daily_mg", "patient"], name="summary_by_dose"),
            models.Index(fields=["pill_count_percent", "patient"], name="summary_by_pill_count"),
            models.Index(fields=["pdc_percent", "patient"], name="summary_by_pdc"),
            models.Index(fields=["next_visit_on", "patient"], name="summary_by_next_visit"),
            GinIndex(fields=["flagged_now"], name="summary_flagged_now"),
            models.Index(
                fields=["waiting_since", "patient"],
                name="summary_waiting",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["overdue_since", "patient"],
                name="summary_overdue",
                condition=Q(overdue_since__isnull=False),
            ),
        ]
        triggers = [leaves_the_sums()]


class Tally(models.Model):
    """How many of a site's patients count for a key of a figure, or how much of it they have together."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    figure = models.CharField(max_length=40)
    key = models.CharField(max_length=250)
    n = models.BigIntegerField()

    class Meta:
        verbose_name = _("sum over patients")
        verbose_name_plural = _("sums over patients")
        constraints = [models.UniqueConstraint(fields=["site", "figure", "key"], name="a_sum_once_a_site")]
        indexes = [models.Index(fields=["site"], name="tally_emptied", condition=Q(n=0))]


class TallyRevision(models.Model):
    """Another value after every change of a site's sums; held while they are changed, so that writers wait in line."""

    site = models.OneToOneField(Site, models.CASCADE, related_name="+", primary_key=True)
    revision = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = _("revision of the sums")
        verbose_name_plural = _("revisions of the sums")


class PastTally(models.Model):
    """The sums of some sites as of a past day, built by a worker: `done` of `total` patients are in `figures`.

    They stand as the facts were known when they were built (`built_at`); what is mended later needs another building.
    """

    as_of = models.DateField()
    site_ids = ArrayField(models.BigIntegerField())
    started_at = models.DateTimeField(null=True)
    built_at = models.DateTimeField(null=True)
    last_patient_id = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("sums of a past day")
        verbose_name_plural = _("sums of past days")
        constraints = [
            models.UniqueConstraint(fields=["as_of", "site_ids"], name="a_past_day_once_a_group_of_sites"),
            models.CheckConstraint(
                name="built_past_sums_are_whole", condition=Q(built_at=None) | Q(done=F("total"))
            ),
        ]

    @property
    def is_built(self) -> bool:
        return self.built_at is not None

    @property
    def tallies(self) -> Tallies | None:
        """The figures; None while they are being built."""
        return Tallies(self.figures) if self.is_built else None

    @property
    def percent_done(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class LabProposal(models.Model):
    """A graded result that no adverse event accounts for: the worst of each test, until somebody has answered.

    `ae_no`: an event of its term that went on with a lower grade.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="lab_proposals")
    test = models.CharField(_("test"), max_length=5, choices=codes.choices(codes.LabTest))
    term = models.CharField(_("CTCAE term"), max_length=200)
    collected_on = models.DateField(_("collected on"))
    value = models.DecimalField(_("value"), max_digits=30, decimal_places=12)
    unit = models.CharField(_("unit"), max_length=1000)
    grade = models.PositiveSmallIntegerField(_("grade"))
    ae_no = models.PositiveIntegerField(_("adverse event no."), null=True)

    class Meta:
        verbose_name = _("proposed adverse event")
        verbose_name_plural = _("proposed adverse events")
        ordering = ["patient", "test"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "test"], name="one_lab_proposal_a_test"),
        ]
