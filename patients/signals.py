"""The one signal of the house: facts of a patient's course have changed (sent inside the transaction).

Arguments: `patient_ids` (a list of primary keys), `what` (a word for logs). Floors above subscribe in `ready()`:
summaries are rebuilt, reminders re-planned, queries opened and closed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.dispatch import Signal

course_changed = Signal()
_waiting: ContextVar[dict[int, None] | None] = ContextVar("waiting", default=None)


def announce(patient_ids: Sequence[int], what: str) -> None:
    """Tell every floor above that the courses of these patients have changed."""
    waiting = _waiting.get()
    if waiting is None:
        course_changed.send(sender=None, patient_ids=list(patient_ids), what=what)
    else:
        waiting.update(dict.fromkeys(patient_ids))


@contextmanager
def announcing_once(what: str) -> Iterator[None]:
    """What several services announce inside is told once, at the end; not at all if the block fails."""
    waiting: dict[int, None] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    announce(list(waiting), what)
