"""A new day changes what every course means: the summaries are built anew, a batch at a time."""

from celery import shared_task
from django.utils import timezone

from courses.services import rebuild_summaries, stale_patient_ids


@shared_task
def rebuild_stale_summaries() -> int:
    today = timezone.localdate()
    return rebuild_summaries(stale_patient_ids(on=today), on=today)
