"""The command proves that what is stored is what the facts say, and names what is not."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from courses.models import CourseSummary, LabProposal, Tally
from courses.services import rebuild_summaries
from tests.unit.test_tallies import make_patient, stored, summed

TODAY = date(2025, 6, 30)


@pytest.fixture
def patients(system):
    patients = [make_patient(), make_patient()]
    rebuild_summaries([patient.pk for patient in patients], on=TODAY)
    return patients


def verify(**options):
    out = StringIO()
    call_command("verify_summaries", stdout=out, **options)
    return out.getvalue()


def refused(**options):
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("verify_summaries", stdout=out, **options)
    return f"{out.getvalue()}{refusal.value}"


def test_untouched_summaries_are_proved(patients):
    assert verify() == "2 summaries and all sums are what the facts say.\n"


def tampered_payload(summary):
    return {"payload": summary.payload | {"phase": "POST"}}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (tampered_payload, "payload: stored {'phase': 'POST'}, from the facts {'phase': 'STANDARD'}"),
        (lambda summary: {"pdc_percent": 1}, "pdc_percent: stored Decimal('1.00')"),
        (lambda summary: {"flags_waiting": 7}, "flags_waiting: stored 7, from the facts 0"),
        (lambda summary: {"tallied": None}, "tallied: stored None"),
    ],
)
def test_a_summary_that_was_tampered_with_is_named(patients, change, named):
    rows = CourseSummary.objects.filter(patient=patients[0])
    rows.update(**change(rows.get()))
    assert f"{patients[0].subject_id} {named}" in refused()


def test_a_sum_that_was_tampered_with_is_named(patients):
    Tally.objects.filter(figure="patients", key="enrolled").update(n=5)
    said = refused()
    assert "site 01 patients enrolled: stored 5, from the facts 2" in said
    assert "0 differences in 0 summaries, 1 in sums." in said


def test_a_result_that_asks_for_no_event_is_named(patients):
    asks = {"test": "ANC", "term": "Neutrophil count decreased", "value": 1, "unit": "10^9/L", "grade": 2}
    LabProposal.objects.create(patient=patients[0], collected_on=TODAY, **asks)
    assert f"{patients[0].subject_id} results that ask for an event: stored [('ANC'" in refused()
    verify(repair=True)
    assert not LabProposal.objects.exists()


def test_a_patient_without_a_summary_is_named(patients):
    other = make_patient()
    assert f"{other.subject_id} summary: stored None" in refused()


def test_summaries_of_another_day_differ_from_those_of_the_day_asked_for(patients):
    assert "as_of: stored datetime.date(2025, 6, 30)" in refused(on=date(2025, 7, 1))
    assert "all sums are what the facts say" in verify(on=TODAY)


def test_what_differs_is_built_anew(patients):
    CourseSummary.objects.filter(patient=patients[0]).update(
        payload={}, tallied={"patients": {"enrolled": 9}}
    )
    Tally.objects.filter(figure="accrual").update(n=5)
    assert "Built anew: 1 of the summaries, and all sums." in verify(repair=True)
    assert stored() == summed()
    assert CourseSummary.objects.get(patient=patients[0]).as_of == localdate()
    assert "what the facts say" in verify()
