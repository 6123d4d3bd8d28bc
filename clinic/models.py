"""What the clinic's own pages keep: what somebody has typed and not saved yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from patients.models import Patient


class Draft(models.Model):
    """A visit half typed: no clinical record, so without a trail, and seen by nobody but who typed it.

    `on` tells apart unscheduled visits that are recorded already; for every other visit it is blank.
    `typed`: name of a field → what was typed into it, as it is posted.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="drafts")
    visit = models.CharField(_("visit"), max_length=10)
    on = models.DateField(_("day"), null=True, blank=True)
    typed = models.JSONField(default=dict)
    started_at = models.DateTimeField(_("begun at"))
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["kept_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "patient", "visit", "on"],
                name="one_draft_a_person_and_visit",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="draft_by_age")]
