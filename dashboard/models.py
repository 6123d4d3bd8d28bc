"""Reports to the steering committee: made by the worker, kept as they were made."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboard.rules.making import ReportState


class CommitteeReport(models.Model):
    """The dashboard of some sites as of a day, as a file. No clinical record: the same facts give the same bytes again.

    `done` of `total` courses are put together; `progressed_at` says when anybody last worked on it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site_ids = ArrayField(models.BigIntegerField(), verbose_name=_("sites"))
    as_of = models.DateField(_("as of"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    requested_at = models.DateTimeField(_("asked for at"))
    state = models.CharField(
        _("state"), max_length=7, choices=[(state.value, state.value) for state in ReportState]
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), null=True)
    progressed_at = models.DateTimeField(_("last worked on at"))
    fault = models.CharField(_("what went wrong"), max_length=300, blank=True)
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("committee report")
        verbose_name_plural = _("committee reports")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="a_report_is_done_with_its_file",
                condition=Q(state="DONE", pdf__isnull=False, sha256__gt="")
                | (~Q(state="DONE") & Q(pdf__isnull=True, sha256="")),
            ),
            models.CheckConstraint(
                name="a_failed_report_says_why",
                condition=(Q(state="FAILED") & ~Q(fault="")) | (~Q(state="FAILED") & Q(fault="")),
            ),
        ]
        indexes = [models.Index(fields=["progressed_at"], name="report_unfinished", condition=Q(pdf=None))]
