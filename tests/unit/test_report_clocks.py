"""The open report clocks of a person's sites."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import audit
from accounts.permissions import Permission
from adverse_events.selectors import clocks_of, report_clocks
from tests.factories import AdverseEventFactory, PatientFactory
from tests.report_factories import PregnancyFactory, ReportDispatchFactory

pytestmark = pytest.mark.django_db
AWARE = datetime(2025, 10, 2, 16, 30, tzinfo=ZoneInfo("Asia/Seoul"))
LATER = AWARE + timedelta(days=2)
TO_ALL = ("SPONSOR", "AUTHORITY", "IRB", "INVESTIGATORS")


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


def serious(patient, **values):
    given = {
        "ae_no": 1,
        "serious": ["HOSPITALISATION"],
        "aware_at": AWARE,
        "causality": "NOT_RELATED",
    } | values
    return AdverseEventFactory(patient=patient, **given)


def due(user, at=LATER, **more):
    found = report_clocks(user, Permission.VIEW_WORKLIST, at=at, **more)
    return [(each.which, each.clock.duty.value) for each in found]


def send(event, *recipients, sent_at=LATER, **values):
    for recipient in recipients:
        ReportDispatchFactory(adverse_event=event, recipient=recipient, sent_at=sent_at, **values)


def test_a_clock_is_open_until_its_report_is_sent(patient, nurse_a):
    event = serious(patient)
    assert due(nurse_a) == due(nurse_a, at=LATER + timedelta(days=400)) == [("1", "SAE")]
    send(event, "SPONSOR")
    assert due(nurse_a) == []


def test_what_may_be_an_unexpected_reaction_is_owed_to_all(patient, nurse_a):
    event = serious(patient, causality="")
    assert due(nurse_a) == [("1", "SAE"), ("1", "SUSAR")]
    send(event, *TO_ALL[:3])
    assert due(nurse_a) == [("1", "SUSAR")]
    send(event, TO_ALL[3])
    assert due(nurse_a) == []


def test_a_nurses_word_that_it_is_unrelated_ends_no_clock(patient, nurse_a):
    event = serious(patient, causality="NOT_RELATED", is_provisional=True)
    send(event, "SPONSOR")
    assert due(nurse_a) == [("1", "SUSAR")]


def test_a_fatal_reaction_stays_until_its_report_is_complete(patient, nurse_a):
    event = serious(patient, serious=["DEATH"], causality="PROBABLE")
    send(event, *TO_ALL)
    assert due(nurse_a) == [("1", "SUSAR_COMPLETE")]
    send(event, *TO_ALL, sent_at=LATER + timedelta(days=1), is_complete=True)
    assert due(nurse_a) == []


def test_a_pregnancy_has_a_clock_of_its_own(patient, nurse_a):
    pregnancy = PregnancyFactory(patient=patient, aware_at=AWARE)
    assert due(nurse_a) == [("P1", "PREGNANCY")]
    ReportDispatchFactory(adverse_event=None, pregnancy=pregnancy, sent_at=LATER)
    assert due(nurse_a) == [] and len(clocks_of(pregnancy)) == 1


@pytest.mark.parametrize("values", [{"serious": []}, {"aware_at": None}, {"aware_at": LATER + timedelta(1)}])
def test_nothing_is_owed_before_somebody_is_aware_of_a_serious_event(patient, nurse_a, values):
    serious(patient, **values)
    assert due(nurse_a) == []


def test_the_most_urgent_comes_first(patient, nurse_a):
    serious(patient, ae_no=1)
    serious(patient, ae_no=2, aware_at=AWARE - timedelta(hours=1))
    assert due(nurse_a) == [("2", "SAE"), ("1", "SAE")]


def test_only_the_own_site_and_those_asked_for(patient, nurse_a, nurse_b, outsider):
    serious(patient)
    assert due(nurse_b) == due(outsider) == []
    assert due(nurse_a, among=type(patient).objects.exclude(pk=patient.pk)) == []


@pytest.mark.parametrize(("days", "found"), [(3, [("1", "SAE")]), (40, [])])
def test_an_import_brings_history(patient, nurse_a, system, days, found):
    aware_at = datetime.now(AWARE.tzinfo) - timedelta(days=days)
    with audit.recording(by=system, via="import"):
        patient.adverse_events.create(
            ae_no=1,
            term="Nausea",
            started_on=aware_at.date(),
            serious=["DISABILITY"],
            aware_at=aware_at,
            causality="UNLIKELY",
        )
    assert due(nurse_a, at=datetime.now(AWARE.tzinfo)) == found


def test_what_becomes_serious_after_an_import_is_no_history(patient, nurse_a, system):
    with audit.recording(by=system, via="import"):
        event = patient.adverse_events.create(ae_no=1, term="Nausea", started_on=AWARE.date())
    event.serious, event.aware_at, event.causality = ["DISABILITY"], AWARE, "UNLIKELY"
    with audit.recording(by=system, reason="In hospital since"):
        event.save()
    assert due(nurse_a) == [("1", "SAE")]


def test_statements_do_not_grow_with_the_clocks(patient, nurse_a, django_assert_num_queries):
    for number in range(1, 6):
        serious(patient, ae_no=number, causality="")
        PregnancyFactory(patient=patient, pregnancy_no=number, aware_at=AWARE)
    with django_assert_num_queries(4):
        assert len(report_clocks(nurse_a, Permission.VIEW_WORKLIST, at=LATER)) == 15
