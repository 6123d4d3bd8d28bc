"""Who did not come is called, and the calls are counted."""

from datetime import date

import pytest

from patients.models import Disposition
from tests.factories import ContactAttemptFactory
from visits.models import ContactAttempt
from visits.selectors import contacts_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/contacts/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def test_did_not_come_leads_to_the_calls(nurse, path, consulted):
    nurse.send(f"/patients/{consulted.uuid}/visits/M6/book/", "book", booked_on="2025-07-07")
    answer = nurse.send(f"/patients/{consulted.uuid}/visits/M6/book/", "no_show")
    assert answer.headers["Location"] == path


def test_an_attempt_is_recorded_with_who_and_when(nurse, path, nurse_a):
    nurse.send(path, on="2025-07-07", channel="TELEPHONE", reached="no", note="No answer at 10:00")
    attempt = ContactAttempt.objects.get()
    assert (attempt.on, attempt.reached, attempt.recorded_by) == (date(2025, 7, 7), False, nurse_a)
    assert "No answer at 10:00" in nurse.open(path).content.decode()


def test_the_same_attempt_twice_is_one(nurse, path):
    typed = {"on": "2025-07-07", "channel": "TELEPHONE", "reached": "no"}
    nurse.send(path, **typed)
    assert "recorded already" in nurse.send(path, **typed).content.decode()
    assert ContactAttempt.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"on": "2025-07-08"}, "lies in the future"),
        ({"on": "soon"}, "valid date"),
        ({"channel": ""}, "required"),
        ({"reached": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said(nurse, path, typed, sentence):
    page = nurse.send(path, **({"on": "2025-07-07", "channel": "LETTER", "reached": "no"} | typed))
    assert sentence in page.content.decode()
    assert ContactAttempt.objects.count() == 0


def test_a_recorded_visit_needs_no_call(nurse, path, consulted):
    nurse.send(f"/patients/{consulted.uuid}/visits/M6/book/", "not_done", why="Moved abroad")
    page = nurse.send(path, on="2025-07-07", channel="LETTER", reached="no")
    assert "nobody has to be called" in page.content.decode()


def test_lost_to_follow_up_is_proposed_and_not_made(nurse, path, consulted, nurse_a, time_machine):
    time_machine.move_to("2025-11-03 10:00 +0900")  # the windows of Month 6 and Month 9 have closed
    for day in (20, 21):
        ContactAttemptFactory(visit=consulted.visits.get(visit="M9"), on=date(2025, 10, day))
    page = f"/patients/{consulted.uuid}/visits/M9/contacts/"
    assert "Lost to follow-up?" not in nurse.open(page).content.decode()
    nurse.send(page, on="2025-10-31", channel="LETTER", reached="no")
    body = nurse.open(page).content.decode()
    assert "Lost to follow-up?" in body and f"/patients/{consulted.uuid}/ends/new/" in body
    assert not Disposition.objects.exists()
    (due,) = contacts_due(nurse_a, on=date(2025, 11, 3))
    assert (due.visit.visit, due.due_on, due.is_lost_proposed) == ("M9", date(2025, 11, 3), True)
    assert len(due.attempts) == 3


def test_contacts_due_are_of_ones_own_sites(consulted, nurse_a, nurse_b):
    assert [each.visit.visit for each in contacts_due(nurse_a, on=date(2025, 7, 21))] == ["M6"]
    assert contacts_due(nurse_b, on=date(2025, 7, 21)) == []
    assert [each.visit.visit for each in contacts_due(nurse_a, on=date(2025, 7, 20))] == ["M3"]


@pytest.mark.parametrize("code", ["UNS", "M7"])
def test_only_scheduled_visits_are_called_about(nurse, consulted, code):
    assert nurse.open(f"/patients/{consulted.uuid}/visits/{code}/contacts/").status_code == 404
