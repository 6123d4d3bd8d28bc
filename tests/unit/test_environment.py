"""The environment: what is unset has a sound default, what is wrong is said loudly."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gisttrial import environment

PRODUCTION = {"SECRET_KEY": "long and random", "DATABASE_URL": "postgres://who:secret@db.example:5433/trial"}


@pytest.fixture
def read(tmp_path: Path):
    def read_environment(**variables: str) -> environment.Environment:
        return environment.read(tmp_path, {"GISTTRIAL_DATA_DIR": str(tmp_path / "var")} | variables)

    return read_environment


def test_nothing_set_is_the_demo(read):
    here = read()
    assert (here.demo, here.debug, here.require_mfa) == (True, True, False)
    assert here.base_url == "http://127.0.0.1:8000"
    assert here.embedded_postgres and here.embedded_redis


def test_the_demo_key_is_made_once_and_is_private(read, tmp_path: Path):
    assert read().secret_key == read().secret_key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_the_data_folder_is_private(read, tmp_path: Path):
    read()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_the_data_folder_defaults_to_var_beside_the_code(tmp_path: Path):
    assert environment.read(tmp_path, {}).data_dir == tmp_path / "var"


def test_production_is_not_the_demo(read):
    here = read(**PRODUCTION)
    assert (here.demo, here.debug, here.require_mfa) == (False, False, True)
    assert (here.allowed_hosts, here.secret_key) == ((), "long and random")


def test_a_database_url_without_a_key_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        read(DATABASE_URL=PRODUCTION["DATABASE_URL"])


def test_a_key_without_a_database_url_uses_the_embedded_server(read, tmp_path: Path):
    here = read(SECRET_KEY="long and random")
    assert (here.demo, here.embedded_postgres) == (False, True)
    assert here.database["HOST"].startswith(str(tmp_path)) or here.database["HOST"].startswith("/tmp")


def test_a_database_url_is_read_in_full(read):
    database = read(**PRODUCTION).database
    assert database["ENGINE"] == "django.db.backends.postgresql"
    expected = {"NAME": "trial", "USER": "who", "PASSWORD": "secret", "HOST": "db.example", "PORT": 5433}
    assert {name: database[name] for name in expected} == expected


def test_a_database_url_may_name_a_socket_folder(read):
    here = read(SECRET_KEY="key", DATABASE_URL="postgres://who@%2Frun%2Fpostgresql/trial")
    assert here.database["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("redis://cache:6379/2", "redis://cache:6379/2"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ("redis+socket:///run/redis.sock", "redis+socket:///run/redis.sock"),
    ],
)
def test_a_redis_url_is_spelled_as_celery_reads_it(read, given: str, expected: str):
    assert read(REDIS_URL=given).redis_url == expected


def test_mail_goes_to_files_until_a_server_is_named(read, tmp_path: Path):
    assert read().email["EMAIL_FILE_PATH"] == str(tmp_path / "var" / "mail")
    mail = read(EMAIL_URL="smtp+tls://me:pw@mail.example:587").email
    expected = {
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_USE_TLS": True,
        "EMAIL_HOST_USER": "me",
    }
    assert {name: mail[name] for name in expected} == expected
    assert mail["EMAIL_TIMEOUT"] > 0


@pytest.mark.parametrize(
    "variables",
    [
        {"DATABASE_URL": "sqlite:///trial.db"},
        {"DATABASE_URL": "db.example"},
        {"DATABASE_URL": "postgres://who@db.example:port/trial"},
        {"DATABASE_URL": "postgres://who@db.example"},
        {"REDIS_URL": "localhost:6379"},
        {"EMAIL_URL": "mail.example:25"},
        {"EMAIL_URL": "smtp://mail.example:port"},
        {"DEBUG": "maybe"},
        {"GISTTRIAL_REQUIRE_MFA": "2"},
        {"PORT": "http"},
        {"PORT": "70000"},
        {"GISTTRIAL_BASE_URL": "clinic.example"},
        {"GISTTRIAL_BASE_URL": "https://clinic.example/?q=1"},
        {"GISTTRIAL_SEND_HOURS": "8-21"},
        {"GISTTRIAL_SEND_HOURS": "21:00-08:00"},
        {"GISTTRIAL_MAILS_PER_MINUTE": "0"},
        {"GISTTRIAL_MAILS_PER_MINUTE": "many"},
    ],
    ids=lambda variables: next(f"{name}={value}" for name, value in variables.items()),
)
def test_a_malformed_value_names_its_variable(read, variables: dict[str, str]):
    with pytest.raises(ImproperlyConfigured, match=f"^{next(iter(variables))} is not valid"):
        read(SECRET_KEY="long and random", **variables)


def test_a_malformed_value_is_not_repeated(read):
    with pytest.raises(ImproperlyConfigured) as error:
        read(SECRET_KEY="key", DATABASE_URL="mysql://who:secret@db.example/trial")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(("word", "flag"), [("1", True), ("True", True), ("off", False), ("no", False)])
def test_debug_is_as_told(read, word: str, flag: bool):
    assert read(DEBUG=word).debug is flag


def test_an_empty_value_counts_as_unset(read):
    assert read(DATABASE_URL="", SECRET_KEY=" ", PORT="").demo


def test_lists_are_split_at_commas(read):
    here = read(ALLOWED_HOSTS="a.example, b.example,", CSRF_TRUSTED_ORIGINS="https://a.example")
    assert here.allowed_hosts == ("a.example", "b.example")
    assert here.csrf_trusted_origins == ("https://a.example",)


def test_the_limit_of_a_minute_is_a_number_or_nothing(read):
    assert [read().mails_per_minute, read(GISTTRIAL_MAILS_PER_MINUTE="30").mails_per_minute] == [None, 30]


@pytest.mark.parametrize("hours", ["00:00-24:00", "07:30-22:00"])
def test_send_hours_are_passed_on(read, hours: str):
    assert read(GISTTRIAL_SEND_HOURS=hours).send_hours == hours


def test_links_follow_the_port_or_the_base_url(read):
    assert read(PORT="8123").base_url == "http://127.0.0.1:8123"
    assert read(GISTTRIAL_BASE_URL="https://trial.example/").base_url == "https://trial.example"


@pytest.mark.parametrize(
    ("variables", "sender"),
    [
        ({}, "appointments@localhost"),
        ({"GISTTRIAL_BASE_URL": "https://visits.hospital.example"}, "appointments@visits.hospital.example"),
        ({"GISTTRIAL_BASE_URL": "http://192.0.2.7:8000"}, "appointments@localhost"),
        ({"EMAIL_URL": "smtp://clinic%40hospital.example:pw@mail.example:587"}, "clinic@hospital.example"),
        ({"DEFAULT_FROM_EMAIL": "visits@hospital.example"}, "visits@hospital.example"),
    ],
)
def test_mails_come_from_an_address_that_says_nothing(read, variables, sender):
    here = read(**variables)
    assert here.email["DEFAULT_FROM_EMAIL"] == sender


def test_a_sender_that_is_no_address_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match="DEFAULT_FROM_EMAIL"):
        read(DEFAULT_FROM_EMAIL="nobody")
