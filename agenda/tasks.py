"""Days pass and agendas end, forms and calendars change: what is stale is built anew, a turn at a time."""

from celery import shared_task
from django.utils import timezone

from agenda.services import rebuild_agendas, stale_patient_ids

A_TURN = 5000  # well within the time a task may take; what is left is the next message's


@shared_task(expires=600)
def rebuild_stale_agendas() -> int:
    today = timezone.localdate()
    stale = stale_patient_ids(on=today)
    done = rebuild_agendas(stale[:A_TURN], on=today)
    if len(stale) > A_TURN:
        rebuild_stale_agendas.delay()
    return done
