"""An assessment of eligibility as it was made: kept, never edited."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracking import clinical
from patients.models.patient import Patient
from protocol import codes


@pgtrigger.register(pgtrigger.Protect(name="kept_as_decided", operation=pgtrigger.Update | pgtrigger.Delete))
@clinical
class EligibilityRecord(models.Model):
    """What was known, the thresholds of the protocol version, the verdict of every criterion; by whom and when.

    `inputs` and `thresholds` are the rules' own values as JSON, so that the assessment can be made again.
    """

    class Purpose(models.TextChoices):
        ENROLMENT = "ENROLMENT", _("Enrolment")
        SCREEN_FAILURE = "SCREEN_FAILURE", _("Screen failure")
        INTERIM = "INTERIM", _("Kept during screening")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="eligibility_records")
    purpose = models.CharField(_("for"), max_length=20, choices=Purpose.choices)
    verdict = models.CharField(_("verdict"), max_length=15, choices=codes.choices(codes.EligibilityVerdict))
    protocol_version = models.CharField(_("protocol version"), max_length=50)
    inputs = models.JSONField(_("facts"))
    thresholds = models.JSONField(_("limits"))
    criteria = models.JSONField(_("criteria"))
    note = models.CharField(_("note"), max_length=1000, blank=True)
    assessed_at = models.DateTimeField(_("assessed at"))
    assessed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("assessed by"))

    class Meta:
        verbose_name = _("assessment of eligibility")
        verbose_name_plural = _("assessments of eligibility")
        ordering = ["patient", "-assessed_at"]
