"""A first dose, an entry, an end or a recurrence moves the schedule that hangs on it."""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from visits.services.booking import cancel_fallen_bookings
from visits.services.projection import project_visits


def project_changed(sender: object, patient_ids: Sequence[int], what: str, **_: object) -> None:
    """Project anew; an appointment falls away with its visit. An import brings appointments as they were agreed."""
    system = User.objects.system()
    project_visits(by=system, patient_ids=patient_ids)
    if what != "import":
        cancel_fallen_bookings(by=system, patient_ids=patient_ids, on=timezone.localdate())
