"""Who has said that it is alive."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What must run for reminders to go out. Queue: what beat asks for is carried out by a worker."""

    BEAT = "beat", _("Scheduler")
    WORKER = "worker", _("Worker")
    QUEUE = "queue", _("Queue")


class Heartbeat(models.Model):
    """When a part of the product last said that it is alive."""

    name = models.CharField(max_length=20, primary_key=True, choices=Part.choices)
    at = models.DateTimeField()
