"""The course of a patient put together: stored for speed, never edited, rebuilt by one function."""

from django.db import models

from patients.models import Patient


class CourseSummary(models.Model):
    """The course summary of one patient as of a day.

    `payload` is the whole summary as exported; the columns beside it are those that pages filter and count by.
    """

    patient = models.OneToOneField(Patient, models.CASCADE, related_name="summary")
    as_of = models.DateField(db_index=True)
    rebuilt_at = models.DateTimeField(auto_now=True)
    payload = models.JSONField()
    phase = models.CharField(max_length=10)
    on_treatment = models.BooleanField(default=False)
    pill_count_percent = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    pdc_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    rdi_percent = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    mean_daily_mg = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    has_dose_below_minimum = models.BooleanField(default=False)
    has_long_hold = models.BooleanField(default=False)
