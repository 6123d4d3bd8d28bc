"""Book a visit, cancel it, say that nobody came or that it will not take place."""

from datetime import date, time

import pytest

from tests.factories import (
    DispositionFactory,
    EnrolmentFactory,
    OutcomeFactory,
    PatientFactory,
    SiteCalendarDayFactory,
    VisitFactory,
)
from visits.models import Visit
from visits.services import project_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/book/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def other_booking(site_01):
    other = PatientFactory(subject_id="01-102", site=site_01)
    return VisitFactory(patient=other, visit="M9", booked_on=date(2025, 7, 8), booked_time=time(9, 15))


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


def test_a_closed_day_is_asked_for(nurse, path):
    page = nurse.send(path, "book", booked_on="2025-07-12")
    assert "The clinic is closed on 12 Jul 2025: weekend." in page.content.decode()
    nurse.send(path, "book", booked_on="2025-07-12", **{"confirm-confirmed": page.context["mark"]})
    assert visit().booked_on == date(2025, 7, 12)


def test_a_day_outside_the_window_needs_a_confirmation_and_its_reason(nurse, path):
    page = nurse.send(path, "book", booked_on="2025-08-01")
    assert "outside the window" in page.content.decode() and visit().booked_on is None
    confirmed = {"booked_on": "2025-08-01", "confirm-confirmed": page.context["mark"]}
    page = nurse.send(path, "book", **confirmed)
    assert "Say why the day is outside the window" in page.content.decode() and visit().booked_on is None
    nurse.send(path, "book", **confirmed, booking_reason="Abroad until then")
    assert visit().booked_on == date(2025, 8, 1)
    assert visit().events.latest("pgh_id").pgh_context["reason"] == "Abroad until then"


def test_the_time_of_another_patient_is_said_and_may_be_confirmed(nurse, path, other_booking):
    page = nurse.send(path, "book", booked_on="2025-07-08", booked_time="09:15")
    assert "01-102 is booked at" in page.content.decode() and visit().booked_on is None


def test_the_other_bookings_of_the_chosen_day_are_shown(nurse, path, other_booking):
    page = nurse.open(f"{path}?day=2025-07-08")
    assert [one.subject_id for one in page.context["booking"].others] == ["01-102"]
    assert page.context["form"].initial["booked_on"] == date(2025, 7, 8)


def test_the_month_shows_window_holidays_and_own_closed_days(nurse, path, site_01):
    SiteCalendarDayFactory(site=site_01, on=date(2025, 7, 9), note="Audit")
    days = month_days(nurse.open(path))
    assert (days[date(2025, 7, 9)].why, days[date(2025, 7, 9)].is_closed) == ("Audit", True)
    assert days[date(2025, 7, 6)].is_target and days[date(2025, 7, 7)].is_suggested
    assert [on.day for on, day in days.items() if day.is_in_window and on.month == 7] == list(range(1, 21))
    october = month_days(nurse.open(f"{path}?month=2025-10-01"))
    assert october[date(2025, 10, 9)].why == "Hangul Day"


def month_days(page):
    return {day.on: day for week in page.context["booking"].month.weeks for day in week}


def test_a_day_that_has_passed_is_refused(nurse, path):
    page = nurse.send(path, "book", booked_on="2025-07-04")
    assert "A day that has passed cannot be booked" in page.content.decode()
    assert visit().booked_on is None


def test_nothing_is_booked_after_death(nurse, path, consulted):
    OutcomeFactory(patient=consulted, kind="DEATH", on=date(2025, 7, 1))
    page = nurse.send(path, "book", booked_on="2025-07-08")
    assert "This visit does not take place" in page.content.decode()
    assert visit().booked_on is None


def test_a_visit_after_the_end_of_the_study_is_shown_with_a_warning(nurse, site_01, system):
    late = PatientFactory(site=site_01, first_dose_on=date(2025, 5, 7))
    EnrolmentFactory(patient=late, enrolled_on=date(2025, 5, 1))
    project_visits(by=system, patient_ids=[late.pk])
    warned = "after the study is to be complete (30 Apr 2030)"
    pages = {code: nurse.open(f"/patients/{late.uuid}/visits/{code}/book/") for code in ("M57", "M60")}
    assert {code: warned in page.content.decode() for code, page in pages.items()} == {
        "M57": False,
        "M60": True,
    }


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


def test_two_visits_of_one_time_may_be_one_contact(hand, nurse_a, consulted, system):
    DispositionFactory(
        patient=consulted,
        record="TREATMENT",
        reason="PHYSICIAN DECISION",
        ended_on=date(2025, 6, 20),
        last_dose_on=date(2025, 6, 20),
    )
    project_visits(by=system, patient_ids=[consulted.pk])
    nurse = hand(nurse_a)
    page = nurse.open(f"/patients/{consulted.uuid}/visits/CTR/book/").content.decode()
    assert "Due at the same time: Month 3 long-term follow-up. One contact may serve both" in page
    assert (
        "Due at the same time"
        not in nurse.open(f"/patients/{consulted.uuid}/visits/SFU/book/").content.decode()
    )
