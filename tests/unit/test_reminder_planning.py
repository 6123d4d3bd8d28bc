"""The plan of reminders: which rows a coming visit calls for, and what closes them."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import audit
from accounts.models import User
from patients.services import opt_out
from reminders.models import Reminder
from reminders.services import plan_reminders
from tests.factories import (
    DispositionFactory,
    OutcomeFactory,
    SiteCalendarDayFactory,
)
from tests.unit.reminder_cast import SUGGESTED_ON, expected_visit, patient_with_mail, seoul
from visits.models import Visit
from visits.services import book_visit

pytestmark = pytest.mark.django_db

ON = date(2025, 6, 23)
BOOKED_ON = date(2025, 7, 10)
LONG_AGO = seoul(date(2025, 5, 1))


def rows(**filters):
    found = Reminder.objects.filter(**filters).order_by("due_at", "pk")
    return list(found.values_list("kind", "due_on", "state", "reason"))


def change(record, **fields):
    with audit.recording(by=User.objects.system(), reason="Test"):
        type(record).objects.filter(pk=record.pk).update(**fields)


def test_plan_reminds_of_an_unbooked_visit_on_its_suggested_date():
    visit = expected_visit()
    plan_reminders(on=ON)
    assert rows(visit=visit) == [
        ("PLANNED_DATE", SUGGESTED_ON - timedelta(days=7), "PLANNED", ""),
        ("PLANNED_DATE", SUGGESTED_ON - timedelta(days=1), "PLANNED", ""),
    ]


def test_plan_reminds_of_a_booked_visit_on_its_day_at_nine():
    expected_visit(booked_on=BOOKED_ON, booked_time=time(10, 30), booked_at=LONG_AGO)
    plan_reminders(on=ON)
    first, second = Reminder.objects.all()
    assert (first.kind, first.due_at, first.appointment_time) == (
        "APPOINTMENT",
        seoul(date(2025, 7, 3)),
        time(10, 30),
    )
    assert (second.due_at, second.lead_days) == (seoul(date(2025, 7, 9)), 1)


@pytest.mark.parametrize("code", ["CTR", "OS6"])
def test_a_contact_by_telephone_asks_nobody_to_come(code):
    visit = expected_visit(visit=code)
    plan_reminders(on=ON)
    assert rows(visit=visit) == []


def test_a_contact_by_telephone_that_was_booked_is_reminded_of():
    visit = expected_visit(visit="OS6", booked_on=BOOKED_ON)
    plan_reminders(on=ON)
    assert {row[2] for row in rows(visit=visit)} == {"PLANNED"}


def test_plan_avoids_days_on_which_the_site_is_closed():
    patient = patient_with_mail()
    SiteCalendarDayFactory(site=patient.site, on=SUGGESTED_ON)
    expected_visit(patient)
    plan_reminders(on=ON)
    assert {row.appointment_on for row in Reminder.objects.all()} == {SUGGESTED_ON + timedelta(days=1)}


def test_plan_twice_writes_nothing_new():
    expected_visit()
    assert plan_reminders(on=ON).planned == 2
    before = list(Reminder.objects.values())
    report = plan_reminders(on=ON)
    assert (report.planned, report.changed, report.closed) == (0, 0, 0)
    assert list(Reminder.objects.values()) == before


def test_plan_leaves_visits_beyond_the_horizon_for_later():
    expected_visit()
    assert plan_reminders(on=date(2025, 5, 1)).planned == 0


def test_a_booking_made_inside_a_lead_time_skips_that_reminder():
    expected_visit(booked_on=BOOKED_ON, booked_at=seoul(date(2025, 7, 3), 9, 1))
    plan_reminders(on=date(2025, 7, 3))
    assert [row[2:] for row in rows()] == [("SKIPPED", "BOOKED_INSIDE_LEAD"), ("PLANNED", "")]


def close_by_death(visit):
    OutcomeFactory(patient=visit.patient, kind="DEATH", on=ON)


def close_by_withdrawal(visit):
    DispositionFactory(
        patient=visit.patient,
        record="PARTICIPATION",
        ended_on=ON,
        last_dose_on=None,
        reason="WITHDRAWAL BY SUBJECT",
    )


def close_by_end_of_treatment(visit):
    DispositionFactory(patient=visit.patient, ended_on=date(2025, 6, 1), last_dose_on=date(2025, 6, 1))


def close_by_record(visit):
    change(visit, occurred_on=ON)


def close_by_not_done(visit):
    change(visit, not_done=True)


def close_by_opt_out(visit):
    opt_out(visit.patient.contact.opt_out_token)


def close_by_refusal(visit):
    change(visit.patient.contact, reminders=False)


def close_by_silence(visit):
    change(visit.patient.contact, reminders=None)


def close_by_missing_address(visit):
    change(visit.patient.contact, email="")


def close_by_new_address(visit):
    change(visit.patient.contact, email="new@example.org")


def close_by_withdrawn_consent(visit):
    change(visit.patient.contact, reminders=False, withdrawn_on=ON)


def close_by_moving_the_booking(visit):
    change(visit, booked_on=BOOKED_ON + timedelta(days=1))


def close_by_cancelling_the_booking(visit):
    change(visit, booked_on=None, booked_time=None)


def close_by_later_entry(visit):
    change(visit.patient, entry_path="B")
    change(visit.patient.enrolment, enrolled_on=date(2025, 7, 21))


def close_by_entry_in_the_window(visit):
    change(visit.patient, entry_path="B")
    change(visit.patient.enrolment, enrolled_on=date(2025, 7, 20))


CLOSED = [
    (close_by_death, "SKIPPED", "DIED"),
    (close_by_withdrawal, "SKIPPED", "LEFT_STUDY"),
    (close_by_end_of_treatment, "SKIPPED", "TREATMENT_ENDED"),
    (close_by_record, "SKIPPED", "SEEN"),
    (close_by_not_done, "SKIPPED", "NOT_DONE"),
    (close_by_opt_out, "SKIPPED", "OPTED_OUT"),
    (close_by_refusal, "SKIPPED", "DECLINED"),
    (close_by_silence, "SKIPPED", "NEVER_ASKED"),
    (close_by_missing_address, "SKIPPED", "NO_ADDRESS"),
    (close_by_new_address, "SUPERSEDED", "ADDRESS_CHANGED"),
    (close_by_withdrawn_consent, "SKIPPED", "CONSENT_WITHDRAWN"),
    (close_by_moving_the_booking, "SUPERSEDED", "MOVED"),
    (close_by_cancelling_the_booking, "SUPERSEDED", "BOOKING_CANCELLED"),
    (close_by_later_entry, "SKIPPED", "BEFORE_ENROLMENT"),
    (close_by_entry_in_the_window, "SKIPPED", "MERGED_WITH_ENTRY"),
]


@pytest.mark.parametrize(
    ("close", "state", "reason"), CLOSED, ids=lambda value: getattr(value, "__name__", "")
)
def test_plan_closes_what_no_longer_holds_and_says_why(close, state, reason):
    visit = expected_visit(booked_on=BOOKED_ON, booked_time=time(10), booked_at=LONG_AGO)
    plan_reminders(on=ON)
    planned = list(Reminder.objects.values_list("pk", flat=True))
    close(Visit.objects.select_related("patient__contact").get(pk=visit.pk))
    plan_reminders(on=ON)
    assert {row[2:] for row in rows(pk__in=planned)} == {(state, reason)}


def test_unbooked_visit_that_is_not_expected_gets_no_row():
    visit = expected_visit()
    close_by_death(visit)
    plan_reminders(on=ON)
    assert rows() == []


def test_booking_replaces_the_reminders_of_the_suggested_date(nurse_a, time_machine):
    time_machine.move_to(seoul(ON, 11), tick=False)
    visit = expected_visit(patient_with_mail(site=nurse_a.delegations.get().site))
    plan_reminders(on=ON)
    book_visit(by=nurse_a, visit=visit, booked_on=BOOKED_ON, booked_time=time(14))
    assert {row[2:] for row in rows(kind="PLANNED_DATE")} == {("SUPERSEDED", "BOOKED")}
    assert {row[2:] for row in rows(kind="APPOINTMENT")} == {("PLANNED", "")}


def test_a_booking_moved_and_moved_back_brings_its_rows_back():
    visit = expected_visit(booked_on=BOOKED_ON, booked_at=LONG_AGO)
    plan_reminders(on=ON)
    for day in (BOOKED_ON + timedelta(days=1), BOOKED_ON):
        change(visit, booked_on=day)
        plan_reminders(on=ON)
    assert {row[2:] for row in rows(appointment_on=BOOKED_ON)} == {("PLANNED", "")}
    assert {row[3] for row in rows(appointment_on=BOOKED_ON + timedelta(days=1))} == {"MOVED"}


def test_a_new_time_on_the_same_day_is_followed_in_the_same_rows():
    visit = expected_visit(booked_on=BOOKED_ON, booked_time=time(10), booked_at=LONG_AGO)
    plan_reminders(on=ON)
    change(visit, booked_time=time(15))
    assert plan_reminders(on=ON).changed == 2
    assert set(Reminder.objects.values_list("state", "appointment_time")) == {("PLANNED", time(15))}


def test_what_was_sent_stays_as_it_is():
    visit = expected_visit(booked_on=BOOKED_ON, booked_at=LONG_AGO)
    plan_reminders(on=ON)
    now = timezone.now()
    Reminder.objects.update(state="SENT", sent_at=now, handed_at=now)
    change(visit, booked_on=BOOKED_ON + timedelta(days=2))
    plan_reminders(on=ON)
    assert [row[2] for row in rows(appointment_on=BOOKED_ON)] == ["SENT", "SENT"]


def test_a_message_in_the_hands_of_the_server_is_left_alone():
    visit = expected_visit(booked_on=BOOKED_ON, booked_at=LONG_AGO)
    plan_reminders(on=ON)
    now = timezone.now()
    claim = {"claim_token": visit.uuid, "claimed_at": now, "claimed_until": now, "handed_at": now}
    Reminder.objects.update(state="CLAIMED", **claim)
    close_by_record(visit)
    plan_reminders(on=ON)
    assert {row[2] for row in rows()} == {"CLAIMED"}


def test_a_claimed_row_is_taken_back_before_it_is_handed_over():
    visit = expected_visit(booked_on=BOOKED_ON, booked_at=LONG_AGO)
    plan_reminders(on=ON)
    now = timezone.now()
    Reminder.objects.update(state="CLAIMED", claim_token=visit.uuid, claimed_at=now, claimed_until=now)
    close_by_record(visit)
    plan_reminders(on=ON)
    assert {row[2:] for row in rows()} == {("SKIPPED", "SEEN")}


def test_a_visit_the_schedule_takes_back_leaves_its_rows_closed():
    visit = expected_visit()
    plan_reminders(on=ON)
    with audit.recording(by=User.objects.system(), reason="Test"):
        visit.delete()
    plan_reminders(on=ON)
    assert {row[2:] for row in rows()} == {("SUPERSEDED", "VISIT_REMOVED")}


def test_days_that_pass_close_what_nobody_sent():
    expected_visit()
    plan_reminders(on=ON)
    plan_reminders(on=date(2025, 7, 25))
    assert {row[2:] for row in rows()} == {("SUPERSEDED", "DAY_PASSED")}


def queries_of_a_plan():
    with CaptureQueriesContext(connection) as captured:
        plan_reminders(on=ON)
    return len(captured)


def test_plan_needs_the_same_number_of_queries_for_more_patients():
    expected_visit()
    few = queries_of_a_plan()
    for _ in range(20):
        expected_visit()
    assert queries_of_a_plan() <= few


def test_plan_of_some_patients_leaves_the_others_alone():
    one, other = expected_visit(), expected_visit()
    plan_reminders(on=ON, patient_ids=[one.patient_id])
    assert rows(visit=other) == []
    assert len(rows(visit=one)) == 2


def test_a_patient_without_contact_has_the_reason_in_the_ledger():
    visit = expected_visit(booked_on=BOOKED_ON)
    with audit.recording(by=User.objects.system(), reason="Test"):
        visit.patient.contact.delete()
    plan_reminders(on=ON)
    assert {row[2:] for row in rows()} == {("SKIPPED", "NEVER_ASKED")}
