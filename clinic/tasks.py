"""What beat asks the clinic for."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from clinic.services import bring_in_amendments, discard_old_drafts


@shared_task
def sweep_drafts() -> int:
    return discard_old_drafts(at=timezone.now(), after=settings.DRAFTS_LAST)


@shared_task(expires=10)
def bring_in_amendments_asked_for() -> int:
    return bring_in_amendments(at=timezone.now())
