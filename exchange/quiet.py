"""Django remembers its last 9,000 queries while DEBUG is on: with statements of many rows that is all of the memory."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_query_log() -> Iterator[None]:
    log = connection.queries_log
    connection.queries_log = deque(maxlen=0)
    try:
        yield
    finally:
        connection.queries_log = log
