"""The agenda of every patient for the days to come: stored for speed, never edited, rebuilt by one function."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Site
from patients.models import Patient


class Agenda(models.Model):
    """How far the entries of a patient are known: from the day they were judged to `to_on`, both inside.

    `made_of` stands for what else the judgement rested on (forms, calendar, rules): another one, and it is stale.
    """

    patient = models.OneToOneField(Patient, models.CASCADE, primary_key=True, related_name="agenda")
    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField()
    made_of = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="agenda_days_in_order", condition=Q(from_on__lte=F("to_on")))
        ]
        indexes = [
            models.Index(fields=["site", "to_on", "from_on"], name="agenda_by_reach"),
            models.Index(fields=["site", "made_of"], name="agenda_by_making"),
        ]


class AgendaEntry(models.Model):
    """A row of the worklist and the days on which it stands there. `code`: the visit, purpose or report it is about.

    A part is ordered by `on`, by `at`, then by subject id.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="agenda_entries")
    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    part = models.CharField(max_length=14)
    code = models.CharField(max_length=30, blank=True)
    on = models.DateField()
    at = models.TimeField(null=True)
    from_on = models.DateField()
    to_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="agenda_entry_days_in_order", condition=Q(from_on__lte=F("to_on")))
        ]
        indexes = [
            models.Index(fields=["site", "part", "to_on", "from_on"], name="agenda_entry_counted"),
            models.Index(fields=["part", "on"], name="agenda_entry_in_order"),
        ]
