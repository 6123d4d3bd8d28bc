"""Queries: what is doubtful in a course, from the day it was seen to the day it was mended."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracking import clinical
from patients.models import Patient
from protocol import codes
from review.rules.findings import QueryCode


@clinical
class Query(models.Model):
    """One doubt about one record. `about` is the record's key in words ("DoseOrder 2024-04-03"), no foreign key:
    the record may be mended, and the query stays readable."""

    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="queries", verbose_name=_("patient"), editable=False
    )
    code = models.CharField(_("code"), max_length=40, choices=codes.choices(QueryCode), editable=False)
    about = models.CharField(_("about"), max_length=100, editable=False)
    detail = models.JSONField(_("detail"), default=dict, editable=False)
    opened_at = models.DateTimeField(_("opened at"), db_default=Now(), editable=False)
    opened_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("opened by"), editable=False
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        verbose_name=_("closed by"),
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        ordering = ["patient", "-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "code", "about"],
                condition=Q(closed_at__isnull=True),
                name="a_doubt_is_asked_once",
            ),
            models.CheckConstraint(
                name="query_closed_by_and_at_together",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="query_closed_after_opened",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], name="query_open_by_age", condition=Q(closed_at__isnull=True))
        ]
