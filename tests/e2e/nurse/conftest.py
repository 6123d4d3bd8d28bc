"""A nurse's days: the clock stands where the story says."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def arrive(sign_in, nurse_a, time_machine) -> Callable[[str], None]:
    """arrive("2025-01-09"): ten in the morning of that day in Seoul, signed in anew."""

    def on(day: str) -> None:
        time_machine.move_to(f"{day} 10:00 +0900")
        sign_in(nurse_a)

    return on


@pytest.fixture
def step(page: Page, accessible) -> Callable[[str], None]:
    """Looks at a page as it stands before something is done on it."""

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        accessible()

    return look
