"""The cast: people of two sites, and one who belongs nowhere."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from pytest_django import DjangoDbBlocker

import audit
from accounts.models import Delegation, Site, User
from accounts.permissions import Role
from tests import migrated

FROM = date(2022, 9, 7)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """One migration for all processes of a run, and for the runs after it."""
    if settings.ENVIRONMENT.embedded_postgres:
        with django_db_blocker.unblock():
            copied = {"TEMPLATE": migrated.template(), "MIGRATE": False}
        connection.settings_dict["TEST"] |= copied


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Tests that commit are reset by TRUNCATE, which the trail refuses: for that one act the triggers are off."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_as_replica(self: DatabaseOperations, statements: list[str]) -> None:
        off = [
            "SET session_replication_role = replica",
            *statements,
            "SET session_replication_role = DEFAULT",
        ]
        flush(self, off)
        User.objects.create(username="system", is_service=True, is_active=False, password=make_password(None))

    DatabaseOperations.execute_sql_flush = flush_as_replica
    DatabaseCreation._destroy_test_db = drop_with_its_sessions


def drop_with_its_sessions(self: DatabaseCreation, name: str, verbosity: int) -> None:
    """A thread of the live server may still be connected when a worker's tests are over."""
    with self._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page answered in one test leaves its language active: no other test may read in it."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def system(db: None) -> User:
    return User.objects.system()


def _site(code: str, system: User) -> Site:
    with audit.recording(by=system):
        return Site.objects.create(
            code=code,
            name_ko=f"{code} 시험 클리닉",
            name_en=f"Test Clinic {code}",
            place_ko="본관 2층",
            place_en="Main building, floor 2",
            phone_ko="02-0000-0000",
            phone_en="+82 2 0000 0000",
        )


@pytest.fixture
def site_01(system: User) -> Site:
    return _site("01", system)


@pytest.fixture
def site_02(system: User) -> Site:
    return _site("02", system)


@pytest.fixture
def person(system: User) -> Callable[..., User]:
    """person(username, role, *sites): a user with that delegation, open since the study began."""

    def make(username: str, role: Role | None, *sites: Site) -> User:
        user = User.objects.create_user(username=username, password="a long test password", language="en")
        with audit.recording(by=system):
            for site in sites:
                Delegation.objects.create(user=user, role=role, site=site, from_on=FROM, delegated_by=system)
        return user

    return make


@pytest.fixture
def nurse_a(person: Callable[..., User], site_01: Site) -> User:
    return person("nurse_a", Role.NURSE, site_01)


@pytest.fixture
def nurse_b(person: Callable[..., User], site_02: Site) -> User:
    return person("nurse_b", Role.NURSE, site_02)


@pytest.fixture
def pi_a(person: Callable[..., User], site_01: Site) -> User:
    return person("pi_a", Role.PI, site_01)


@pytest.fixture
def data_manager(person: Callable[..., User], site_01: Site, site_02: Site) -> User:
    return person("data_manager", Role.DATA_MANAGER, site_01, site_02)


@pytest.fixture
def monitor(person: Callable[..., User], site_01: Site, site_02: Site) -> User:
    return person("monitor", Role.MONITOR, site_01, site_02)


@pytest.fixture
def administrator(person: Callable[..., User], site_01: Site) -> User:
    return person("administrator", Role.ADMINISTRATOR, site_01)


@pytest.fixture
def outsider(person: Callable[..., User]) -> User:
    return person("outsider", None)
