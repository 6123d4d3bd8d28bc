"""A site closes and opens days; who is booked on a closed day is booked anew."""

from datetime import date

import pytest

from tests.factories import SiteCalendarDayFactory
from visits.models import SiteCalendarDay, Visit
from visits.selectors import working_days

pytestmark = pytest.mark.django_db
PATH = "/clinic/calendar/"


@pytest.fixture
def nurse(hand, nurse_a, frozen):
    return hand(nurse_a)


def entries():
    return {day.on.isoformat(): day.is_open for day in SiteCalendarDay.objects.all()}


def test_a_range_is_closed_with_its_note(nurse):
    nurse.send(PATH, "close", first="2025-07-10", last="2025-07-11", note="Move to the new building")
    assert entries() == {"2025-07-10": False, "2025-07-11": False}
    assert "Move to the new building" in nurse.open(f"{PATH}?month=2025-07-01").content.decode()


def test_a_saturday_is_opened(nurse, site_01):
    nurse.send(PATH, "open", first="2025-07-12")
    assert working_days([site_01.pk])[site_01.pk](date(2025, 7, 12))


def test_closing_an_open_day_replaces_the_entry(nurse):
    nurse.send(PATH, "open", first="2025-07-12")
    nurse.send(PATH, "close", first="2025-07-12")
    assert entries() == {"2025-07-12": False}
    assert SiteCalendarDay.objects.get().events.count() == 2


def test_an_entry_is_taken_out(nurse):
    nurse.send(PATH, "close", first="2025-07-10")
    nurse.send_again(PATH, {"clear": "2025-07-10"})
    nurse.send_again(PATH, {"clear": "2025-07-10"})
    assert entries() == {}


def test_bookings_on_a_closed_day_lead_to_a_new_booking(nurse, consulted):
    nurse.send(f"/patients/{consulted.uuid}/visits/M6/book/", "book", booked_on="2025-07-10")
    assert nurse.open(PATH).context["calendar"].on_closed_days == ()
    nurse.send(PATH, "close", first="2025-07-10")
    page = nurse.open(PATH)
    assert [one.subject_id for one in page.context["calendar"].on_closed_days] == ["01-101"]
    assert f"/patients/{consulted.uuid}/visits/M6/book/" in page.content.decode()
    nurse.send(f"/patients/{consulted.uuid}/visits/M6/book/", "book", booked_on="2025-07-11")
    assert nurse.open(PATH).context["calendar"].on_closed_days == ()


def test_closing_days_moves_what_is_suggested(nurse, consulted):
    nurse.send(PATH, "close", first="2025-07-07", last="2025-07-08")
    page = nurse.open(f"/patients/{consulted.uuid}/visits/M6/book/")
    assert page.context["booking"].suggested_on == date(2025, 7, 4)
    assert Visit.objects.get(visit="M6").revision == 0


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2025-07-10", "2025-07-09", "before the first"),
        ("2025-07-10", "2026-07-09", "check the year"),
        ("", "", "required"),
        ("soon", "", "valid date"),
    ],
)
def test_a_range_that_cannot_be_meant_is_refused(nurse, first, last, sentence):
    assert sentence in nurse.send(PATH, "close", first=first, last=last).content.decode()
    assert entries() == {}


def test_a_nurse_sees_and_changes_the_own_site_only(nurse, hand, nurse_b, site_01, site_02, client):
    SiteCalendarDayFactory(site=site_02, on=date(2025, 7, 10), note="Theirs")
    assert "Theirs" not in nurse.open(PATH).content.decode()
    assert nurse.open(f"{PATH}?site=02").status_code == 404
    assert nurse.send_again(f"{PATH}?site=02", {"first": "2025-07-11"}).status_code == 404
    nurse.send_again(PATH, {"clear": "2025-07-10"})
    assert entries() == {"2025-07-10": False}


def test_a_person_of_two_sites_chooses(hand, person, site_01, site_02, frozen):
    both = hand(person("both", "nurse", site_01, site_02))
    assert "?site=02" in both.open(PATH).content.decode()
    both.send_again(f"{PATH}?site=02", {"first": "2025-07-10", "action": "close"})
    assert SiteCalendarDay.objects.get().site == site_02
