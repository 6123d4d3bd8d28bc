"""Data managers correct a visit: what hangs on it is kept in step."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from patients.corrections import correct_record
from visits.models import Visit


@transaction.atomic
def correct_visit(*, by: User, visit: Visit, reason: str) -> bool:
    """As `correct_record`; a changed booking is a new one, and forms that are open elsewhere learn of it."""
    stored = Visit.objects.get(pk=visit.pk)
    if (stored.booked_on, stored.booked_time) != (visit.booked_on, visit.booked_time):
        visit.booked_at = timezone.now() if visit.booked_on else None
    is_recorded = visit.occurred_on is not None or visit.not_done
    if is_recorded and visit.recorded_at is None:
        visit.recorded_at, visit.recorded_by = timezone.now(), by
    if _differs(visit, stored):
        visit.revision = stored.revision + 1
    return correct_record(by=by, record=visit, reason=reason)


def _differs(visit: Visit, stored: Visit) -> bool:
    names = [field.attname for field in Visit._meta.concrete_fields]
    return any(getattr(visit, name) != getattr(stored, name) for name in names)
