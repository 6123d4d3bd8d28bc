"""The long forms, one after another, with a table of the figures at the end. `SOAK=0.02` makes everything smaller."""

import os

import pytest

from tests.process.reminder_processes import mailroom

FIGURES: list[tuple[str, dict[str, object]]] = []


@pytest.fixture
def room(tmp_path, transactional_db):
    with mailroom(tmp_path) as room:
        yield room


@pytest.fixture
def sized():
    """A number of the long form, in the size of this run; never less than `least`."""
    scale = float(os.environ.get("SOAK", "1"))
    return lambda number, least=1: max(least, round(number * scale))


@pytest.fixture
def told():
    def tell(promise, figures):
        FIGURES.append((promise, figures))

    return tell


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section("figures")
    for promise, figures in FIGURES:
        line = " · ".join(f"{name} {value}" for name, value in figures.items())
        terminalreporter.write_line(f"{promise:<4} {line}")
