"""The command proves that the worklist's stored entries are what the facts say, and names whose are not."""

from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from agenda.models import Agenda, AgendaEntry
from agenda.services import rebuild_agendas
from tests.unit.test_tallies import make_patient
from visits.services import project_visits

TODAY = date(2025, 6, 30)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 10:00 +0900", tick=False):
        yield


@pytest.fixture
def patient(system):
    patient = make_patient()
    project_visits(by=system, patient_ids=[patient.pk])
    rebuild_agendas([patient.pk], on=TODAY)
    assert AgendaEntry.objects.exists()
    return patient


def verify(**options):
    out = StringIO()
    call_command("verify_agendas", stdout=out, **options)
    return out.getvalue()


def test_untouched_entries_are_proved(patient):
    assert verify() == "The entries of 1 patients are what the facts say.\n"


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: AgendaEntry.objects.update(on=TODAY - timedelta(days=99)),
        lambda: AgendaEntry.objects.all().delete(),
        lambda: Agenda.objects.all().delete(),
    ],
)
def test_entries_that_were_tampered_with_are_named_and_built_anew(patient, tamper):
    tamper()
    out = StringIO()
    with pytest.raises(CommandError, match="1 patients differ"):
        call_command("verify_agendas", stdout=out)
    assert patient.subject_id in out.getvalue()
    assert "Built anew" in verify(repair=True)
    assert "what the facts say" in verify()
