"""The summary follows the facts: rebuilt in the transaction that changes them."""

from collections.abc import Sequence

from django.utils import timezone

from courses.services import rebuild_summaries


def rebuild_changed(sender: object, patient_ids: Sequence[int], **_: object) -> None:
    rebuild_summaries(patient_ids, on=timezone.localdate())
