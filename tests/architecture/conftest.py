"""The whole cast, by role, and the records of site 01 that pages are asked for."""

import logging
from collections.abc import Callable, Iterator

import pytest

from accounts.models import Site, User
from accounts.permissions import Role
from tests.architecture.addresses import World, furnish


@pytest.fixture
def investigator_a(person: Callable[..., User], site_01: Site) -> User:
    return person("investigator_a", Role.INVESTIGATOR, site_01)


@pytest.fixture
def data_manager_b(person: Callable[..., User], site_02: Site) -> User:
    return person("data_manager_b", Role.DATA_MANAGER, site_02)


@pytest.fixture
def administrator_b(person: Callable[..., User], site_02: Site) -> User:
    return person("administrator_b", Role.ADMINISTRATOR, site_02)


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Callable[[str], User | None]:
    """cast(role): somebody of that role; nobody for "anonymous"."""
    return lambda role: None if role == "anonymous" else request.getfixturevalue(role)


@pytest.fixture
def world(site_01: Site, site_02: Site, person: Callable[..., User]) -> World:
    """Site 01, furnished and with somebody of its own; site 02 has a patient too."""
    person("nurse_of_01", Role.NURSE, site_01)
    world = furnish("01-SECRET", site_01)
    furnish("02-001", site_02)
    return world


@pytest.fixture
def quiet() -> Iterator[None]:
    """Refusals are what is asked for: they need no log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)
