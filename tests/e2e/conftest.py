"""A real Chromium in front of a real server: what every story needs."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from accounts.models import User

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # the browser's loop runs in the thread of the test
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, TABLET = {"width": 1280, "height": 900}, {"width": 820, "height": 1180}
GIVEN_UP = ("htmx:afterRequest", "htmx:sendAbort")  # an echo that a newer one, or the next page, overtook
SERIOUS = {"serious", "critical"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("no Chromium on this machine: install the package `chromium`")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return browser_type_launch_args | {
        "executable_path": program,
        "args": [*quiet, "--no-first-run", "--disable-quic"],
    }


@pytest.fixture
def context(browser: Browser, live_server, transactional_db: None) -> BrowserContext:
    context = browser.new_context(
        viewport=DESKTOP, locale="en", timezone_id="Asia/Seoul", base_url=live_server.url
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser wrote into its console: errors, policy violations."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(GIVEN_UP):
            said.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def sign_in(context: BrowserContext, live_server) -> Callable[[User], None]:
    """A session for a person, without the login page (which has its own story)."""

    def enter(user: User) -> None:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": user.language}
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])

    return enter


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Call on every step: axe finds nothing serious on the page as it stands."""

    def check() -> None:
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS] == []

    return check
