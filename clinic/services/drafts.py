"""Drafts of visits: kept while somebody types, gone with the saved visit, with a word, or with time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from clinic.models import Draft
from clinic.selectors.drafts import day_of_draft, drafts_of
from patients.models import Patient
from patients.saving import lock_patient
from visits.models import Visit


@transaction.atomic
def keep_draft(
    *, by: User, patient: Patient, code: str, visit: Visit | None, typed: Mapping[str, list[str]]
) -> Draft:
    """Keep what was typed so far, in the place of what was kept before."""
    require(by, Permission.RECORD_VISIT, patient.site)
    lock_patient(patient)
    now = timezone.now()
    draft, _is_new = Draft.objects.update_or_create(
        user=by,
        patient=patient,
        visit=code,
        on=day_of_draft(visit),
        defaults={"typed": dict(typed), "kept_at": now},
        create_defaults={"typed": dict(typed), "kept_at": now, "started_at": now},
    )
    return draft


def discard_draft(*, by: User, patient: Patient, code: str, visit: Visit | None) -> bool:
    """Forget one's own draft of a visit; was there one?"""
    require(by, Permission.RECORD_VISIT, patient.site)
    deleted, _rows = drafts_of(patient, code, visit).filter(user=by).delete()
    return deleted > 0


def discard_old_drafts(*, at: datetime, after: timedelta) -> int:
    """Forget what nobody has gone on with for that long; how many there were."""
    deleted, _rows = Draft.objects.filter(kept_at__lt=at - after).delete()
    return deleted
