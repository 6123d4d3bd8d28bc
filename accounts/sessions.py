"""A session ends on the server: some time after its person was last there, and at the latest hours after it began.

Both instants stand in the session itself, in seconds; the cookie alone could be kept by whoever has it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

BEGAN, SEEN = "began_at", "seen_at"
# Being there is written down this often at most, so that not every page writes to the session.
WRITTEN_EVERY = timedelta(seconds=30)


class SessionEndMiddleware:
    """Signs out whoever was away for too long; the page asked for is found again after signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            if is_over(request.session, now):
                logout(request)
            else:
                see(request.session, now)
        return self.get_response(request)


def is_over(session: SessionBase, now: float) -> bool:
    """Idle for too long, or too old altogether. A session that knows of neither begins now."""
    is_idle = now - session.get(SEEN, now) >= settings.SESSION_IDLE.total_seconds()
    is_old = now - session.get(BEGAN, now) >= settings.SESSION_COOKIE_AGE
    return is_idle or is_old


def see(session: SessionBase, now: float) -> None:
    session.setdefault(BEGAN, now)
    if now - session.get(SEEN, 0) >= WRITTEN_EVERY.total_seconds():
        session[SEEN] = now


def begin(request: HttpRequest | None, **_signal: Any) -> None:
    """Whoever signs in begins anew, whatever the session was before."""
    if request is not None and hasattr(request, "session"):
        now = timezone.now().timestamp()
        request.session[BEGAN] = request.session[SEEN] = now


def begin_with_the_login() -> None:
    user_logged_in.connect(begin, dispatch_uid="session-begins")
