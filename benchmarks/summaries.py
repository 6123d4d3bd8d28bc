"""Course summaries rebuilt, as at the change of a day, in one process and in two."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone

from benchmarks.clock import Spent, least, stopwatch
from benchmarks.figures import Figure, same, timed
from benchmarks.processes import Share, spent, team
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
        rounds = [[_rebuilt(work, ids, on, count) for count in (1, 2)] for _ in range(times)]
    in_one, in_two = (least(each) for each in zip(*rounds, strict=True))
    rebuilt = CourseSummary.objects.filter(as_of=on, rebuilt_at__gte=began).count()
    yield figure("summaries rebuilt", "rows", same(len(ids), rebuilt))
    yield figure("in 1 process", "a second", len(ids) / in_one.seconds)
    yield figure("in 2 processes", "a second", len(ids) / in_two.seconds)
    yield figure("2 processes : 1 process", "×", in_one.seconds / in_two.seconds)
    yield from timed(figure, "one of them", "ms", in_one, len(ids))
    yield from timed(figure, "one alone", "ms", least(_alone(pk, on) for pk in ids[:ALONE]))
    yield from timed(figure, "all that follows one change", "ms", least(_followed(pk) for pk in ids[:ALONE]))


def rebuild(patient_ids: list[int], on: date) -> int:
    """What a measured process does."""
    return rebuild_summaries(patient_ids, on=on)


def _rebuilt(work: Callable[..., list[Share]], ids: list[int], on: date, processes: int) -> Spent:
    shares = work(rebuild, [(ids[number::processes], on) for number in range(processes)])
    same(sum(share.answer for share in shares), len(ids))
    return spent(shares)


def _alone(pk: int, on: date) -> Spent:
    with stopwatch() as took:
        rebuild_summaries([pk], on=on)
    return took


def _followed(pk: int) -> Spent:
    """Schedule, summary, reminders and queries after a change of one patient that changes none of them."""
    with stopwatch() as took, transaction.atomic():
        announce([pk], "benchmark")
    return took
