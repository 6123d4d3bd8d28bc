"""What beat asks the clinic for."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from clinic.services import discard_old_drafts


@shared_task
def sweep_drafts() -> int:
    return discard_old_drafts(at=timezone.now(), after=settings.DRAFTS_LAST)
