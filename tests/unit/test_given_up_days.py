"""A booked day given up because treatment or participation ends: told once, to who knew of it; never after a death."""

from datetime import date, time, timedelta

import pytest
from django.core import mail
from icalendar import Calendar

from patients.services import opt_out, record_disposition, record_outcome
from reminders.models import Reminder
from reminders.services import plan_reminders, send_reminders
from tests.factories import ConsentFactory, ContactFactory, EnrolmentFactory, PatientFactory
from tests.unit.reminder_cast import seoul
from visits.services import book_visit, project_visits

pytestmark = pytest.mark.django_db

BOOKED_ON = date(2025, 7, 10)
BOOKED_AT, REMINDED_ON = date(2025, 6, 20), date(2025, 7, 3)


@pytest.fixture
def clock(time_machine):
    return lambda day, hour=9: time_machine.move_to(seoul(day, hour), tick=False)


@pytest.fixture
def patient(site_01, system, clock):
    """Month 9 is booked early, for 10 July."""
    clock(BOOKED_AT)
    patient = PatientFactory(site=site_01)
    EnrolmentFactory(patient=patient)
    ConsentFactory(patient=patient)
    ContactFactory(patient=patient, language="en")
    project_visits(by=system, patient_ids=[patient.pk])
    month_9 = patient.visits.get(visit="M9")
    book_visit(by=system, visit=month_9, booked_on=BOOKED_ON, booked_time=time(10), reason="Early")
    return patient


@pytest.fixture
def told(patient, clock):
    """The reminder of 3 July has brought the day into the patient's calendar."""
    sweep(clock, REMINDED_ON, 9)
    assert sent_calendars() == [("PUBLISH", seoul(BOOKED_ON, 10))]
    mail.outbox.clear()
    clock(REMINDED_ON, 12)
    return patient


def sweep(clock, day, hour):
    clock(day, hour)
    plan_reminders(on=day)
    send_reminders(at=seoul(day, hour))


def sweep_until_the_day(clock):
    for day in range(8):
        sweep(clock, REMINDED_ON + timedelta(days=day), 13)
    return sent_calendars()


def sent_calendars():
    """What the mails said to the patient's calendar; those about a day that is only planned say nothing to it."""
    parts = [part for message in mail.outbox for part in message.message().walk()]
    attached = [part for part in parts if part.get_content_type() == "text/calendar"]
    return [entry_of(Calendar.from_ical(part.get_payload(decode=True))) for part in attached]


def entry_of(calendar):
    return str(calendar["method"]), calendar.walk("VEVENT")[0].decoded("dtstart")


def stop(patient, by):
    on = REMINDED_ON
    said = {"record": "TREATMENT", "ended_on": on, "why": "PHYSICIAN DECISION", "last_dose_on": on}
    record_disposition(by=by, patient=patient, **said)


def leave(patient, by):
    said = {"record": "PARTICIPATION", "ended_on": REMINDED_ON, "why": "WITHDRAWAL BY SUBJECT"}
    record_disposition(by=by, patient=patient, **said)


def die(patient, by):
    record_outcome(by=by, patient=patient, kind="DEATH", on=REMINDED_ON, last_dose_on=REMINDED_ON)


@pytest.mark.parametrize("end", [stop, leave])
def test_who_was_told_of_the_day_is_told_once_that_it_is_off(told, nurse_a, clock, end):
    end(told, nurse_a)
    assert sweep_until_the_day(clock) == [("CANCEL", seoul(BOOKED_ON, 10))]
    assert [message.subject for message in mail.outbox if "cancelled" in message.subject]


@pytest.mark.parametrize("end", [stop, leave])
def test_who_was_told_of_nothing_hears_nothing(patient, nurse_a, clock, end):
    clock(REMINDED_ON, 8)
    end(patient, nurse_a)
    assert sweep_until_the_day(clock) == []


def test_nobody_hears_of_an_appointment_of_who_died(told, nurse_a, clock):
    die(told, nurse_a)
    assert sweep_until_the_day(clock) == []


def test_death_keeps_back_the_note_that_was_planned_before(told, nurse_a, clock):
    clock(REMINDED_ON, 22)
    stop(told, nurse_a)
    assert Reminder.objects.filter(kind="CANCELLED", state="PLANNED").exists()
    record_outcome(by=nurse_a, patient=told, kind="DEATH", on=REMINDED_ON)
    assert sweep_until_the_day(clock) == []
    assert Reminder.objects.get(kind="CANCELLED").reason == "DIED"


@pytest.mark.parametrize("end", [stop, leave])
def test_who_has_opted_out_hears_nothing(told, nurse_a, clock, end):
    opt_out(told.contact.opt_out_token)
    end(told, nurse_a)
    assert sweep_until_the_day(clock) == []
