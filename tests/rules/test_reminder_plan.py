"""Which reminders a visit calls for, and whether a planned one still says the truth."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from protocol.codes import VisitStatus
from reminders.rules.plan import difference, planned_reminders, reason_not_to_send
from reminders.rules.reasons import Appointment, ContactFacts, Reason, VisitFacts

SEOUL = ZoneInfo("Asia/Seoul")
REMINDERS = load_protocol().reminders
DAY = date(2025, 9, 8)
ON = date(2025, 8, 20)
CONTACT = ContactFacts(email="p@example.org", language="ko", wants=True)
BOOKED = Appointment(DAY, time(10), is_booked=True)


def facts(appointment=BOOKED, status=VisitStatus.PLANNED, **fields):
    return VisitFacts(status, False, False, appointment, CONTACT, **fields)


def plan(known=None, on=ON):
    return planned_reminders(known or facts(), REMINDERS, SEOUL, on=on)


def test_an_appointment_is_reminded_of_seven_days_and_one_day_before_at_nine():
    assert [row.due_at.astimezone(UTC) for row in plan()] == [
        datetime(2025, 9, 1, 0, 0, tzinfo=UTC),
        datetime(2025, 9, 7, 0, 0, tzinfo=UTC),
    ]


def test_a_lead_time_that_is_switched_on_is_followed():
    three = planned_reminders(facts(), replace(REMINDERS, lead_days=(7, 3, 1)), SEOUL, on=ON)
    assert three[1].due_at.astimezone(UTC) == datetime(2025, 9, 5, 0, 0, tzinfo=UTC)


def test_what_a_row_says_is_what_the_appointment_is():
    row = plan()[0]
    assert (row.is_booked, row.recipient, row.lead_days) == (True, "p@example.org", 7)
    assert (row.due_on, row.appointment_on, row.appointment_time) == (date(2025, 9, 1), DAY, time(10))


@pytest.mark.parametrize(("on", "rows"), [(DAY, 2), (DAY + timedelta(days=1), 0)])
def test_nothing_is_planned_for_a_day_that_has_passed(on, rows):
    assert len(plan(on=on)) == rows


def test_nothing_is_planned_without_a_day():
    assert plan(facts(appointment=None)) == ()


def test_an_unbooked_visit_that_will_not_take_place_is_not_spoken_of():
    assert plan(facts(Appointment(DAY), VisitStatus.CANCELLED)) == ()


def test_a_booked_visit_that_will_not_take_place_has_its_reason():
    assert {row.reason for row in plan(facts(status=VisitStatus.CANCELLED))} == {Reason.TREATMENT_ENDED}


@pytest.mark.parametrize(
    ("minutes", "reasons"),
    [
        (-1, [None, None]),
        (0, [None, None]),
        (1, [Reason.BOOKED_INSIDE_LEAD, None]),
        (6 * 24 * 60 + 1, [Reason.BOOKED_INSIDE_LEAD] * 2),
    ],
)
def test_a_booking_made_inside_a_lead_time_skips_that_reminder(minutes, reasons):
    booked_at = datetime(2025, 9, 1, 9, 0, tzinfo=SEOUL) + timedelta(minutes=minutes)
    known = facts(replace(BOOKED, booked_at=booked_at))
    assert [row.reason for row in plan(known)] == reasons


CHANGES = [
    (replace(BOOKED, on=DAY + timedelta(days=1)), VisitStatus.PLANNED, Reason.MOVED),
    (replace(BOOKED, at=time(11)), VisitStatus.PLANNED, Reason.MOVED),
    (replace(BOOKED, at=None), VisitStatus.PLANNED, Reason.MOVED),
    (Appointment(DAY), VisitStatus.PLANNED, Reason.BOOKING_CANCELLED),
    (None, VisitStatus.MISSED, Reason.BOOKING_CANCELLED),
    (BOOKED, VisitStatus.PLANNED, None),
]


@pytest.mark.parametrize(("now", "status", "reason"), CHANGES)
def test_a_booking_that_changed_is_found(now, status, reason):
    assert difference(plan()[0], facts(now, status)) is reason


UNBOOKED_CHANGES = [
    (BOOKED, VisitStatus.PLANNED, Reason.BOOKED),
    (Appointment(DAY + timedelta(days=1)), VisitStatus.PLANNED, Reason.MOVED),
    (None, VisitStatus.MISSED, Reason.DAY_PASSED),
    (None, None, Reason.VISIT_REMOVED),
]


@pytest.mark.parametrize(("now", "status", "reason"), UNBOOKED_CHANGES)
def test_a_suggested_day_that_changed_is_found(now, status, reason):
    row = plan(facts(Appointment(DAY)))[0]
    assert difference(row, facts(now, status)) is reason


def test_another_address_is_found_first():
    moved = replace(facts(replace(BOOKED, at=time(11))), contact=replace(CONTACT, email="q@example.org"))
    assert difference(plan()[0], moved) is Reason.ADDRESS_CHANGED


def check(known, now, **named):
    return reason_not_to_send(plan()[1], known, now=now, zone=SEOUL, **named)


MORNING = datetime(2025, 9, 7, 9, 0, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("known", "now", "reason"),
    [
        (facts(), MORNING, None),
        (None, MORNING, Reason.VISIT_REMOVED),
        (facts(has_died=True), MORNING, Reason.DIED),
        (facts(), datetime(2025, 9, 8, 9, 59, tzinfo=SEOUL), None),
        (facts(), datetime(2025, 9, 8, 10, 0, tzinfo=SEOUL), Reason.DAY_PASSED),
        (facts(replace(BOOKED, booked_at=MORNING + timedelta(hours=1))), MORNING, Reason.BOOKED_INSIDE_LEAD),
    ],
)
def test_the_check_before_sending(known, now, reason):
    assert check(known, now) is reason


def test_a_later_reminder_takes_the_place_of_an_earlier_one():
    assert check(facts(), MORNING, later_one_is_due=True) is Reason.LATER_REMINDER


APPOINTMENTS = st.builds(
    Appointment,
    on=st.dates(date(2025, 8, 1), date(2025, 10, 1)),
    at=st.none() | st.times(),
    is_booked=st.just(True) | st.just(False),
)


@given(appointment=APPOINTMENTS)
def test_what_was_just_planned_has_not_changed(appointment):
    known = facts(appointment)
    assert all(difference(row, known) is None for row in plan(known))


@given(appointment=APPOINTMENTS, minutes=st.integers(-60 * 24 * 30, 60 * 24 * 60))
def test_nothing_goes_out_after_the_appointment(appointment, minutes):
    now = datetime(2025, 8, 20, 9, 0, tzinfo=SEOUL) + timedelta(minutes=minutes)
    known = facts(appointment)
    for row in plan(known):
        if reason_not_to_send(row, known, now=now, zone=SEOUL) is None:
            assert now.date() <= appointment.on


def test_contacts_by_telephone_are_those_of_the_protocol():
    codes = {visit.code for visit in load_protocol().schedule if visit.is_by_telephone}
    assert {"CTR", "OS6"} <= codes
    assert not codes & {"D1", "M6", "M60", "EOT", "SFU", "LT3"}
