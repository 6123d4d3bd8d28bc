"""The one signal of the house: facts of a patient's course have changed (sent inside the transaction).

Arguments: `patient_ids` (a list of primary keys), `what` (a word for logs). Floors above subscribe in `ready()`:
summaries are rebuilt, reminders re-planned, queries opened and closed.
"""

from collections.abc import Sequence

from django.dispatch import Signal

course_changed = Signal()


def announce(patient_ids: Sequence[int], what: str) -> None:
    """Tell every floor above that the courses of these patients have changed."""
    course_changed.send(sender=None, patient_ids=list(patient_ids), what=what)
