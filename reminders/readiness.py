"""Is everything there that reminders need, and if not, what is missing?"""

import smtplib
from collections.abc import Callable
from contextlib import suppress

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
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
    """Every part with its state: ok, failing, or unknown where the database that would know is away."""
    database = _state(database_answers)
    state = {"database": database, "redis": _state(broker_answers)}
    silent = silent_parts(timezone.now()) if database == OK else {}
    for part in Part.values:
        state[part] = UNKNOWN if database != OK else FAILING if part in silent else OK
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        state["smtp"] = _remembered("readiness.smtp", mail_server_answers)
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
    except DatabaseError:
        with suppress(DatabaseError):
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
