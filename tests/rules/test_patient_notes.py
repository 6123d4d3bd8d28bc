"""Messages because something happened: did not come, moved, cancelled; when they are planned and when they are not."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from protocol import load_protocol
from protocol.codes import VisitStatus
from reminders.rules.kinds import Kind
from reminders.rules.notes import planned_notes
from reminders.rules.plan import reason_not_to_send
from reminders.rules.reasons import Appointment, ContactFacts, Missed, Reason, Told, VisitFacts

SEOUL = ZoneInfo("Asia/Seoul")
REMINDERS = load_protocol().reminders
FRIDAY, MONDAY = date(2025, 9, 5), date(2025, 9, 8)
CONTACT = ContactFacts(email="p@example.org", language="ko", wants=True)
MISSED = Missed(FRIDAY, time(10), MONDAY, FRIDAY + timedelta(days=7))
DAY, OTHER = date(2025, 9, 15), date(2025, 9, 17)


def facts(appointment=None, status=VisitStatus.DUE, **fields):
    return VisitFacts(status, False, False, appointment, CONTACT, **fields)


def booked(on, at=None):
    return Appointment(on, at, is_booked=True)


DID_NOT_COME = facts(booked(FRIDAY, time(10)), missed=MISSED)
MOVED = facts(booked(OTHER, time(11)), told=Told(DAY, time(10)))
CANCELLED = facts(Appointment(OTHER), told=Told(DAY, time(10)))


def notes(known, on=MONDAY):
    return planned_notes(known, REMINDERS, SEOUL, on=on)


def sent(known, planned_for, now, **more):
    [note] = notes(planned_for)
    return reason_not_to_send(note, known, now=now, zone=SEOUL, **more)


@pytest.mark.parametrize(
    ("known", "kind", "due_at", "speaks_of"),
    [
        (DID_NOT_COME, Kind.MISSED_VISIT, datetime(2025, 9, 8, 9, tzinfo=SEOUL), (FRIDAY, time(10))),
        (MOVED, Kind.MOVED, datetime(2025, 9, 8, 8, tzinfo=SEOUL), (OTHER, time(11))),
        (CANCELLED, Kind.CANCELLED, datetime(2025, 9, 8, 8, tzinfo=SEOUL), (DAY, time(10))),
    ],
)
def test_each_note_has_its_hour_and_its_day(known, kind, due_at, speaks_of):
    [note] = notes(known)
    assert (note.kind, note.due_at, note.reason) == (kind, due_at, None)
    assert (note.appointment_on, note.appointment_time) == speaks_of


@pytest.mark.parametrize(
    "known",
    [
        facts(booked(FRIDAY, time(10))),  # nobody has said that the patient did not come
        facts(booked(DAY, time(10)), told=Told(DAY, time(10))),  # the calendar is right
        facts(booked(DAY), told=Told(FRIDAY)),  # the day in the calendar is over
        facts(Appointment(OTHER)),  # no calendar holds anything
        facts(booked(FRIDAY), told=Told(DAY)),  # moved to a day that has passed
        *(replace(each, has_died=True) for each in (DID_NOT_COME, MOVED, CANCELLED)),
        *(replace(each, has_left=True) for each in (DID_NOT_COME, MOVED)),
        *(replace(each, has_occurred=True) for each in (DID_NOT_COME, MOVED, CANCELLED)),
        *(replace(each, status=VisitStatus.CANCELLED) for each in (DID_NOT_COME, MOVED)),
    ],
)
def test_nothing_is_said_without_need(known):
    assert notes(known) == ()


# What is said of a day that a patient's calendar holds and that does not stand any more.
@pytest.mark.parametrize(
    ("what", "told_it_is_off"),
    [
        ({}, True),  # the clinic took it back
        ({"status": VisitStatus.CANCELLED}, True),  # treatment has ended
        ({"has_left": True}, True),
        ({"has_died": True}, False),
        ({"has_died": True, "has_left": True}, False),
        ({"has_occurred": True}, False),
        ({"not_done": True}, False),
        ({"told": None}, False),  # nobody had told them of it
    ],
)
def test_who_is_told_that_a_day_is_off(what, told_it_is_off):
    known = replace(CANCELLED, **what)
    assert [note.kind for note in notes(known)] == [Kind.CANCELLED] * told_it_is_off
    reason = reason_not_to_send(notes(CANCELLED)[0], known, now=NOW, zone=SEOUL)
    assert told_it_is_off or known.told is None or reason is not None


@pytest.mark.parametrize(("days", "count"), [(0, 1), (7, 1), (8, 0)])
def test_a_missed_visit_is_not_spoken_of_for_ever(days, count):
    assert len(notes(DID_NOT_COME, FRIDAY + timedelta(days=days))) == count


@pytest.mark.parametrize("known", [DID_NOT_COME, MOVED, CANCELLED])
def test_who_has_opted_out_is_written_to_no_more(known):
    out = replace(known, contact=replace(CONTACT, has_opted_out=True))
    assert [note.reason for note in notes(out)] == [Reason.OPTED_OUT]


def test_a_note_that_waits_keeps_its_day():
    waiting = replace(MOVED, told=Told(DAY, time(10), note_on=FRIDAY))
    assert notes(waiting)[0].due_on == FRIDAY


NOW = datetime(2025, 9, 8, 9, 30, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("known", "planned_for", "reason"),
    [
        (DID_NOT_COME, DID_NOT_COME, None),
        (facts(booked(DAY)), DID_NOT_COME, Reason.BOOKED),
        (facts(Appointment(DAY)), DID_NOT_COME, Reason.BOOKING_CANCELLED),
        (facts(booked(OTHER), missed=replace(MISSED, on=MONDAY)), DID_NOT_COME, Reason.BOOKED),
        (MOVED, MOVED, None),
        (facts(booked(OTHER, time(12)), told=Told(DAY)), MOVED, Reason.MOVED),
        (CANCELLED, CANCELLED, None),
        (facts(None, told=Told(DAY)), CANCELLED, None),
        (facts(booked(OTHER)), CANCELLED, Reason.BOOKED),
        (replace(CANCELLED, has_died=True), CANCELLED, Reason.DIED),
    ],
)
def test_the_check_before_sending(known, planned_for, reason):
    assert sent(known, planned_for, NOW) == reason


def test_a_missed_note_that_was_held_up_for_a_week_is_left_out():
    late = datetime(2025, 9, 13, 9, tzinfo=SEOUL)
    assert sent(DID_NOT_COME, DID_NOT_COME, late) == Reason.DAY_PASSED


@pytest.mark.parametrize("known", [DID_NOT_COME, CANCELLED, MOVED])
def test_no_later_reminder_takes_the_place_of_a_note(known):
    assert sent(known, known, NOW, later_one_is_due=True) is None


def test_a_move_that_a_reminder_has_told_meanwhile_is_left_out():
    told = replace(MOVED, told=Told(OTHER, time(11)))
    assert sent(told, MOVED, NOW) == Reason.LATER_REMINDER


def test_a_move_made_today_is_told_however_late_it_was_booked():
    late = replace(MOVED, appointment=replace(MOVED.appointment, booked_at=NOW))
    assert sent(late, MOVED, NOW) is None
