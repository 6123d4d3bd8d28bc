"""Random histories of many patients: what the agenda says of each is what somebody would find who reads it all."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest

import audit
from protocol import load_protocol
from protocol.days import add_months
from tests.factories import DispositionFactory, EnrolmentFactory, OutcomeFactory, PatientFactory
from visits.holidays import is_korean_working_day
from visits.models import Visit
from visits.rules.agenda import Section, visit_section
from visits.selectors import Scope, visit_items
from visits.services import project_visits

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PATIENTS, DAYS = 30, 6
CLOSING = load_protocol().reminders.closing_window_working_days


@dataclass
class History:
    """One patient as somebody would tell it."""

    path: str
    first_dose_on: date
    enrolled_on: date
    last_dose_on: date | None
    gone_on: date | None


def maybe(random, share, day):
    return day if random.random() < share else None


def told(random):
    first_dose_on = date(2020, 1, 1) + timedelta(days=random.randrange(2400))
    path = random.choice("AAB")
    later = random.randrange(30, 1300) if path == "B" else -random.randrange(1, 20)
    stopped_on = first_dose_on + timedelta(days=random.randrange(60, 1900))
    gone_on = stopped_on + timedelta(days=random.randrange(400))
    return History(
        path=path,
        first_dose_on=first_dose_on,
        enrolled_on=first_dose_on + timedelta(days=later),
        last_dose_on=maybe(random, 0.3, stopped_on) if stopped_on <= TODAY else None,
        gone_on=maybe(random, 0.2, gone_on) if gone_on <= TODAY else None,
    )


def stored(random, history, site, system):
    patient = PatientFactory(site=site, entry_path=history.path, first_dose_on=history.first_dose_on)
    EnrolmentFactory(patient=patient, enrolled_on=history.enrolled_on)
    if history.last_dose_on:
        DispositionFactory(patient=patient, last_dose_on=history.last_dose_on, ended_on=history.last_dose_on)
    if history.gone_on and history.gone_on >= history.enrolled_on:
        leave(random, patient, history.gone_on)
    else:
        history.gone_on = None
    project_visits(by=system, patient_ids=[patient.pk])
    live(random, list(patient.visits.all()), history, system)
    return patient


def leave(random, patient, day):
    if random.random() < 0.5:
        OutcomeFactory(patient=patient, kind="DEATH", on=day)
    else:
        DispositionFactory(patient=patient, record="PARTICIPATION", ended_on=day, last_dose_on=None)


def live(random, visits, history, system):
    """Most visits take place; some are not done, missed, booked for another day or not at all."""
    careful = random.random()
    for visit in visits:
        day = visit.target_on + timedelta(days=random.randrange(-25, 26))
        fate = random.random()
        if fate < careful and history.enrolled_on <= day <= TODAY:
            visit.occurred_on = day
        elif fate < careful + 0.08:
            visit.not_done = True
        elif fate > 0.7:
            visit.booked_on = day
            visit.did_not_come = day < TODAY and random.random() < 0.5
    with audit.recording(by=system, reason="Random history"):
        Visit.objects.bulk_update(visits, ["occurred_on", "not_done", "booked_on", "did_not_come"])


def expected(history, visits, on):
    """(section, code) of every row of one patient, by reading everything."""
    if history.gone_on and history.gone_on <= on:
        return []
    waiting = [visit for visit in visits if is_waited_for(visit, history, on)]
    seen = [visit.visitnum for visit in visits if visit.occurred_on and visit.occurred_on <= on]
    late = [
        visit
        for visit in waiting
        if (visit.booked_on or visit.closes_on) < on
        and not any(number > visit.visitnum for number in seen)
        and (on - (visit.booked_on or visit.closes_on)).days <= 366
    ]
    ahead = [visit for visit in waiting if (visit.booked_on or visit.closes_on) >= on]
    rows = [
        (Section.OVERDUE, visit.visit) for visit in sorted(late, key=lambda v: (v.target_on, v.visitnum))[-1:]
    ]
    return rows + [(place, visit.visit) for visit in ahead if (place := place_of(visit, on))]


def is_waited_for(visit, history, on):
    if (visit.occurred_on and visit.occurred_on <= on) or (visit.not_done and visit.opens_on <= on):
        return False
    if visit.visit == "SCR" or (history.path == "B" and visit.opens_on <= history.enrolled_on):
        return False
    is_treatment = visit.visit[0] in "DWM"
    stopped_on = history.last_dose_on
    is_early = stopped_on and stopped_on < add_months(history.first_dose_on, 60) - timedelta(days=8)
    return not (is_treatment and is_early and stopped_on <= on and stopped_on < visit.opens_on)


def place_of(visit, on):
    found = visit_section(
        target_on=visit.target_on,
        opens_on=visit.opens_on,
        closes_on=visit.closes_on,
        booked_on=visit.booked_on,
        on=on,
        is_working_day=is_korean_working_day,
        closing_working_days=CLOSING,
    )
    return found and found[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_agenda_finds_what_reading_everything_finds(seed, nurse_a, site_01, system):
    random = Random(seed)
    histories = [told(random) for _ in range(PATIENTS)]
    patients = {stored(random, history, site_01, system): history for history in histories}
    rows = 0
    for back in (0, 1, *(random.randrange(2, 2200) for _ in range(DAYS))):
        on = TODAY - timedelta(days=back)
        found = visit_items(nurse_a, Scope(on, TODAY))
        for patient, history in patients.items():
            mine = [(item.section, item.visit.visit) for item in found if item.visit.patient == patient]
            visits = patient.visits.filter(target_on__isnull=False)
            assert sorted(mine) == sorted(expected(history, visits, on)), (on, history)
        rows += len(found)
    assert rows > PATIENTS
