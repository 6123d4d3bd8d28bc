"""The digest counts what the worklist shows, and the escalations stop where somebody has answered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from agenda.models import Agenda
from clinic.worklist.asked import Asked
from clinic.worklist.parts import worklist
from reminders.models import Notice
from reminders.selectors.concerns import concerns
from reminders.selectors.digest import Digest, digest
from reminders.services import plan_notices, send_reminders
from tests.factories import (
    ConsentFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    FlagAcknowledgementFactory,
    PatientFactory,
)
from tests.unit.reminder_cast import expected_visit, seoul
from visits.selectors import Scope

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 7)
MORNING = seoul(ON, 8)
LOW_FROM = date(2025, 6, 1)


@pytest.fixture(autouse=True)
def at_work(time_machine, pi_a):
    time_machine.move_to(MORNING, tick=False)
    User.objects.filter(pk=pi_a.pk).update(email="pi@example.org", language="en")


def enrolled(site, **fields):
    patient = PatientFactory(site=site, **fields)
    EnrolmentFactory(patient=patient)
    ConsentFactory(patient=patient, version="1.0")
    return patient


@pytest.fixture
def patient(site_01):
    return enrolled(site_01)


@pytest.fixture
def low_dose(patient):
    DoseOrderFactory(patient=patient)
    DoseOrderFactory(patient=patient, from_on=LOW_FROM, pattern_mg=[200], reason="AE")
    return patient


def acknowledge(patient, **fields):
    return FlagAcknowledgementFactory(patient=patient, from_on=LOW_FROM, **fields)


def sweep(day=0):
    now = seoul(ON + timedelta(days=day), 8)
    plan_notices(now=now)
    send_reminders(at=now)
    sent = len(mail.outbox)
    mail.outbox.clear()
    return sent


# -- the digest


def busy_morning(site):
    for booked_on in (ON, ON + timedelta(days=2), ON - timedelta(days=3)):
        expected_visit(enrolled(site), booked_on=booked_on, booked_at=MORNING - timedelta(days=30))
    expected_visit(enrolled(site), booked_on=ON - timedelta(days=3), booked_at=MORNING, did_not_come=True)
    expected_visit(enrolled(site), target_on=date(2025, 6, 26), closes_on=date(2025, 7, 10))
    unsigned = PatientFactory(site=site)
    EnrolmentFactory(patient=unsigned)


def test_it_counts_what_the_worklist_shows(site_01, nurse_a):
    busy_morning(site_01)
    Agenda.objects.all().delete()  # the records above come past the services: everybody is judged
    found = worklist(Asked(nurse_a, Scope(on=ON, today=ON), MORNING))
    ends = {part.source.key: part.count for part in found.loose_ends}
    counts = digest(nurse_a, now=MORNING)
    assert found.counts == {
        "overdue": counts.overdue,
        "today": counts.today,
        "this_week": counts.this_week,
        "window_closing": counts.window_closing,
    }
    assert (ends["calls"], ends["consents"]) == (counts.calls, counts.consents)
    assert min(counts.overdue, counts.today, counts.this_week, counts.window_closing, counts.calls) > 0


def test_it_counts_flagged_doses_nobody_has_answered(low_dose, nurse_a):
    assert digest(nurse_a, now=MORNING).flags == 1
    acknowledge(low_dose)
    assert digest(nurse_a, now=MORNING) == Digest()


def test_it_stays_within_the_site(site_01, nurse_b):
    busy_morning(site_01)
    assert digest(nurse_b, now=MORNING).is_empty


def queries(user):
    with CaptureQueriesContext(connection) as captured:
        digest(user, now=MORNING)
    return len(captured)


def test_more_patients_need_no_more_queries(site_01, nurse_a):
    busy_morning(site_01)
    few = queries(nurse_a)
    busy_morning(site_01)
    assert queries(nurse_a) == few


# -- escalations


def test_an_acknowledged_flag_is_escalated_no_more(low_dose, pi_a):
    assert sweep() == 1
    acknowledge(low_dose)
    assert concerns(pi_a, now=MORNING) == []
    assert [sweep(day) for day in (7, 14)] == [0, 0]


def test_an_acknowledgement_before_the_mail_goes_out_keeps_it_back(low_dose):
    plan_notices(now=MORNING)
    acknowledge(low_dose)
    send_reminders(at=MORNING)
    assert mail.outbox == []
    assert Notice.objects.get().reason == "RESOLVED"


def test_an_answer_to_another_dose_is_none_to_this_one(low_dose):
    acknowledge(low_dose, mean_daily_mg=Decimal(250))
    assert sweep() == 1


@pytest.mark.parametrize(
    ("state", "reason", "mails"),
    [
        ("FAILED", "REFUSED", 1),
        ("SKIPPED", "NO_ADDRESS", 1),
        ("SKIPPED", "RESOLVED", 1),
        ("SKIPPED", "NOT_WANTED", 0),
        ("SKIPPED", "CANCELLED_BY_HAND", 0),
    ],
)
def test_a_mail_that_told_nobody_is_made_good_the_next_day(low_dose, state, reason, mails):
    plan_notices(now=MORNING)
    Notice.objects.update(state=state, reason=reason)
    assert sweep(1) == mails
