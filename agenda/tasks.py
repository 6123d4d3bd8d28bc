"""Days pass and agendas end, forms and calendars change: what is stale is built anew, a batch at a time."""

from celery import shared_task
from django.utils import timezone

from agenda.services import rebuild_agendas, stale_patient_ids


@shared_task
def rebuild_stale_agendas() -> int:
    today = timezone.localdate()
    return rebuild_agendas(stale_patient_ids(on=today), on=today)
