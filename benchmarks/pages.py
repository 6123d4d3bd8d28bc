"""The pages people look at every day: how long each takes, and how many queries it makes."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from functools import partial
from math import ceil
from statistics import median
from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from benchmarks.clock import Spent, stopwatch
from benchmarks.figures import Figure, timed
from exchange.seeding import ensure_demo_logins
from protocol import load_protocol


class Page(NamedTuple):
    username: str
    name: str
    args: tuple[str, ...] = ()
    query: str = ""

    @property
    def path(self) -> str:
        return reverse(self.name, args=self.args) + self.query


PAGES = {
    "dashboard": Page("pi", "dashboard:dashboard"),
    "worklist": Page("pi", "clinic:worklist"),
    "worklist of one site": Page("nurse", "clinic:worklist"),
    "worklist, searched": Page("nurse", "clinic:worklist", query="?q=01-001"),
    "worklist, all who run out of tablets": Page("pi", "clinic:worklist_part", ("supply",)),
    "list of patients": Page("pi", "patients:list"),
}
WARM_UP = 2


def measure(patients: int, *, on: date, times: int) -> Iterator[Figure]:
    """Over the patients of the database the connection is to, in this process and without a network between."""
    ensure_demo_logins(by=User.objects.system(), password="-", from_on=load_protocol().study.starts_on)
    for name, page in PAGES.items():
        figure = partial(Figure, name, patients)
        client, path = _client(page.username), page.path
        for _ in range(WARM_UP):
            _get(client, path)
        looks = [_get(client, path) for _ in range(times)]
        yield from timed(figure, "answer", "ms", _middle([spent for spent, _ in looks]))
        yield figure("answer, 95 of 100 within", "ms", 1000 * _p95([spent.seconds for spent, _ in looks]))
        yield figure("memory of one answer, at its peak", "MiB", _memory(client, path))
        yield figure("queries", "queries", _queries(client, path))
        yield figure("size", "KiB", looks[-1][1] / 1024)


def _client(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def _get(client: Client, path: str) -> tuple[Spent, int]:
    """The time, and the bytes of the page."""
    with stopwatch() as spent:
        response = client.get(path, secure=True)
    if response.status_code != 200:
        raise AssertionError(f"{path} answered {response.status_code}")
    return spent, len(response.content)


def _middle(looks: list[Spent]) -> Spent:
    return Spent(median(spent.seconds for spent in looks), median(spent.processor for spent in looks))


def _p95(seconds: list[float]) -> float:
    """The smallest that at least 95 of 100 do not exceed."""
    return sorted(seconds)[ceil(0.95 * len(seconds)) - 1]


def _memory(client: Client, path: str) -> float:
    """What Python holds for it, in MiB; told apart in a look of its own, for counting takes time."""
    tracemalloc.start()
    try:
        _get(client, path)
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as made:
        _get(client, path)
    return len(made)
