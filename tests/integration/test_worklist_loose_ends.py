"""Needs follow-up: each group says why a row is there, leads to where it is settled, and has a page of all."""

from datetime import date, timedelta

import pytest

from clinic.worklist import parts
from tests.factories import (
    AdverseEventFactory,
    ConsentFactory,
    DispositionFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    PatientFactory,
    QueryFactory,
    ScreeningFactory,
    TumourFactory,
)
from visits.services import book_visit, project_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def screened(site_01, frozen):
    """In screening, with everything that eligibility asks for."""
    patient = PatientFactory(subject_id="01-201", site=site_01)
    for factory in (TumourFactory, ScreeningFactory, ConsentFactory):
        factory(patient=patient)
    return patient


def rows(page, key):
    return next((part.rows for part in page.context["worklist"].loose_ends if part.source.key == key), [])


def the_row(page, key):
    (row,) = rows(page, key)
    return row


def test_tablets_that_end_before_the_window_ask_for_an_earlier_day(nurse, consulted):
    row = the_row(nurse.open("/clinic/"), "supply")  # 100 from 7 April on
    assert (row.verb, row.on) == ("Book Month 6 visit in time", date(2025, 7, 16))
    assert row.url == f"/patients/{consulted.uuid}/visits/M6/book/"
    assert row.why == ("no tablets from 16 Jul 2025", "not booked, window to 20 Jul 2025")
    assert not row.is_alarming


def test_tablets_that_are_gone_are_an_alarm(nurse, consulted, system):
    book_visit(by=system, visit=consulted.visits.get(visit="M6"), booked_on=date(2025, 7, 18))
    row = the_row(nurse.open("/clinic/?on=2025-07-16"), "supply")
    assert (row.verb, row.is_alarming) == ("Move Month 6 visit forward", True)
    assert row.why == ("no tablets since 16 Jul 2025", "booked for 18 Jul 2025")


def test_tablets_of_the_wrong_strength_are_named(nurse, consulted):
    DoseOrderFactory(patient=consulted, from_on=date(2025, 7, 7), pattern_mg=[300], reason="OTHER")
    row = the_row(nurse.open("/clinic/"), "supply")
    assert row.why[-1] == "300 mg cannot be made up of the tablets there are"


@pytest.fixture
def changing(site_01, system, frozen):
    """Before Month 36 (7 July 2025); own tablets to 20 June."""
    patient = PatientFactory(subject_id="01-301", site=site_01, first_dose_on=date(2022, 7, 7))
    EnrolmentFactory(patient=patient, enrolled_on=date(2022, 7, 1))
    DoseOrderFactory(patient=patient, from_on=date(2022, 7, 7))
    KitFactory(patient=patient, dispensed_on=date(2025, 3, 23), tablets=90)
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


@pytest.mark.parametrize(
    ("on", "verb", "why", "is_alarming"),
    [
        ("2025-06-01", "Book Month 36 transition visit in time", "no tablets from 21 Jun 2025", False),
        (
            "2025-07-07",
            "Hand out the study drug: record Month 36 transition visit",
            "17 days without tablets",
            True,
        ),
    ],
)
def test_the_change_to_study_drug_has_its_own_group(nurse, changing, on, verb, why, is_alarming):
    page = nurse.open(f"/clinic/?on={on}")
    row = the_row(page, "transition")
    assert (row.verb, row.why[0], row.is_alarming) == (verb, why, is_alarming)
    assert rows(page, "supply") == []


def test_a_gap_that_is_over_is_asked_about(nurse, changing):
    KitFactory(patient=changing, dispensed_on=date(2025, 7, 7), source="IP")
    row = the_row(nurse.open("/clinic/"), "transition")
    assert (row.verb, row.url) == ("Ask about the days before the study drug", f"/patients/{changing.uuid}/")
    assert row.why == ("16 days without tablets",)


def test_who_is_eligible_is_to_be_enrolled(nurse, screened):
    row = the_row(nurse.open("/clinic/"), "beginning")
    assert (row.verb, row.why) == ("Enrol patient", ("eligible, not enrolled",))
    assert row.url == f"/patients/{screened.uuid}/enrol/"


def test_facts_that_are_missing_are_asked_for(nurse, site_01, frozen):
    ConsentFactory(patient=PatientFactory(site=site_01, first_dose_on=None))
    assert the_row(nurse.open("/clinic/"), "beginning").verb == "Complete the screening"


def test_who_is_not_eligible_is_to_be_let_go(nurse, screened):
    other = PatientFactory(site=screened.site, birth_date=date(2010, 1, 1))
    for factory in (TumourFactory, ScreeningFactory, ConsentFactory):
        factory(patient=other)
    verbs = [row.verb for row in rows(nurse.open("/clinic/"), "beginning")]
    assert sorted(verbs) == ["Close the screening", "Enrol patient"]


def test_a_screening_that_failed_is_over(nurse, screened):
    DispositionFactory(
        patient=screened,
        record="PARTICIPATION",
        reason="SCREEN FAILURE",
        ended_on=date(2025, 7, 1),
        last_dose_on=None,
    )
    assert rows(nurse.open("/clinic/"), "beginning") == []


@pytest.mark.parametrize(
    ("first_dose_on", "why"),
    [
        (date(2025, 7, 7), "enrolled, first dose was due"),
        (date(2025, 7, 8), None),
        (None, "enrolled, no first dose planned"),
    ],
)
def test_who_is_enrolled_and_has_no_dose_is_to_begin(nurse, screened, first_dose_on, why):
    EnrolmentFactory(patient=screened)
    with_start = PatientFactory(site=screened.site, first_dose_on=first_dose_on)
    EnrolmentFactory(patient=with_start)
    DoseOrderFactory(patient=screened)
    found = rows(nurse.open("/clinic/"), "beginning")
    assert [row.why[0] for row in found] == ([why] if why else [])
    assert {row.url for row in found} <= {f"/patients/{with_start.uuid}/doses/new/"}


def test_open_queries_say_what_is_asked(nurse, consulted):
    QueryFactory(patient=consulted)
    row = the_row(nurse.open("/clinic/"), "queries")
    assert (row.verb, row.url) == ("Answer query: E-mail address", f"/patients/{consulted.uuid}/")
    assert row.why == ("Reminders are wanted, but no mail can reach the address.",)


def test_who_may_only_read_is_led_to_pages_to_read(hand, monitor, consulted, changing, screened):
    AdverseEventFactory(patient=consulted, ae_no=2, grade=3)
    found = hand(monitor).open("/clinic/").context["worklist"].loose_ends
    pages = {f"/patients/{patient.uuid}/" for patient in (consulted, changing, screened)}
    pages |= {f"/patients/{consulted.uuid}/adverse-events/2/"}
    assert {row.url for part in found for row in part.rows} == pages


@pytest.fixture
def many(consulted):
    for number in range(parts.MOST_LOOSE_ENDS + 1):
        started_on = date(2025, 3, 1) + timedelta(days=number)
        AdverseEventFactory(patient=consulted, ae_no=10 + number, grade=3, started_on=started_on)
    return parts.MOST_LOOSE_ENDS + 1


def test_a_group_that_is_cut_counts_all_and_leads_to_them(nurse, many):
    page = nurse.open("/clinic/?q=01-1")
    (part,) = [part for part in page.context["worklist"].loose_ends if part.source.key == "events"]
    assert (part.count, len(part.rows), part.is_cut) == (many, many - 1, True)
    assert f"All {many} of them" in page.content.decode()
    assert "/clinic/worklist/events/?q=01-1" in page.content.decode()


def test_the_page_of_a_group_has_all_of_them(nurse, many):
    page = nurse.open("/clinic/worklist/events/")
    assert len(page.context["part"].rows) == many


def test_the_page_of_a_group_is_read_page_by_page(nurse, many, monkeypatch):
    monkeypatch.setattr(parts, "A_PAGE", 4)
    first, last = (nurse.open(f"/clinic/worklist/events/?page={number}") for number in ("1", "99"))
    assert [len(page.context["part"].rows) for page in (first, last)] == [4, 2]
    assert "Page 1 of 2" in first.content.decode() and "Page 2 of 2" in last.content.decode()


def test_a_group_without_rows_says_so(nurse, consulted):
    assert "There is none." in nurse.open("/clinic/worklist/labs/").content.decode()


def test_a_group_nobody_knows_is_not_found(nurse):
    assert nurse.open("/clinic/worklist/rubbish/").status_code == 404


def test_a_consent_that_is_due_leads_to_the_consents(nurse, changing):
    study, extension = rows(nurse.open("/clinic/?q=301"), "consents")
    assert study.url == extension.url == f"/patients/{changing.uuid}/consents/"
    assert study.verb == "Have the consent signed: Study"
    assert study.why == ("No consent to the study is recorded.",)
    assert extension.verb == "Have the consent signed: IP extension"


def test_the_search_narrows_consents_too(nurse, changing):
    assert rows(nurse.open("/clinic/?q=999"), "consents") == []


def test_a_planned_start_counts_as_the_first_dose_while_there_is_none(nurse, site_01, frozen):
    for subject_id, day in (("01-401", date(2025, 7, 7)), ("01-402", date(2025, 7, 8))):
        patient = PatientFactory(subject_id=subject_id, site=site_01, first_dose_on=None)
        ConsentFactory(patient=patient)
        EnrolmentFactory(patient=patient)
        ScreeningFactory(patient=patient, planned_start_on=day)
    row = the_row(nurse.open("/clinic/"), "beginning")
    assert (row.patient.subject_id, row.on) == ("01-401", date(2025, 7, 7))
