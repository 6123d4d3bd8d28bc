"""The course of a patient put together: stored for speed, never edited, rebuilt by one function."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Patient


class CourseSummary(models.Model):
    """The course summary of one patient as of a day.

    `payload` is the whole summary as exported; the columns beside it are those that pages filter and count by.
    """

    patient = models.OneToOneField(Patient, models.CASCADE, related_name="summary")
    as_of = models.DateField(_("as of"), db_index=True)
    rebuilt_at = models.DateTimeField(_("put together at"), auto_now=True)
    payload = models.JSONField()
    phase = models.CharField(_("phase"), max_length=10)
    on_treatment = models.BooleanField(_("on treatment"), default=False)
    pill_count_percent = models.DecimalField(_("pill count (%)"), max_digits=12, decimal_places=2, null=True)
    pdc_percent = models.DecimalField(_("days covered (%)"), max_digits=5, decimal_places=2, null=True)
    rdi_percent = models.DecimalField(_("dose intensity (%)"), max_digits=12, decimal_places=2, null=True)
    mean_daily_mg = models.DecimalField(_("mean dose (mg a day)"), max_digits=12, decimal_places=1, null=True)
    has_dose_below_minimum = models.BooleanField(_("under the minimum dose"), default=False)
    has_long_hold = models.BooleanField(_("long hold"), default=False)

    class Meta:
        verbose_name = _("course summary")
        verbose_name_plural = _("course summaries")
