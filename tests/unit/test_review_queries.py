"""Queries open when something doubtful appears, close when it is mended, and never more than that."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

import audit
from dosing.services import order_dose
from patients.signals import announce
from review.models import Query
from review.rules.cautions import CautionCode
from review.rules.findings import QueryCode
from review.selectors import cautions_of, open_queries, open_queries_of
from review.services import sync_queries
from review.words import KINDS, SENTENCES, sentence_of
from tests.factories import (
    AdverseEventFactory,
    ContactFactory,
    DoseOrderFactory,
    LabResultFactory,
    PatientFactory,
    QueryFactory,
    TumourFactory,
)


@pytest.fixture
def patient(site_01):
    return PatientFactory(site=site_01)


def open_now(patient):
    return list(Query.objects.filter(patient=patient, closed_at=None).values_list("code", "about"))


def mend(record, system, **values):
    for name, value in values.items():
        setattr(record, name, value)
    with audit.recording(by=system, reason="Mended"):
        record.save()


def test_a_changed_course_is_checked_at_once(patient):
    ContactFactory(patient=patient, email="")
    announce([patient.pk], "contact")
    assert open_now(patient) == [("EMAIL_UNUSABLE", "Contact")]


def test_a_query_closes_when_the_record_is_mended(patient, system):
    contact = ContactFactory(patient=patient, email="")
    announce([patient.pk], "contact")
    mend(contact, system, email="p@example.org")
    announce([patient.pk], "contact")
    assert open_now(patient) == []
    query = Query.objects.get()
    assert (query.closed_by, query.closed_at >= query.opened_at) == (system, True)


def test_a_doubt_that_returns_is_asked_again(patient, system):
    contact = ContactFactory(patient=patient, email="")
    for email in ("", "p@example.org", ""):
        mend(contact, system, email=email)
        announce([patient.pk], "contact")
    assert Query.objects.filter(patient=patient).count() == 2
    assert len(open_now(patient)) == 1


def test_a_dose_said_to_be_reduced_is_asked_for_until_it_is_ordered(patient, nurse_a):
    DoseOrderFactory(patient=patient)
    event = AdverseEventFactory(patient=patient, action_taken="DOSE REDUCED")
    announce([patient.pk], "adverse event")
    assert open_now(patient) == [("REDUCED_WITHOUT_ORDER", f"AdverseEvent {event.ae_no}")]
    order_dose(
        by=nurse_a,
        patient=patient,
        from_on=event.started_on,
        pattern_mg=[300],
        reason="TOXICITY",
        adverse_event=event,
    )
    assert open_now(patient) == []


def test_nothing_is_written_when_nothing_changed(patient, system):
    ContactFactory(patient=patient, email="")
    announce([patient.pk], "contact")
    before = Query.objects.get().events.count()
    announce([patient.pk], "contact")
    assert Query.objects.get().events.count() == before


def test_every_fact_is_loaded_and_judged(patient):
    LabResultFactory(patient=patient, unit="/mm3")
    LabResultFactory(patient=patient, test="PLT", unit="10^9/L")
    DoseOrderFactory(patient=patient, pattern_mg=[200], reason="SUPPLY")
    TumourFactory(patient=patient, tumour_size_cm=10)
    announce([patient.pk], "import")
    assert set(open_now(patient)) == {
        ("LAB_UNIT_NOT_GRADED", "LabResult ANC"),
        ("DOSE_BELOW_MINIMUM_NOT_TOXICITY", "DoseOrder 2025-01-06"),
        ("ELIGIBILITY_BOUNDARY", "Eligibility I4"),
    }


def test_a_batch_of_patients_costs_as_many_statements_as_one(patient, system, django_assert_num_queries):
    others = [PatientFactory(site=patient.site) for _ in range(5)]
    for person in [patient, *others]:
        ContactFactory(patient=person)
        event = AdverseEventFactory(patient=person, action_taken="DOSE REDUCED")
        DoseOrderFactory(patient=person, adverse_event=event)
    with CaptureQueriesContext(connection) as one:
        sync_queries(by=system, patient_ids=[patient.pk])
    with django_assert_num_queries(len(one)):
        sync_queries(by=system, patient_ids=[patient.pk, *(person.pk for person in others)])


@pytest.mark.parametrize(
    ("code", "detail", "words"),
    [
        ("OVERUSE", {"percent": "121.05"}, "121.05 % of the tablets ordered are gone"),
        ("SUPPLY_PHASE_MISMATCH", {"kit": "K1", "source": "IP"}, "Kit K1 (Study drug)"),
        (
            "IMAGING_GAP",
            {"from_on": "2025-09-04", "to_on": "2026-09-06"},
            "between 4 Sep 2025 and 6 Sep 2026",
        ),
        ("OVERUSE", {}, " % of the tablets"),
        ("UNHEARD_OF", {}, "UNHEARD_OF"),
    ],
)
def test_a_query_is_a_question_in_words(code, detail, words):
    with override("en"):
        assert words in sentence_of(code, detail)


def test_every_query_and_caution_has_a_sentence():
    assert set(SENTENCES) == {*QueryCode, *CautionCode}
    assert set(KINDS) == set(QueryCode)


def test_the_same_doubt_cannot_be_open_twice(patient):
    QueryFactory(patient=patient)
    with pytest.raises(IntegrityError, match="a_doubt_is_asked_once"):
        QueryFactory(patient=patient)


@pytest.mark.parametrize("half", [{"closed_at": "2025-01-01T00:00Z"}, {"closed_by_id": 1}])
def test_a_query_is_closed_by_somebody_at_some_time(patient, half):
    with pytest.raises(IntegrityError, match="query_closed"):
        QueryFactory(patient=patient, **half)


def test_open_queries_hides_other_sites(patient, nurse_a, nurse_b, outsider):
    query = QueryFactory(patient=patient)
    assert list(open_queries(nurse_a)) == [query]
    assert list(open_queries_of(nurse_a, patient)) == [query]
    assert not open_queries(nurse_b) and not open_queries(outsider)


def test_cautions_are_shown_to_those_who_may_see_the_patient(patient, nurse_a, nurse_b):
    assert [caution.code for caution in cautions_of(nurse_a, patient)] == ["D842V_NOT_TESTED"]
    assert cautions_of(nurse_b, patient) == ()
