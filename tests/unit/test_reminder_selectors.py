"""Eyes on the ledger, for this room and the others."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from reminders import selectors
from reminders.models import Heartbeat, Reminder
from reminders.services import plan_reminders, record_heartbeat
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 1)


@pytest.fixture
def visit(site_01):
    visit = expected_visit(patient_with_mail(site=site_01))
    plan_reminders(on=ON)
    return visit


def test_reminders_of_a_patient_are_for_those_of_the_site(visit, nurse_a, nurse_b):
    assert selectors.reminders_of(nurse_a, visit.patient).count() == 2
    assert not selectors.reminders_of(nurse_b, visit.patient).exists()


def test_the_latest_stands_first(visit, nurse_a):
    assert [row.lead_days for row in selectors.reminders_of(nurse_a, visit.patient)] == [1, 7]


def test_what_will_still_be_said_about_a_visit(visit):
    assert selectors.planned_for(visit).count() == 2
    Reminder.objects.filter(lead_days=7).update(state="SKIPPED", reason="OPTED_OUT")
    assert selectors.planned_for(visit).count() == 1


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 0),
        ({"attempts": 1}, 2),
        ({"state": "FAILED", "reason": "GAVE_UP"}, 2),
        ({"state": "SKIPPED", "reason": "DIED"}, 0),
    ],
)
def test_unsent_is_what_was_tried_and_did_not_go(visit, nurse_a, fields, count):
    Reminder.objects.update(**fields)
    assert selectors.unsent(nurse_a, on=ON).count() == count


def test_unsent_ends_with_the_appointment(visit, nurse_a):
    Reminder.objects.update(state="FAILED", reason="REFUSED")
    assert not selectors.unsent(nurse_a, on=date(2025, 7, 8)).exists()


def test_unsent_hides_other_sites(visit, nurse_b):
    Reminder.objects.update(state="FAILED", reason="REFUSED")
    assert not selectors.unsent(nurse_b, on=ON).exists()


def test_tomorrow_is_the_clinics():
    assert selectors.tomorrow(seoul(ON, 0, 30)) == date(2025, 7, 2)
    assert selectors.tomorrow(seoul(ON, 23, 30)) == date(2025, 7, 2)


NOW = seoul(ON, 12)


def beats(**seconds_ago):
    for name in ("beat", "worker", "queue"):
        record_heartbeat(name)
        Heartbeat.objects.filter(name=name).update(at=NOW - timedelta(seconds=seconds_ago.get(name, 1)))


def test_reminders_run_while_every_part_gives_a_sign_of_life():
    beats()
    assert selectors.health(NOW).is_running
    assert selectors.health(NOW).since is None


def test_reminders_do_not_run_since_the_oldest_sign_of_life():
    beats(worker=600, queue=610)
    health = selectors.health(NOW)
    assert not health.is_running
    assert set(health.silent) == {"worker", "queue"}
    assert health.since == NOW - timedelta(seconds=610)


def test_reminders_that_never_ran_have_no_since():
    assert not selectors.health(timezone.now()).is_running
    assert selectors.health(datetime.now(tz=NOW.tzinfo)).since is None
