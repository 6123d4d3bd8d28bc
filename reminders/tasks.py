"""What beat asks for. Every task looks at the data alone, so one that is lost, late or doubled does no harm.

A message that waited longer than its task's interval is not carried out: the next one does the same.
"""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from reminders.heartbeats import say_alive
from reminders.models import Part
from reminders.services import plan_notices, plan_reminders, send_reminders

# Short, so that a worker that is asked to stop need not wait; what is left is taken up by the next message.
SWEEP_SECONDS = 10.0


@shared_task(expires=55)
def sweep() -> None:
    """Send everything that is due and not sent, whatever the broker has lost."""
    report = send_reminders(at=timezone.now(), seconds=SWEEP_SECONDS)
    if not report.is_complete:
        sweep.delay()
    elif report.tried and report.pause is not None:
        # A sweep that has sent nothing asks for no other: one that has sent has asked already.
        sweep.apply_async(countdown=report.pause.total_seconds(), expires=report.pause.total_seconds() + 55)


@shared_task(expires=600)
def plan() -> None:
    plan_reminders(on=timezone.localdate())
    plan_notices(now=timezone.now())
    sweep.delay()


@shared_task(expires=55)
def beat_heartbeat() -> None:
    say_alive(Part.QUEUE)


@worker_ready.connect
def take_up_what_waits(**_: Any) -> None:
    """A worker that starts does not wait for beat: whatever fell due meanwhile goes out now."""
    plan.delay()
