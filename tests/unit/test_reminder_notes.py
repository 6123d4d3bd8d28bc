"""A patient is told that a visit was missed, moved or cancelled: once, and so that a calendar follows."""

from datetime import date, time, timedelta

import pytest
from django.core import mail
from icalendar import Calendar

from patients.services import opt_out
from reminders.models import Reminder
from reminders.services import plan_reminders, send_reminders
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul
from visits.services.booking import book_visit, cancel_booking
from visits.services.recording import mark_did_not_come

pytestmark = pytest.mark.django_db

BOOKED_ON = date(2025, 7, 10)  # a Thursday
REMINDED_ON = BOOKED_ON - timedelta(days=7)


@pytest.fixture
def clock(time_machine):
    return lambda day, hour=12: time_machine.move_to(seoul(day, hour), tick=False)


@pytest.fixture
def visit(site_01, clock):
    """Booked for 10 July; the reminder of 3 July has brought a calendar entry."""
    visit = expected_visit(
        patient_with_mail(site=site_01, contact__language="en"),
        booked_on=BOOKED_ON, booked_time=time(10), booked_at=seoul(date(2025, 6, 1)),
    )  # fmt: skip
    clock(REMINDED_ON, 9)
    sweep(REMINDED_ON, 9)
    mail.outbox.clear()
    clock(REMINDED_ON)
    return visit


def sweep(day, hour=12):
    plan_reminders(on=day)
    return send_reminders(at=seoul(day, hour)).sent


def calendar(message):
    [part] = [p for p in message.message().walk() if p.get_content_type() == "text/calendar"]
    entry = Calendar.from_ical(part.get_payload(decode=True))
    [event] = entry.walk("VEVENT")
    assert part.get_param("method") == entry["method"]
    return entry["method"], event


def kinds():
    return [row.kind for row in Reminder.objects.filter(state="SENT").order_by("sent_at", "pk")]


def test_a_moved_visit_moves_the_entry_in_the_calendar(visit, nurse_a):
    book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 17), booked_time=time(14))
    assert sweep(REMINDED_ON) == 1
    method, event = calendar(mail.outbox[0])
    visit.refresh_from_db()
    assert (method, event["uid"], event["status"]) == ("PUBLISH", str(visit.uuid), "CONFIRMED")
    assert (event["sequence"], event.decoded("dtstart")) == (visit.revision, seoul(date(2025, 7, 17), 14))
    assert "moved" in mail.outbox[0].subject
    assert sweep(REMINDED_ON) == 0


def test_a_cancelled_visit_takes_the_entry_out(visit, nurse_a):
    cancel_booking(by=nurse_a, visit=visit)
    assert sweep(REMINDED_ON) >= 1
    method, event = calendar(mail.outbox[0])
    visit.refresh_from_db()
    assert (method, event["uid"], event["status"]) == ("CANCEL", str(visit.uuid), "CANCELLED")
    assert (event["sequence"], event.decoded("dtstart")) == (visit.revision, seoul(BOOKED_ON, 10))
    mail.outbox.clear()
    assert sweep(REMINDED_ON + timedelta(days=1)) == 0


def test_what_was_moved_and_moved_back_before_anybody_was_told_is_not_spoken_of(visit, nurse_a):
    book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 17), booked_time=time(14))
    book_visit(by=nurse_a, visit=visit, booked_on=BOOKED_ON, booked_time=time(10))
    assert sweep(REMINDED_ON) == 0
    assert Reminder.objects.get(kind="MOVED").state == "SUPERSEDED"


def test_a_second_move_on_the_same_day_is_told_the_day_after(visit, nurse_a, clock):
    for number, day in enumerate((17, 18)):
        book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, day), booked_time=time(14))
        assert sweep(REMINDED_ON) == 1 - number
    clock(REMINDED_ON + timedelta(days=1))
    assert sweep(REMINDED_ON + timedelta(days=1)) == 1
    assert "18 July" in mail.outbox[-1].body


def test_a_note_that_could_not_go_today_is_not_doubled_tomorrow(visit, nurse_a):
    book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 17), booked_time=time(14))
    assert sweep(REMINDED_ON, 22) == 0
    assert sweep(REMINDED_ON + timedelta(days=1), 9) == 1
    assert Reminder.objects.filter(kind="MOVED").count() == 1


def test_nobody_is_told_of_a_move_whose_first_day_was_never_mailed(site_01, nurse_a, clock):
    clock(date(2025, 6, 20))
    visit = expected_visit(patient_with_mail(site=site_01), booked_on=BOOKED_ON)
    book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 17))
    assert not Reminder.objects.filter(kind="MOVED").exists()


def test_who_did_not_come_is_written_to_on_the_next_working_day(visit, nurse_a, clock):
    clock(BOOKED_ON)
    sweep(BOOKED_ON)
    assert "MISSED_VISIT" not in kinds()
    mark_did_not_come(by=nurse_a, visit=visit)
    assert sweep(BOOKED_ON) == 0
    mail.outbox.clear()
    assert [sweep(BOOKED_ON + timedelta(days=1), hour) for hour in (8, 9, 10)] == [0, 1, 0]
    assert "10 July" in mail.outbox[0].body
    assert not [
        part for part in mail.outbox[0].message().walk() if part.get_content_type() == "text/calendar"
    ]


def test_who_was_given_another_day_is_not_told_of_the_missed_one(visit, nurse_a, clock):
    clock(BOOKED_ON)
    mark_did_not_come(by=nurse_a, visit=visit)
    book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 18))
    sweep(BOOKED_ON + timedelta(days=1), 9)
    row = Reminder.objects.get(kind="MISSED_VISIT")
    assert (row.state, row.reason) == ("SUPERSEDED", "BOOKED")


def test_opting_out_ends_the_notes_too(visit, nurse_a):
    opt_out(visit.patient.contact.opt_out_token)
    cancel_booking(by=nurse_a, visit=visit)
    assert sweep(REMINDED_ON) == 0
    assert {row.reason for row in Reminder.objects.filter(kind="CANCELLED")} == {"OPTED_OUT"}
