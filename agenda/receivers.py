"""The agenda follows the facts: rebuilt in the transaction that changes them."""

from collections.abc import Sequence

from django.utils import timezone

from agenda.services import rebuild_agendas


def rebuild_changed(sender: object, patient_ids: Sequence[int], **_: object) -> None:
    rebuild_agendas(patient_ids, on=timezone.localdate())
