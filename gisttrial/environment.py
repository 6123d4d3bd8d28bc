"""What the process environment says, read once and checked: every fault is an error, never a guess."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from gisttrial.embedded import postgres, redis
from gisttrial.embedded.folders import private_folder

BASE_DIR = Path(__file__).resolve().parent.parent

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
DATABASE_SCHEMES = frozenset({"postgres", "postgresql", "psql", "pgsql"})
REDIS_SCHEMES = frozenset({"redis", "rediss", "unix", "redis+socket"})
EMAIL_SCHEMES = frozenset(environ.Env.EMAIL_SCHEMES)
SEND_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")
SENDER = re.compile(r"[^@\s<>]+@[^@\s<>]+")
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
# A mail server that hangs must not hold a worker for ever.
EMAIL_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Environment:
    """The settings that differ from one machine to the next."""

    demo: bool
    debug: bool
    secret_key: str
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    data_dir: Path
    port: int
    base_url: str
    require_mfa: bool
    send_hours: str | None
    mails_per_minute: int | None
    demo_password: str | None
    embedded_postgres: bool
    embedded_redis: bool


def read(base_dir: Path = BASE_DIR, variables: Mapping[str, str] | None = None) -> Environment:
    """The environment, checked; raises ImproperlyConfigured naming the variable at fault."""
    values = _given(os.environ if variables is None else variables)
    demo = "SECRET_KEY" not in values and "DATABASE_URL" not in values
    data_dir = Path(values.get("GISTTRIAL_DATA_DIR", base_dir / "var")).expanduser().resolve()
    port = _port(values)
    return Environment(
        demo=demo,
        debug=_flag(values, "DEBUG", default=demo),
        secret_key=_secret_key(values, data_dir, demo=demo),
        allowed_hosts=_listed(values, "ALLOWED_HOSTS", default=LOCAL_HOSTS if demo else ()),
        csrf_trusted_origins=_listed(values, "CSRF_TRUSTED_ORIGINS", default=()),
        database=_database(values, data_dir),
        redis_url=_redis_url(values, data_dir),
        email=_email(values, data_dir),
        data_dir=data_dir,
        port=port,
        base_url=_base_url(values, port),
        require_mfa=_flag(values, "GISTTRIAL_REQUIRE_MFA", default=not demo),
        send_hours=_send_hours(values),
        mails_per_minute=_mails_per_minute(values),
        demo_password=values.get("GISTTRIAL_DEMO_PASSWORD"),
        embedded_postgres="DATABASE_URL" not in values,
        embedded_redis="REDIS_URL" not in values,
    )


def _given(variables: Mapping[str, str]) -> dict[str, str]:
    # `VARIABLE= make run` and an empty line in a compose file both mean "not set".
    return {name: value.strip() for name, value in variables.items() if value.strip()}


def _fault(name: str, expected: str) -> ImproperlyConfigured:
    # The value is left out on purpose: it may hold a password.
    return ImproperlyConfigured(f"{name} is not valid: expected {expected}")


def _flag(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    word = values.get(name)
    if word is None:
        return default
    if word.lower() not in YES | NO:
        raise _fault(name, "one of 1, true, yes, on, 0, false, no, off")
    return word.lower() in YES


def _listed(values: Mapping[str, str], name: str, *, default: tuple[str, ...]) -> tuple[str, ...]:
    if name not in values:
        return default
    return tuple(item.strip() for item in values[name].split(",") if item.strip())


def _port(values: Mapping[str, str]) -> int:
    word = values.get("PORT", "8000")
    if not (word.isascii() and word.isdigit() and 0 < int(word) < 65536):
        raise _fault("PORT", "a number from 1 to 65535")
    return int(word)


def _secret_key(values: Mapping[str, str], data_dir: Path, *, demo: bool) -> str:
    if demo:
        return _demo_key(private_folder(data_dir) / "secret_key")
    if "SECRET_KEY" not in values:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set, but DATABASE_URL is. Set SECRET_KEY to a long random text "
            "(python -c 'import secrets; print(secrets.token_urlsafe(50))'), "
            "or unset DATABASE_URL to run the demo."
        )
    return values["SECRET_KEY"]


def _demo_key(path: Path) -> str:
    """The demo's key, made once: of several first starters, one wins and all read the same."""
    if not path.exists():
        draft = path.with_name(f".secret_key-{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _scheme(values: Mapping[str, str], name: str, allowed: frozenset[str], expected: str) -> str:
    url = values[name]
    if "://" not in url or urlsplit(url).scheme not in allowed:
        raise _fault(name, expected)
    return url


def _database(values: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    if "DATABASE_URL" not in values:
        return postgres.django_database(data_dir)
    expected = "postgres://USER:PASSWORD@HOST:PORT/NAME"
    url = _scheme(values, "DATABASE_URL", DATABASE_SCHEMES, expected)
    try:
        config = dict(environ.Env.db_url_config(url))
    except ValueError as error:
        raise _fault("DATABASE_URL", expected) from error
    if not config.get("NAME"):
        raise _fault("DATABASE_URL", expected)
    # libpq writes the folder of a unix socket as a quoted host.
    return config | {"ENGINE": "django.db.backends.postgresql", "HOST": unquote(config["HOST"])}


def _redis_url(values: Mapping[str, str], data_dir: Path) -> str:
    """The broker's URL as celery spells it: a unix socket is `redis+socket://`."""
    if "REDIS_URL" not in values:
        return redis.broker_url(data_dir)
    expected = "redis://HOST:PORT/NUMBER, rediss://… or unix:///PATH"
    url = _scheme(values, "REDIS_URL", REDIS_SCHEMES, expected)
    return "redis+socket://" + url.removeprefix("unix://") if url.startswith("unix://") else url


def _email(values: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    if "EMAIL_URL" not in values:
        return {
            "DEFAULT_FROM_EMAIL": _sender(values),
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(data_dir / "mail"),
        }
    expected = "smtp://USER:PASSWORD@HOST:PORT, smtp+tls://… or smtp+ssl://…"
    url = _scheme(values, "EMAIL_URL", EMAIL_SCHEMES, expected)
    try:
        config = environ.Env.email_url_config(url)
    except ValueError as error:
        raise _fault("EMAIL_URL", expected) from error
    return {
        "DEFAULT_FROM_EMAIL": _sender(values, str(config.get("EMAIL_HOST_USER") or "")),
        "EMAIL_TIMEOUT": EMAIL_TIMEOUT_SECONDS,
        **{name: value for name, value in config.items() if name.startswith("EMAIL_") and value is not None},
    }


def _sender(values: Mapping[str, str], login: str = "") -> str:
    """The address mails come from; the name beside it is the clinic's. It does not tell what they are about."""
    if "DEFAULT_FROM_EMAIL" not in values and "@" not in login:
        host = urlsplit(values.get("GISTTRIAL_BASE_URL", "")).hostname or ""
        return f"appointments@{host if re.search('[a-z]', host) else 'localhost'}"
    address = values.get("DEFAULT_FROM_EMAIL", login)
    if not SENDER.fullmatch(address):
        raise _fault("DEFAULT_FROM_EMAIL", "an address like appointments@hospital.example, without a name")
    return address


def _base_url(values: Mapping[str, str], port: int) -> str:
    url = values.get("GISTTRIAL_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise _fault("GISTTRIAL_BASE_URL", "http://HOST or https://HOST")
    return url


def _send_hours(values: Mapping[str, str]) -> str | None:
    word = values.get("GISTTRIAL_SEND_HOURS")
    if word is not None and (not SEND_HOURS.fullmatch(word) or word[:5] >= word[6:]):
        raise _fault("GISTTRIAL_SEND_HOURS", "HH:MM-HH:MM, the first before the second")
    return word


def _mails_per_minute(values: Mapping[str, str]) -> int | None:
    word = values.get("GISTTRIAL_MAILS_PER_MINUTE")
    if word is None:
        return None
    if not (word.isascii() and word.isdigit() and int(word) > 0):
        raise _fault("GISTTRIAL_MAILS_PER_MINUTE", "a whole number from 1 on")
    return int(word)
