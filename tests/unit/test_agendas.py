"""Stored agendas say of every day to come what the rules say who judge everybody anew."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

import audit
from agenda.facts import agenda_facts
from agenda.models import Agenda, AgendaEntry
from agenda.rules.entries import entries_on
from agenda.services import (
    REACH,
    built_entries,
    differing_patient_ids,
    rebuild_agendas,
    stale_patient_ids,
)
from clinic.worklist.asked import Asked
from clinic.worklist.parts import LOOSE_ENDS, VISITS
from exchange.services import import_cohort
from patients.models import ConsentVersion, Patient
from tests.cohort_maker import make_cohort
from visits.models import SiteCalendarDay
from visits.selectors import Scope

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"
TODAY = date(2026, 11, 23)
STORED = [source for source in (*VISITS, *LOOSE_ENDS) if source.stored]


@pytest.fixture(params=["sample", "random"])
def cohort(request, system, tmp_path):
    folder = SAMPLE
    if request.param == "random":
        folder = make_cohort(tmp_path / "cohort", patients=60, today=TODAY)
    import_cohort(by=system, folder=folder, on=TODAY)
    ids = list(Patient.objects.order_by("pk").values_list("pk", flat=True))
    rebuild_agendas(ids, on=TODAY)
    return ids


def asked_on(user, day):
    return Asked(user, Scope(day, TODAY), datetime.combine(TODAY, time(9), UTC))


def judged(source, asked):
    _part, key = source.stored
    return [key(item) for item in source.find(asked)]


def test_every_part_holds_whom_the_rules_find_in_their_order(cohort, system):
    rows = 0
    for days in (0, 1, 2, *sorted(Random(1).sample(range(3, REACH.days + 1), 12))):
        day = TODAY + timedelta(days=days)
        asked = asked_on(system, day)
        assert asked.stored is not None
        for source in STORED:
            found = list(asked.stored.rows(source.stored[0]).values_list("patient_id", "code"))
            assert found == judged(source, asked_on(system, day)), (source.key, day)
            rows += len(found)
    assert rows > 100


def test_the_agenda_of_a_day_is_what_the_rule_says_of_it(cohort):
    facts = agenda_facts(cohort, on=TODAY)
    stored = built_entries(cohort, on=TODAY, to_on=TODAY + REACH)
    for days in range(REACH.days + 1):
        day = TODAY + timedelta(days=days)
        standing = {(e.patient_id, e.part, e.code, e.on, e.at) for e in stored if e.from_on <= day <= e.to_on}
        wanted = {
            (patient.pk, entry.part.value, entry.code, entry.on, entry.at)
            for patient, its in facts.items()
            for entry in entries_on(its, day)
        }
        assert standing == wanted, day


def test_stored_is_rebuilt_unless_somebody_writes_past_the_services(cohort, system):
    assert differing_patient_ids(cohort) == []
    AgendaEntry.objects.filter(patient=cohort[0]).delete()
    AgendaEntry.objects.filter(patient=cohort[1]).update(on=date(2020, 1, 1))
    assert differing_patient_ids(cohort) == [pk for pk in cohort[:2] if has_rows(pk)]
    rebuild_agendas(cohort, on=TODAY)
    assert differing_patient_ids(cohort) == []


def has_rows(pk):
    return bool(built_entries([pk], on=TODAY, to_on=TODAY + REACH))


def test_the_past_and_the_far_future_are_not_answered(cohort, system):
    days = [-1, 0, REACH.days, REACH.days + 1]
    answered = [asked_on(system, TODAY + timedelta(days=day)).stored is not None for day in days]
    assert answered == [False, True, True, False]


def test_one_patient_without_an_agenda_and_everybody_is_judged(cohort, system):
    Agenda.objects.filter(patient=cohort[0]).delete()
    assert asked_on(system, TODAY).stored is None
    assert stale_patient_ids(on=TODAY) == [cohort[0]]


def test_an_agenda_that_ends_soon_is_stale(cohort):
    assert stale_patient_ids(on=TODAY + REACH - timedelta(days=30)) == []
    assert stale_patient_ids(on=TODAY + REACH - timedelta(days=29)) == cohort


def test_a_form_or_the_calendar_of_a_site_makes_its_agendas_stale(cohort, system):
    of_site = list(Patient.objects.filter(site__code="01").order_by("pk").values_list("pk", flat=True))
    site = Patient.objects.get(pk=of_site[0]).site
    with audit.recording(by=system, reason="Test"):
        form = ConsentVersion.objects.create(purpose="STUDY", version="9", in_force_on=TODAY, site=site)
    assert stale_patient_ids(on=TODAY) == of_site
    rebuild_agendas(of_site, on=TODAY)
    assert stale_patient_ids(on=TODAY) == []
    with audit.recording(by=system, reason="Test"):
        form.delete()
        SiteCalendarDay.objects.create(site=site, on=TODAY)
    assert stale_patient_ids(on=TODAY) == of_site
