"""A first dose, an entry, an end or a recurrence moves the schedule that hangs on it."""

from collections.abc import Sequence

from accounts.models import User
from visits.services.projection import project_visits


def project_changed(sender: object, patient_ids: Sequence[int], **_: object) -> None:
    project_visits(by=User.objects.system(), patient_ids=patient_ids)
