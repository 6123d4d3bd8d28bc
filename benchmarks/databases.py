"""Databases to be filled and thrown away. The one of DATABASE_URL is never written to: these are made beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def empty_database() -> Iterator[None]:
    """Inside, the connection is to a database with the product's tables and nothing in them."""
    real = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{real}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


@contextmanager
def database_copy(suffix: str) -> Iterator[None]:
    """Inside, the connection is to a copy of the database it was to, triggers included."""
    original = connection.settings_dict["NAME"]
    connection.creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
    _connect_to(f"{original}_{suffix}")
    try:
        yield
    finally:
        _connect_to(original)
        connection.creation.destroy_test_db(verbosity=0, suffix=suffix)


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
