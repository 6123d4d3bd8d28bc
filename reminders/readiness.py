"""Is everything there that reminders need, and if not, what is missing?"""

import smtplib
from collections.abc import Callable
from contextlib import suppress

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.utils import timezone
from kombu.exceptions import KombuError

from reminders.models import Part
from reminders.selectors import silent_parts

OK, FAILING, UNKNOWN = "ok", "failing", "unknown"
PROBE_SECONDS = 3.0
# Anybody may ask; the mail server is not asked as often.
REMEMBER_SECONDS = 5
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def parts() -> dict[str, str]:
    """Every part with its state: ok, failing, or unknown where another one that fails would have to tell."""
    state = {"database": _state(database_answers), "redis": _state(broker_answers)}
    state |= _running_parts() if state["database"] == OK else dict.fromkeys(Part.values, UNKNOWN)
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        state["smtp"] = _remembered("readiness.smtp", mail_server_answers)
    return state


def _running_parts() -> dict[str, str]:
    silent = silent_parts(timezone.now())
    state = {part: FAILING if part in silent else OK for part in Part.values}
    if FAILING in {state[Part.BEAT], state[Part.WORKER]} and state[Part.QUEUE] == FAILING:
        state[Part.QUEUE] = UNKNOWN  # between two of which one is missing nothing can arrive
    return state


def is_ready(state: dict[str, str]) -> bool:
    return all(word == OK for word in state.values())


def _state(answers: Callable[[], bool]) -> str:
    return OK if answers() else FAILING


def _remembered(key: str, answers: Callable[[], bool]) -> str:
    state: str | None = cache.get(key)
    if state is None:
        state = _state(answers)
        cache.set(key, state, REMEMBER_SECONDS)
    return state


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        with suppress(Error):
            connection.close()  # the next question is asked on a new one
        return False
    return True


def broker_answers() -> bool:
    with current_app.connection_for_write() as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=PROBE_SECONDS)
            return bool(broker.default_channel.client.ping())
        except (OSError, KombuError, *broker.connection_errors):
            return False


def mail_server_answers() -> bool:
    """It greets. No sign-in: this is asked often, and by anybody."""
    with suppress(OSError, smtplib.SMTPException):
        kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
        with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=PROBE_SECONDS) as server:
            server.noop()
        return True
    return False
