"""The demo: invented patients of every kind come in without a fault, for the people of the README."""

from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import ReportDispatch
from adverse_events.rules.clocks import ClockState
from adverse_events.selectors import report_clocks, unconfirmed_events
from courses.models import CourseSummary
from dosing.rules.contradictions import Contradiction
from exchange.seeding import seed_patients
from patients.models import Consent, Patient
from patients.selectors import consents_due
from review.models import Query

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "today", [date(2026, 11, 23), date(2024, 2, 29), date(2022, 12, 31), date(2031, 5, 1)]
)
def test_invented_patients_import_without_a_fault(system, today):
    with time_machine.travel(today):
        assert seed_patients(by=system, patients=40, seed=3, today=today, tell=print) == 40


@pytest.fixture
def seeded(settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setenv("GISTTRIAL_DEMO_PASSWORD", "the demo's password")
    call_command("seed_demo", patients=12, verbosity=0)


def test_the_demo_has_its_logins(seeded, client):
    sites = {
        u.username: {d.site.code for d in u.delegations.all()}
        for u in User.objects.exclude(username="system")
    }
    both = {"01", "02"}
    assert sites == {"nurse": {"01"}, "nurse02": {"02"}, "pi": both, "datamanager": both, "monitor": both}
    assert User.objects.get(username="nurse").check_password("the demo's password")


def test_the_demo_shows_what_the_product_is_for(seeded):
    flags = {f["code"] for s in CourseSummary.objects.all() for f in s.payload["flags"]}
    assert {"DOSE_BELOW_300", "HOLD_OVER_28_DAYS"} <= flags
    assert set(Patient.objects.values_list("entry_path", flat=True)) == {"A", "B"}


def test_whoever_is_in_the_extension_has_agreed_to_it_but_for_one(system):
    today = date(2026, 11, 23)
    with time_machine.travel(today):
        seed_patients(by=system, patients=40, seed=3, today=today, tell=print)
        due = [row.purpose for row in consents_due(system, on=today)]
    assert due.count("EXTENSION") == 1
    assert Consent.objects.filter(purpose="EXTENSION").count() > 5


def test_what_is_said_of_the_drug_is_what_was_ordered(system):
    today = date(2026, 11, 23)
    with time_machine.travel(today):
        seed_patients(by=system, patients=40, seed=3, today=today, tell=print)
    assert not Query.objects.filter(code__in=list(Contradiction)).exists()


def test_a_serious_event_is_late_another_was_reported_and_one_waits(seeded):
    pi = User.objects.get(username="pi")
    due = report_clocks(pi, Permission.VIEW_PATIENTS, at=timezone.now())
    states = {
        row.patient.subject_id: row.clock.state(timezone.now()) for row in due if row.clock.duty == "SAE"
    }
    assert states == {"01-002": ClockState.OVERDUE}
    assert ReportDispatch.objects.get().report.subject.patient.subject_id == "01-005"
    waiting = unconfirmed_events(pi, Permission.CONFIRM_ASSESSMENT)
    assert {event.patient.subject_id for event in waiting} == {"01-002", "01-006"}


def test_tablets_do_not_reach_everybody_on_every_day(seeded):
    covered = [float(s.payload["adherence"]["pdc_percent"]) for s in CourseSummary.objects.all()]
    assert min(covered) < 98 < max(covered)


def test_patients_that_are_there_stay_alone(seeded):
    call_command("seed_demo", "--if-empty", patients=50, verbosity=0)
    assert Patient.objects.count() == 12


def test_where_debug_is_off_nothing_is_invented(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed_demo")
