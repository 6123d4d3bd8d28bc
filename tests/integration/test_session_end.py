"""The end of a session: after a while away, after a day's work, and back on the same page and draft."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.integration.conftest import fields_of

pytestmark = pytest.mark.django_db
MORNING = datetime(2025, 7, 7, 0, 0, tzinfo=UTC)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as travelled:
        yield travelled


@pytest.fixture
def nurse(client, clock, nurse_a):
    client.force_login(nurse_a, backend=BACKEND)
    return client


def is_signed_in(client):
    return client.get("/clinic/").status_code == 200


@pytest.mark.parametrize(("away", "stays"), [("14:59", True), ("15:00", False)])
def test_a_quarter_of_an_hour_away_ends_it(nurse, clock, away, stays):
    minutes, seconds = map(int, away.split(":"))
    clock.shift(timedelta(minutes=minutes, seconds=seconds))
    assert is_signed_in(nurse) is stays


def test_whoever_is_there_stays(nurse, clock):
    seen = []
    for _page in range(4):
        clock.shift(timedelta(minutes=10))
        seen.append(is_signed_in(nurse))
    assert seen == [True] * 4


def test_twelve_hours_end_it_whoever_is_there(nurse, clock):
    for _page in range(71):
        clock.shift(timedelta(minutes=10))
        nurse.post("/accounts/stay/")
    assert is_signed_in(nurse)
    clock.shift(timedelta(minutes=10))
    assert not is_signed_in(nurse)


def test_staying_is_a_word_to_the_server(nurse, clock):
    clock.shift(timedelta(minutes=14))
    assert nurse.post("/accounts/stay/").status_code == 204
    clock.shift(timedelta(minutes=14))
    assert is_signed_in(nurse)


def test_too_late_to_stay(nurse, clock):
    clock.shift(timedelta(minutes=16))
    assert nurse.post("/accounts/stay/").headers["Location"].startswith("/accounts/login/")


def test_a_session_from_before_the_clock_begins_now(nurse, clock):
    session = nurse.session
    del session["seen_at"], session["began_at"]
    session.save()
    assert is_signed_in(nurse)
    clock.shift(timedelta(minutes=16))
    assert not is_signed_in(nurse)


def test_signing_in_again_leads_to_the_same_draft(client, nurse_a, consulted_path):
    client.force_login(nurse_a, backend=BACKEND)
    typed = fields_of(client.get(consulted_path)) | {"seen-weight_kg": "61.5", "action": "keep"}
    client.post(consulted_path, typed)
    with time_machine.travel("2025-07-07 10:16 +0900", tick=False):
        login = client.get(consulted_path).headers["Location"]
        assert login == f"/accounts/login/?next={consulted_path}"
        back = client.post(login, {"login": "nurse_a", "password": "a long test password"})
        assert back.headers["Location"] == consulted_path
        assert 'value="61.5"' in client.get(consulted_path).content.decode()


@pytest.fixture
def consulted_path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


def test_the_page_carries_its_warning(nurse):
    page = nurse.get("/clinic/").content.decode()
    assert 'data-idle="900"' in page and 'data-warning="120"' in page


def test_nobody_is_warned_who_is_not_signed_in(client, db):
    assert "data-session-end" not in client.get("/accounts/login/").content.decode()
