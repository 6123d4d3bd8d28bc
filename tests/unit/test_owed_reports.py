"""Reports that are owed, counted and shown from the stored agendas: the same as where everybody is judged."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Permission
from adverse_events.selectors import report_clocks
from adverse_events.services import DispatchValues, record_dispatches
from agenda.models import Agenda
from agenda.rules.entries import Part
from agenda.services import rebuild_agendas
from clinic.worklist.asked import Asked
from clinic.worklist.parts import part, source_of
from dashboard import serious as section
from dashboard.serious import serious
from patients.models import Patient
from tests.factories import AdverseEventFactory, OutcomeFactory, PatientFactory
from tests.report_factories import PregnancyFactory
from visits.selectors import Scope

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 3, 12, tzinfo=ZoneInfo("Asia/Seoul"))
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def event_of(site, number, hours_ago, **values):
    patient = PatientFactory(site=site, subject_id=f"01-{number:03d}")
    aware_at = NOW - timedelta(hours=hours_ago)
    given = {"serious": ["HOSPITALISATION"], "causality": "NOT_RELATED", "aware_at": aware_at}
    return AdverseEventFactory(patient=patient, ae_no=1, **given | values)


@pytest.fixture
def owed(site_01):
    """Five reports, two of them overdue: one of a patient who has died, three clocks of one event, a pregnancy."""
    died = event_of(site_01, 1, 30)
    OutcomeFactory(patient=died.patient, kind="DEATH", on=TODAY)
    event_of(site_01, 2, 26, serious=["LIFE_THREATENING"], causality="PROBABLE")
    PregnancyFactory(patient=PatientFactory(site=site_01, subject_id="01-003"), aware_at=NOW)
    rebuild_agendas(list(Patient.objects.values_list("pk", flat=True)), on=TODAY)
    return died


def worklist_part(user):
    source, asked = source_of("reports"), Asked(user, Scope(on=TODAY, today=TODAY), NOW)
    return part(source, asked, source.items(asked), 20)


def codes(user):
    return [(due.patient.pk, due.code) for due in report_clocks(user, Permission.VIEW_WORKLIST, at=NOW)]


def test_they_stand_as_they_are_judged_also_of_who_has_died(owed, nurse_a):
    asked = Asked(nurse_a, Scope(on=TODAY, today=TODAY), NOW)
    stored = list(asked.stored.rows(Part.REPORTS).values_list("patient_id", "code"))
    assert stored == codes(nurse_a)
    assert [code for _pk, code in stored] == ["SAE-1", "SAE-1", "PREGNANCY-P1", "SUSAR-1", "SUSAR_COMPLETE-1"]


def test_the_worklist_shows_the_same_without_agendas(owed, nurse_a):
    def shown():
        return [(row.name, row.on, row.at, row.is_alarming) for row in worklist_part(nurse_a).rows]

    stored = shown()
    Agenda.objects.all().delete()
    assert shown() == stored
    assert [alarm for *_, alarm in stored] == [True, True, False, False, False]


def test_a_report_that_was_sent_leaves_at_once(owed, nurse_a):
    values = DispatchValues(("SPONSOR",), NOW, "EMAIL")
    record_dispatches(by=nurse_a, subject=owed, values=values)
    assert worklist_part(nurse_a).count == 4


def test_a_report_is_owed_from_the_day_of_awareness_on(site_01, nurse_a):
    rebuild_agendas([event_of(site_01, 1, -48).patient.pk], on=TODAY)
    days = [date(2025, 10, 4), date(2025, 10, 5)]
    counts = [Asked(nurse_a, Scope(on=on, today=TODAY), NOW).stored.counts for on in days]
    assert [found.get("REPORTS", 0) for found in counts] == [0, 1]


@pytest.mark.parametrize("is_stored", [True, False])
def test_the_dashboard_counts_all_and_shows_the_most_urgent(owed, pi_a, monkeypatch, is_stored):
    monkeypatch.setattr(section, "CLOCKS_SHOWN", 2)
    if not is_stored:
        Agenda.objects.all().delete()
    found = serious(pi_a, at=NOW)
    assert (found.owed, found.overdue, found.not_shown) == (5, 2, 3)
    assert [line.patient.subject_id for line in found.clocks] == ["01-001", "01-002"]
    assert {line.clock.state for line in found.clocks} == {"OVERDUE"}


def test_many_cost_the_dashboard_no_more_than_few(owed, pi_a, site_01):
    with CaptureQueriesContext(connection) as few:
        serious(pi_a, at=NOW)
    many = [event_of(site_01, number, 40).patient.pk for number in range(10, 40)]
    rebuild_agendas(many, on=TODAY)
    with CaptureQueriesContext(connection) as more:
        assert serious(pi_a, at=NOW).owed == 35
    assert len(more) <= len(few)
