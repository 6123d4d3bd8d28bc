"""The sheet and the calendar file that a patient takes home."""

from datetime import UTC, date, datetime, time

import icalendar
import pytest

from audit import recording
from tests.factories import ContactFactory
from visits.models import Visit
from visits.services import book_visit, cancel_booking

pytestmark = pytest.mark.django_db
FORBIDDEN = (
    "imatinib",
    "이매티닙",
    "GIST",
    "AMC2202",
    "NCT05385549",
    "01-101",
    "Month",
    "개월",
    "M6",
    "M9",
    "400",
)


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def booked(consulted, nurse_a):
    visit = consulted.visits.get(visit="M6")
    return book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 10), booked_time=time(9, 30))


def sheet(consulted):
    return f"/patients/{consulted.uuid}/schedule/"


def events_of(answer):
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def test_booked_days_come_first_and_others_ask_for_a_call(nurse, booked, consulted):
    page = nurse.open(f"{sheet(consulted)}?language=en")
    assert [(day.on, day.is_booked) for day in page.context["days"]] == [
        (date(2025, 7, 10), True),
        (date(2025, 10, 10), False),  # 6 October is Chuseok, and the days around it are holidays
        (date(2026, 1, 6), False),
        (date(2026, 4, 6), False),
        (date(2026, 7, 6), False),
    ]
    body = page.content.decode()
    assert "Thursday" in body and "please call us" in body and "+82 2 0000 0000" in body


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_says_nothing_of_study_drug_or_visit(nurse, booked, consulted, site_01, system, language):
    with recording(by=system, reason="Test"):
        site_01.bring_ko, site_01.bring_en = "복용 중인 약 봉투", "Your medicine bags"
        site_01.save()
    pages = [nurse.open(f"{sheet(consulted)[:-1]}{end}?language={language}") for end in ("/", ".ics")]
    texts = [page.content.decode().replace(str(consulted.uuid), "") for page in pages]
    assert [word for text in texts for word in FORBIDDEN if word in text] == []
    assert ("복용 중인 약 봉투" if language == "ko" else "Your medicine bags") in texts[0]


@pytest.mark.parametrize(
    ("spoken", "asked", "expected"),
    [("en", "", "en"), ("", "", "ko"), ("ko", "en", "en"), ("ko", "xx", "ko")],
)
def test_the_language_is_the_patients_unless_another_is_asked_for(nurse, consulted, spoken, asked, expected):
    ContactFactory(patient=consulted, language=spoken)
    page = nurse.open(f"{sheet(consulted)}?language={asked}")
    assert f'<html lang="{expected}">' in page.content.decode()


def test_nothing_planned_is_said(nurse, consulted, system):
    with recording(by=system, reason="Test"):
        Visit.objects.filter(patient=consulted).update(not_done=True)
    assert "No appointment is planned" in nurse.open(f"{sheet(consulted)}?language=en").content.decode()


def test_the_file_holds_booked_visits_in_clinic_time(nurse, booked, consulted):
    answer = nurse.open(f"/patients/{consulted.uuid}/schedule.ics?language=en")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events_of(answer)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(booked.uuid), 1, "CONFIRMED")
    assert event.decoded("DTSTART") == datetime(2025, 7, 10, 0, 30, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Asia/Seoul"


def test_a_moved_booking_keeps_its_uid_and_a_cancelled_one_is_taken_out(nurse, booked, consulted, nurse_a):
    book_visit(by=nurse_a, visit=booked, booked_on=date(2025, 7, 11))
    (moved,) = events_of(nurse.open(f"/patients/{consulted.uuid}/schedule.ics"))
    assert (moved["UID"], moved["SEQUENCE"]) == (str(booked.uuid), 2)
    assert moved.decoded("DTSTART") == date(2025, 7, 11)
    cancel_booking(by=nurse_a, visit=booked)
    (gone,) = events_of(nurse.open(f"/patients/{consulted.uuid}/schedule.ics"))
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (str(booked.uuid), 3, "CANCELLED")


def test_every_line_of_the_file_is_as_rfc_5545_wants_it(nurse, booked, consulted):
    raw = nurse.open(f"/patients/{consulted.uuid}/schedule.ics").content
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"") and lines[-1] == b""
    assert max(map(len, lines)) <= 75  # octets
    begun = [line[6:] for line in lines if line.startswith(b"BEGIN:")]
    ended = [line[4:] for line in lines if line.startswith(b"END:")]
    assert sorted(begun) == sorted(ended) and begun[0] == ended[-1] == b"VCALENDAR"
    for name in (b"UID", b"DTSTAMP", b"DTSTART", b"SEQUENCE"):
        assert sum(line.split(b":")[0].split(b";")[0] == name for line in lines) >= 1


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 200)])
def test_who_may_print_it(hand, consulted, request, who, status):
    other = hand(request.getfixturevalue(who))
    assert other.open(sheet(consulted)).status_code == status
    assert other.open(f"/patients/{consulted.uuid}/schedule.ics").status_code == status
