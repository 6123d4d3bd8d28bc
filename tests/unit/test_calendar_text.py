"""The calendar file, read letter by letter as RFC 5545 and RFC 5546 want it, by no library but this page."""

import re
from datetime import date, time

import pytest
from django.utils.translation import override

from reminders.calendars import Entry, appointment_calendar
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul
from tests.unit.test_reminder_mails import site_of_patients
from visits.models import Visit
from visits.services import book_visit

pytestmark = pytest.mark.django_db

NOW = seoul(date(2025, 7, 1))
LONG = "아주 긴 이름을 가진 서울의 한 대학병원 내과 외래; 본관, 2층 \\ 끝 " * 4
MOST_OCTETS = 75


def visit_at(**lines):
    return expected_visit(patient_with_mail(site=site_of_patients(**lines)))


def raw(visit, entry, language="ko"):
    with override(language):
        return appointment_calendar(visit, entry, language=language, now=NOW).encode()


def lines(calendar):
    """Content lines, unfolded, after every physical line was found to be well made."""
    assert calendar.endswith(b"\r\n")
    physical = calendar[:-2].split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in physical)
    assert max(map(len, physical)) <= MOST_OCTETS
    for line in physical:
        line.decode()  # no letter is cut in two
    return calendar[:-2].replace(b"\r\n ", b"").decode().split("\r\n")


def values(calendar, name):
    return [line.partition(":")[2] for line in lines(calendar) if re.match(rf"{name}[;:]", line)]


TIMED, ALL_DAY, OFF = (
    Entry(date(2025, 7, 10), time(10, 30)),
    Entry(date(2025, 7, 10)),
    Entry(date(2025, 7, 10), time(10, 30), is_cancelled=True),
)


@pytest.mark.parametrize("entry", [TIMED, ALL_DAY, OFF], ids=["timed", "all_day", "cancelled"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_line_is_folded_and_each_component_closed(entry, language):
    open_components = []
    for line in lines(
        raw(visit_at(name_ko=LONG, place_ko=LONG, name_en=LONG, place_en=LONG), entry, language)
    ):
        name, _colon, value = line.partition(":")
        assert re.fullmatch(r"[A-Z-]+(;[A-Z-]+=(\"[^\"]*\"|[^\";:,]*))*", name), line
        if name == "BEGIN":
            open_components.append(value)
        if name == "END":
            assert open_components.pop() == value
    assert open_components == []


@pytest.mark.parametrize(
    ("entry", "method", "status"), [(TIMED, "PUBLISH", "CONFIRMED"), (OFF, "CANCEL", "CANCELLED")]
)
def test_what_must_be_there_is_there_once(entry, method, status):
    calendar = raw(visit_at(), entry)
    for name in (
        "VERSION",
        "PRODID",
        "METHOD",
        "UID",
        "DTSTAMP",
        "SEQUENCE",
        "STATUS",
        "ORGANIZER",
        "SUMMARY",
    ):
        assert len(values(calendar, name)) == 1, name
    assert (values(calendar, "METHOD"), values(calendar, "STATUS")) == ([method], [status])
    assert values(calendar, "VERSION") == ["2.0"]
    assert re.fullmatch(r"\d{8}T\d{6}Z", values(calendar, "DTSTAMP")[0])


def test_a_time_names_a_zone_that_the_file_explains():
    calendar = raw(visit_at(), TIMED)
    assert "DTSTART;TZID=Asia/Seoul:20250710T103000" in lines(calendar)
    assert values(calendar, "TZID") == ["Asia/Seoul"]
    assert set(values(calendar, "TZOFFSETTO")) == {"+0900"}


def test_a_day_without_a_time_is_a_date():
    assert "DTSTART;VALUE=DATE:20250710" in lines(raw(visit_at(), ALL_DAY))


def test_signs_that_mean_something_are_escaped():
    calendar = raw(visit_at(place_ko="1; 2, 3 \\ 4"), TIMED)
    assert values(calendar, "LOCATION") == [r"1\; 2\, 3 \\ 4"]


def test_a_uid_stays_and_its_sequence_only_grows(nurse_a, site_01, time_machine):
    time_machine.move_to(NOW, tick=False)
    visit = expected_visit(patient_with_mail(site=site_01))
    seen = []
    for day in (10, 11, 10, 14):
        book_visit(
            by=nurse_a, visit=visit, booked_on=date(2025, 7, day), booked_time=time(10), reason="Moved"
        )
        visit = Visit.objects.select_related("patient__site").get(pk=visit.pk)
        calendar = raw(visit, Entry(visit.booked_on, visit.booked_time))
        seen.append((values(calendar, "UID")[0], int(values(calendar, "SEQUENCE")[0])))
    assert {uid for uid, _sequence in seen} == {str(visit.uuid)}
    assert [sequence for _uid, sequence in seen] == sorted({sequence for _uid, sequence in seen})
