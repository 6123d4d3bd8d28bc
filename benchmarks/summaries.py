"""Course summaries rebuilt, as at the change of a day, in one process and in two."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone

from benchmarks.figures import Figure, same
from benchmarks.processes import Share, seconds, team
from courses.models import CourseSummary
from courses.services import rebuild_summaries
from patients.models import Patient
from patients.signals import announce

ALONE = 9


def measure(patients: int, *, on: date, times: int) -> Iterator[Figure]:
    """Of the patients of the database the connection is to."""
    figure = partial(Figure, "summaries", patients)
    ids = list(Patient.objects.order_by("pk").values_list("pk", flat=True))
    began = timezone.now()
    with team(2) as work:
        in_one, in_two = (min(_rebuilt(work, ids, on, count) for _ in range(times)) for count in (1, 2))
    rebuilt = CourseSummary.objects.filter(as_of=on, rebuilt_at__gte=began).count()
    yield figure("summaries rebuilt", "rows", same(len(ids), rebuilt))
    yield figure("in 1 process", "a second", len(ids) / in_one)
    yield figure("in 2 processes", "a second", len(ids) / in_two)
    yield figure("2 processes : 1 process", "×", in_one / in_two)
    yield figure("one summary alone", "ms", 1000 * min(_alone(pk, on) for pk in ids[:ALONE]))
    yield figure("all that follows one change", "ms", 1000 * min(_followed(pk) for pk in ids[:ALONE]))


def rebuild(patient_ids: list[int], on: date) -> int:
    """What a measured process does."""
    return rebuild_summaries(patient_ids, on=on)


def _rebuilt(work: Callable[..., list[Share]], ids: list[int], on: date, processes: int) -> float:
    shares = work(rebuild, [(ids[number::processes], on) for number in range(processes)])
    same(sum(share.answer for share in shares), len(ids))
    return seconds(shares)


def _alone(pk: int, on: date) -> float:
    began = time.monotonic()
    rebuild_summaries([pk], on=on)
    return time.monotonic() - began


def _followed(pk: int) -> float:
    """Schedule, summary, reminders and queries after a change of one patient that changes none of them."""
    began = time.monotonic()
    with transaction.atomic():
        announce([pk], "benchmark")
    return time.monotonic() - began
