"""Reports frozen, printed once, sent; pregnancies recorded: by whom, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from adverse_events import services
from adverse_events.models import ReportDispatch
from adverse_events.rules.reports import ReportContent
from adverse_events.services import DispatchValues, PregnancyValues
from patients.saving import ReasonMissing
from tests.factories import AdverseEventFactory, PatientFactory
from tests.report_factories import SafetyReportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


@pytest.fixture
def event(patient):
    return AdverseEventFactory(patient=patient, serious=["HOSPITALISATION"], aware_at=timezone.now())


@pytest.fixture
def content(event):
    return ReportContent.from_dict(SafetyReportFactory.build(adverse_event=event).content)


def write(by, event, content, after_version=0):
    return services.write_safety_report(by=by, subject=event, content=content, after_version=after_version)


def send(by, event, **values):
    given = {
        "recipients": ["SPONSOR", "IRB"],
        "sent_at": timezone.now() - timedelta(hours=2),
        "channel": "FAX",
    }
    return services.record_dispatches(by=by, subject=event, values=DispatchValues(**given | values))


def test_versions_follow_each_other(pi_a, event, content, heard):
    first, second = write(pi_a, event, content), write(pi_a, event, content, after_version=1)
    assert (first.version, first.is_initial, second.version, second.is_initial) == (1, True, 2, False)
    assert second.facts == content and second.written_by == pi_a
    assert heard == [("safety report", [event.patient_id])] * 2


def test_a_version_that_somebody_wrote_meanwhile_is_not_written_over(pi_a, event, content):
    write(pi_a, event, content)
    with pytest.raises(ValidationError, match="version 1 meanwhile"):
        write(pi_a, event, replace(content, narrative="Other words"))


def test_only_serious_events_are_reported(pi_a, patient, content):
    harmless = AdverseEventFactory(patient=patient)
    for act in (lambda: write(pi_a, harmless, content), lambda: send(pi_a, harmless)):
        with pytest.raises(ValidationError, match="not serious"):
            act()


def test_a_printed_report_keeps_its_first_bytes(pi_a, monitor, event, content):
    report = write(pi_a, event, content)
    kept = services.keep_printed(by=monitor, report=report, language="ko", pdf=b"first")
    again = services.keep_printed(by=pi_a, report=report, language="ko", pdf=b"second")
    assert (again.pk, bytes(again.pdf)) == (kept.pk, b"first")


def test_one_sending_may_reach_several(nurse_a, event):
    sponsor, board = send(nurse_a, event)
    assert (sponsor.recipient, board.recipient) == ("SPONSOR", "IRB")
    assert sponsor.recorded_by == nurse_a and sponsor.recorded_at > sponsor.sent_at


def test_nothing_is_sent_in_the_future_or_twice(nurse_a, event):
    with pytest.raises(ValidationError, match="future"):
        send(nurse_a, event, sent_at=timezone.now() + timedelta(minutes=5))
    at = timezone.now() - timedelta(hours=1)
    send(nurse_a, event, sent_at=at)
    with pytest.raises(ValidationError, match="recorded already"):
        send(nurse_a, event, sent_at=at)
    assert ReportDispatch.objects.count() == 2


def test_a_report_is_not_sent_for_another_event(nurse_a, event, patient):
    other = AdverseEventFactory(patient=patient, serious=["DEATH"])
    with pytest.raises(ValidationError, match="something else"):
        send(nurse_a, event, report=SafetyReportFactory(adverse_event=other))


def test_pregnancies_are_numbered_and_followed(nurse_a, patient, heard):
    values = PregnancyValues(who="PARTNER", aware_at=timezone.now())
    pregnancy = services.record_pregnancy(by=nurse_a, patient=patient, values=values)
    ended = replace(values, outcome="LIVE_BIRTH", outcome_on=timezone.localdate())
    assert services.change_pregnancy(by=nurse_a, pregnancy=pregnancy, values=ended).outcome == "LIVE_BIRTH"
    with pytest.raises(ReasonMissing):
        services.change_pregnancy(
            by=nurse_a, pregnancy=pregnancy, values=replace(ended, outcome="STILLBIRTH")
        )
    assert services.record_pregnancy(by=nurse_a, patient=patient, values=values).pregnancy_no == 2
    assert heard == [("pregnancy", [patient.pk])] * 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"outcome_on": timezone.localdate()}, "how the pregnancy ended"),
        ({"outcome": "GONE"}, "valid choice"),
    ],
)
def test_impossible_pregnancies(nurse_a, patient, wrong, sentence):
    values = PregnancyValues(who="PATIENT", aware_at=timezone.now(), **wrong)
    with pytest.raises(ValidationError, match=sentence):
        services.record_pregnancy(by=nurse_a, patient=patient, values=values)


@pytest.mark.parametrize("who", ["nurse_a", "nurse_b", "monitor", "data_manager", "outsider"])
def test_only_investigators_of_the_site_write_reports(request, event, content, who):
    with pytest.raises(PermissionDenied):
        write(request.getfixturevalue(who), event, content)


@pytest.mark.parametrize("who", ["nurse_b", "monitor", "data_manager", "outsider"])
def test_only_the_clinic_of_the_site_records_what_was_sent(request, event, patient, who):
    user, values = request.getfixturevalue(who), PregnancyValues(who="PATIENT", aware_at=timezone.now())
    for act in (
        lambda: send(user, event),
        lambda: services.record_pregnancy(by=user, patient=patient, values=values),
    ):
        with pytest.raises(PermissionDenied):
            act()
