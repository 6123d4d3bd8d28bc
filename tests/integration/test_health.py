"""/healthz and /readyz: without login, quick, and the failing part by its name."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from reminders import readiness
from reminders.models import Heartbeat, Part
from reminders.services import record_heartbeat
from tests.process.support import free_port


@pytest.fixture
def all_well(db, monkeypatch):
    for part in Part:
        record_heartbeat(part.value)
    monkeypatch.setattr(readiness, "broker_answers", lambda: True)


def test_alive_needs_neither_login_nor_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_when_every_part_gives_a_sign_of_life(client, all_well):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "failing": [],
        "parts": dict.fromkeys(["database", "redis", "beat", "worker", "queue"], "ok"),
    }


@pytest.mark.parametrize("part", list(Part))
def test_a_part_without_a_sign_of_life_for_two_minutes_is_named(client, all_well, part):
    Heartbeat.objects.filter(name=part).update(at=timezone.now() - timedelta(seconds=120))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, [part.value])


@pytest.mark.parametrize("part", list(Part))
def test_a_part_that_never_started_is_named(client, all_well, part):
    Heartbeat.objects.filter(name=part).delete()
    assert client.get("/readyz").json()["failing"] == [part.value]


@pytest.mark.parametrize("part", ["beat", "worker"])
def test_the_queue_is_not_blamed_for_the_end_it_hangs_on(client, all_well, part):
    Heartbeat.objects.filter(name__in=[part, "queue"]).update(at=timezone.now() - timedelta(seconds=120))
    assert client.get("/readyz").json()["failing"] == [part]


def test_a_heartbeat_that_is_a_minute_late_is_no_failure(client, all_well):
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=60))
    assert client.get("/readyz").status_code == 200


def test_a_broker_that_is_away_is_named(client, all_well, monkeypatch):
    monkeypatch.setattr(readiness, "broker_answers", lambda: False)
    assert client.get("/readyz").json()["failing"] == ["redis"]


def test_a_database_that_is_away_is_named_and_the_rest_is_unknown(client, monkeypatch):
    def refuse():
        raise DatabaseError("not there")

    monkeypatch.setattr(readiness.connection, "cursor", refuse)
    monkeypatch.setattr(readiness, "broker_answers", lambda: True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["database"])
    assert answer.json()["parts"]["worker"] == "unknown"


def test_a_mail_server_that_is_away_is_named_where_mail_goes_by_smtp(client, all_well, settings):
    settings.EMAIL_BACKEND = readiness.SMTP_BACKEND
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert client.get("/readyz").json()["failing"] == ["smtp"]


@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_only_looking_is_possible(client, db, name):
    assert client.post(reverse(name)).status_code == 405
