"""What other rooms do that reminders must follow."""

from collections.abc import Sequence

from django.utils import timezone

from reminders.services import plan_reminders


def replan_changed(sender: object, patient_ids: Sequence[int], **_: object) -> None:
    """The facts of these patients have changed: the plan follows inside the same transaction."""
    plan_reminders(on=timezone.localdate(), patient_ids=patient_ids)
