"""A nurse's days: the clock stands where the story says."""

from collections.abc import Callable

import pytest


@pytest.fixture
def arrive(sign_in, nurse_a, time_machine) -> Callable[[str], None]:
    """arrive("2025-01-09"): ten in the morning of that day in Seoul, signed in anew."""

    def on(day: str) -> None:
        time_machine.move_to(f"{day} 10:00 +0900")
        sign_in(nurse_a)

    return on
