"""Zero mails: every way in which a patient must not be written to, and what the ledger says of it, in both languages.

Each is tried twice: noticed by the planner, and noticed only by the check just before sending.
"""

from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from patients.services import mark_address_refused
from reminders.models import Reminder
from reminders.rules.reasons import Reason
from reminders.services import cancel, plan_reminders, send_reminders
from reminders.words import reason_words
from tests.factories import DispositionFactory
from tests.unit import test_reminder_planning as ways
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul
from visits.models import Visit
from visits.services import book_visit, cancel_booking

pytestmark = pytest.mark.django_db

ON, BOOKED_ON = ways.ON, ways.BOOKED_ON
LEADS = [BOOKED_ON - timedelta(days=7), BOOKED_ON - timedelta(days=1)]


@pytest.fixture
def visit(site_01, time_machine):
    """Booked for 10 July long ago; its reminders, of 3 and 9 July, are planned."""
    time_machine.move_to(seoul(ON), tick=False)
    visit = expected_visit(
        patient_with_mail(site=site_01, subject_id="99-042"),
        booked_on=BOOKED_ON, booked_time=time(10), booked_at=ways.LONG_AGO,
    )  # fmt: skip
    plan_reminders(on=ON)
    return Visit.objects.select_related("patient__contact", "patient__enrolment").get(pk=visit.pk)


def refuse_address(visit):
    contact = visit.patient.contact
    system = User.objects.system()
    mark_address_refused(by=system, patient_id=visit.patient_id, email=contact.email, at=seoul(ON))


def fail_screening(visit):
    DispositionFactory(
        patient=visit.patient, record="PARTICIPATION", ended_on=ON, last_dose_on=None, reason="SCREEN FAILURE"
    )


def write_down_nonsense(visit):
    ways.change(visit.patient.contact, email="nobody at home")


def cancel_by_hand(visit):
    for row in Reminder.objects.filter(visit=visit):
        cancel(by=User.objects.system(), message=row, reason="Told by telephone")


def move_far_away(visit):
    ways.change(visit, booked_on=BOOKED_ON + timedelta(days=60))


WAYS = [
    (ways.close_by_death, "DIED"),
    (ways.close_by_withdrawal, "LEFT_STUDY"),
    (fail_screening, "LEFT_STUDY"),
    (ways.close_by_end_of_treatment, "TREATMENT_ENDED"),
    (ways.close_by_record, "SEEN"),
    (ways.close_by_not_done, "NOT_DONE"),
    (ways.close_by_opt_out, "OPTED_OUT"),
    (ways.close_by_refusal, "DECLINED"),
    (ways.close_by_silence, "NEVER_ASKED"),
    (ways.close_by_withdrawn_consent, "CONSENT_WITHDRAWN"),
    (ways.close_by_missing_address, "NO_ADDRESS"),
    (write_down_nonsense, "NO_ADDRESS"),
    (refuse_address, "ADDRESS_REFUSED"),
    (move_far_away, "MOVED"),
    (ways.close_by_later_entry, "BEFORE_ENROLMENT"),
    (ways.close_by_entry_in_the_window, "MERGED_WITH_ENTRY"),
    (cancel_by_hand, "CANCELLED_BY_HAND"),
]


def send_at(day, hour=9, *, replan=True):
    if replan:
        plan_reminders(on=day)
    send_reminders(at=seoul(day, hour))


def reasons():
    return set(Reminder.objects.exclude(state="PLANNED").values_list("reason", flat=True))


@pytest.mark.parametrize("replan", [True, False], ids=["planned", "checked"])
@pytest.mark.parametrize(("happen", "reason"), WAYS, ids=lambda value: getattr(value, "__name__", value))
def test_no_mail_goes_out_and_the_ledger_says_why(visit, happen, reason, replan, time_machine):
    happen(visit)
    for day in LEADS:
        time_machine.move_to(seoul(day), tick=False)
        send_at(day, replan=replan)
    assert mail.outbox == []
    assert reason in reasons()
    assert not Reminder.objects.filter(state__in=["SENT", "FAILED"]).exists()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("reason", sorted({reason for _way, reason in WAYS}))
def test_the_reason_stands_in_the_ledger_in_words(client, nurse_a, visit, reason, language):
    Reminder.objects.update(state=Reason(reason).state, reason=reason)
    client.force_login(nurse_a)
    client.cookies["django_language"] = language
    with override(language):
        words = reason_words(Reminder(reason=reason))
    assert words in client.get(reverse("reminders:ledger")).content.decode()


def test_a_cancelled_booking_is_not_reminded_of(visit, nurse_a, time_machine):
    """The suggested day of the visit has passed as well, so there is nothing else to say."""
    today = date(2025, 7, 8)
    time_machine.move_to(seoul(today), tick=False)
    cancel_booking(by=nurse_a, visit=visit)
    send_at(LEADS[1])
    assert mail.outbox == []
    assert "BOOKING_CANCELLED" in reasons()


def test_of_a_moved_booking_the_old_day_is_not_spoken_of(visit, nurse_a, time_machine):
    time_machine.move_to(seoul(date(2025, 7, 1)), tick=False)
    book_visit(by=nurse_a, visit=visit, booked_on=date(2025, 7, 18), booked_time=time(10))
    for day in LEADS:
        send_at(day)
    assert mail.outbox == []
    assert reasons() == {"MOVED"}


@pytest.mark.parametrize(("hour", "minute"), [(21, 0), (23, 59), (0, 0), (3, 0), (7, 59)])
def test_nobody_is_written_to_at_night_and_the_mail_waits(visit, hour, minute, time_machine):
    night = seoul(LEADS[0] + timedelta(days=hour < 12), hour, minute)
    time_machine.move_to(night, tick=False)
    plan_reminders(on=night.date())
    send_reminders(at=night)
    assert mail.outbox == []
    assert {row.state for row in Reminder.objects.all()} == {"PLANNED"}


def test_after_a_week_of_standing_still_nothing_stale_goes_out(visit, time_machine):
    """Down from before the first reminder until the day after the appointment."""
    after = BOOKED_ON + timedelta(days=1)
    time_machine.move_to(seoul(after), tick=False)
    send_reminders(at=seoul(after))
    plan_reminders(on=after)
    send_reminders(at=seoul(after))
    assert mail.outbox == []
    assert reasons() == {"DAY_PASSED"}


def test_down_over_the_first_reminder_only_the_last_one_goes_out(visit, time_machine):
    time_machine.move_to(seoul(LEADS[1]), tick=False)
    send_at(LEADS[1])
    assert len(mail.outbox) == 1
    assert reasons() == {"LATER_REMINDER", ""}


@pytest.mark.parametrize("replan", [True, False], ids=["planned", "checked"])
def test_an_address_that_is_not_the_patients_any_more_gets_nothing(visit, site_01, replan):
    """Another patient's change touches nobody else: the address that two had by mistake stays with one."""
    old = visit.patient.contact.email
    other = expected_visit(
        patient_with_mail(site=site_01, contact__email=old), booked_on=BOOKED_ON, booked_at=ways.LONG_AGO
    )
    plan_reminders(on=ON)
    ways.change(visit.patient.contact, email="new@example.org")
    send_at(LEADS[0], replan=replan)
    sent = Reminder.objects.filter(state="SENT").values_list("visit", "recipient")
    assert (other.pk, old) in sent
    assert (visit.pk, old) not in sent
    assert "ADDRESS_CHANGED" in reasons()
