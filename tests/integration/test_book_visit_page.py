"""Book a visit, cancel it, say that nobody came or that it will not take place."""

from datetime import date, time

import pytest

from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/book/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def visit():
    return Visit.objects.get(visit="M6")


def test_the_suggested_day_is_a_working_day_of_the_window(nurse, path):
    page = nurse.open(path)
    assert page.context["form"].initial["booked_on"] == date(2025, 7, 7)  # the target is a Sunday
    assert "Monday" in page.content.decode()


def test_a_day_is_booked(nurse, path, consulted):
    answer = nurse.send(path, "book", booked_on="2025-07-08", booked_time="09:15")
    assert answer.headers["Location"] == f"/patients/{consulted.uuid}/"
    assert (visit().booked_on, visit().booked_time) == (date(2025, 7, 8), time(9, 15))


@pytest.mark.parametrize(("day", "doubt"), [("2025-07-12", "closed"), ("2025-08-01", "outside the window")])
def test_a_doubtful_day_is_asked_for(nurse, path, day, doubt):
    page = nurse.send(path, "book", booked_on=day)
    assert doubt in page.content.decode() and visit().booked_on is None
    nurse.send(path, "book", booked_on=day, **{"confirm-confirmed": page.context["mark"]})
    assert visit().booked_on == date.fromisoformat(day)


def test_a_booking_is_cancelled(nurse, path):
    nurse.send(path, "book", booked_on="2025-07-08")
    nurse.send(path, "cancel")
    assert (visit().booked_on, visit().revision) == (None, 2)


def test_who_did_not_come_stays_on_the_list(nurse, path):
    nurse.send(path, "book", booked_on="2025-07-07")
    nurse.send(path, "no_show")
    assert (visit().did_not_come, visit().occurred_on, visit().not_done) == (True, None, False)


def test_not_done_needs_a_reason(nurse, path):
    assert "Say why" in nurse.send(path, "not_done").content.decode()
    nurse.send(path, "not_done", why="Moved abroad")
    assert (visit().not_done, visit().reason) == (True, "Moved abroad")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"booked_on": ""}, "Give the day"),
        ({"booked_on": "soon"}, "valid date"),
        ({"booked_time": "25:00"}, "valid time"),
    ],
)
def test_what_cannot_be_read_is_said(nurse, path, typed, sentence):
    assert sentence in nurse.send(path, "book", **typed).content.decode()
    assert visit().booked_on is None


def test_the_second_of_two_is_told(nurse, path):
    typed = {"booked_on": "2025-07-08", "revision": "0", "action": "book"}
    nurse.send_again(path, typed)
    page = nurse.send_again(path, typed | {"booked_on": "2025-07-09"})
    assert "Somebody else" in page.content.decode()
    assert visit().booked_on == date(2025, 7, 8)


def test_an_unknown_act_changes_nothing(nurse, path):
    assert nurse.send(path, "burn").status_code == 200
    assert visit().revision == 0


@pytest.mark.parametrize("code", ["UNS", "M7"])
def test_only_scheduled_visits_are_booked(nurse, consulted, code):
    assert nurse.open(f"/patients/{consulted.uuid}/visits/{code}/book/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_do_not_book(hand, path, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert (other.open(path).status_code, other.send_again(path, {}).status_code) == (status, status)
