"""What the clinic's own pages keep: what somebody has typed and not saved yet, and work that was asked for."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site, User
from patients.models import Amendment, Patient


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


class AmendmentRun(models.Model):
    """An amendment of a site with many patients, asked for on a page and brought in by the worker.

    `seen` is the mark of the preview it was asked for by, made on the day `on`. `done` of `steps` are done: every
    patient is looked at once and brought over once. `refusal`: why nothing was written.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting to begin")
        RUNNING = "RUNNING", _("Being brought in")
        DONE = "DONE", _("Brought in")
        REFUSED = "REFUSED", _("Not brought in")

    class Refusal(models.TextChoices):
        CHANGED = "CHANGED", _("Something has changed since the preview was made.")
        NOT_ALLOWED = "NOT_ALLOWED", _("Whoever asked for it may no longer amend the protocol at this site.")
        UNFINISHED = "UNFINISHED", _("It could not be brought to an end. Tell whoever keeps this running.")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    version = models.CharField(max_length=50)
    effective_on = models.DateField()
    reason = models.CharField(max_length=1000)
    seen = models.CharField(max_length=64)
    on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING.value)
    taken_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField()
    refusal = models.CharField(max_length=11, choices=Refusal.choices, blank=True)
    amendment = models.OneToOneField(Amendment, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(state__in=["WAITING", "RUNNING"]),
                name="one_amendment_run_a_site",
            ),
            models.CheckConstraint(
                name="amendment_run_refused_for_a_reason", condition=Q(refusal="") ^ Q(state="REFUSED")
            ),
            models.CheckConstraint(name="amendment_run_within_its_steps", condition=Q(done__lte=F("steps"))),
            models.CheckConstraint(
                name="amendment_run_taken_when_running",
                condition=Q(state="WAITING", taken_at=None) | ~Q(state="WAITING") & Q(taken_at__isnull=False),
            ),
        ]

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.REFUSED)

    @property
    def percent(self) -> int:
        return 100 * self.done // max(self.steps, 1)
