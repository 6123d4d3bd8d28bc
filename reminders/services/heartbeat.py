"""The sign of life of a part of the product."""

from django.utils import timezone

from reminders.models import Heartbeat


def record_heartbeat(name: str) -> None:
    """One row a part, one statement, whoever else writes it at the same moment."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
