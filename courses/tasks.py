"""A new day changes what every course means: the summaries are built anew, a batch at a time, by as many as there are.

Every task reads what is still to be done and does that: it may come twice, late, or end in the middle.
"""

import time
from collections.abc import Iterator

from celery import shared_task
from django.utils import timezone

from courses.models import PastTally
from courses.services import continue_past_tally, rebuild_summaries, stale_patient_ids

PATIENTS_A_TASK = 500
SECONDS_A_TASK = 120  # then the rest is another task's


@shared_task
def rebuild_stale_summaries() -> int:
    """Shares the stale summaries out, in ranges of primary keys; the processes of the worker take what comes next."""
    ranges = list(_ranges(stale_patient_ids(on=timezone.localdate())))
    for first, last in ranges:
        rebuild_range.delay(first, last)
    return len(ranges)


@shared_task
def rebuild_range(first: int, last: int) -> int:
    """What is stale in a range by now."""
    today = timezone.localdate()
    return rebuild_summaries(stale_patient_ids(on=today, between=(first, last)), on=today)


@shared_task
def build_past_tally(pk: int) -> None:
    until = time.monotonic() + SECONDS_A_TASK
    while continue_past_tally(pk):
        if time.monotonic() > until:
            build_past_tally.delay(pk)
            return


@shared_task
def build_past_tallies() -> None:
    """Whose message was lost: the row says that it is not built yet."""
    for pk in PastTally.objects.filter(built_at=None).values_list("pk", flat=True):
        build_past_tally.delay(pk)


def _ranges(ids: list[int]) -> Iterator[tuple[int, int]]:
    for start in range(0, len(ids), PATIENTS_A_TASK):
        some = ids[start : start + PATIENTS_A_TASK]
        yield some[0], some[-1]
