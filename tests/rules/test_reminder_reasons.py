"""Why nobody is reminded: each reason alone, and which one is given where several hold."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codes import VisitStatus
from reminders.rules.reasons import (
    Appointment,
    ContactFacts,
    Reason,
    VisitFacts,
    reason_against,
    reason_against_contact,
    reason_against_visit,
)

CONTACT = ContactFacts(email="p@example.org", language="ko", wants=True)
EXPECTED = VisitFacts(VisitStatus.PLANNED, False, False, Appointment(date(2025, 9, 8)), CONTACT)

VISIT_REASONS = [
    ({"has_died": True}, Reason.DIED),
    ({"has_left": True}, Reason.LEFT_STUDY),
    ({"has_occurred": True}, Reason.SEEN),
    ({"not_done": True}, Reason.NOT_DONE),
    ({"status": VisitStatus.COMPLETED}, Reason.SEEN),
    ({"status": VisitStatus.COMPLETED_OUT_OF_WINDOW}, Reason.SEEN),
    ({"status": VisitStatus.NOT_DONE}, Reason.NOT_DONE),
    ({"status": VisitStatus.PRE_ENROLMENT}, Reason.BEFORE_ENROLMENT),
    ({"status": VisitStatus.MERGED_WITH_ENTRY}, Reason.MERGED_WITH_ENTRY),
    ({"status": VisitStatus.CANCELLED}, Reason.TREATMENT_ENDED),
]
CONTACT_REASONS = [
    ({"has_opted_out": True}, Reason.OPTED_OUT),
    ({"consent_withdrawn": True}, Reason.CONSENT_WITHDRAWN),
    ({"wants": None}, Reason.NEVER_ASKED),
    ({"wants": False}, Reason.DECLINED),
    ({"email": ""}, Reason.NO_ADDRESS),
    ({"is_refused": True}, Reason.ADDRESS_REFUSED),
]


@pytest.mark.parametrize(("fact", "reason"), VISIT_REASONS)
def test_a_visit_that_is_not_expected(fact, reason):
    assert reason_against_visit(replace(EXPECTED, **fact)) is reason


@pytest.mark.parametrize("status", [VisitStatus.DUE, VisitStatus.PLANNED, VisitStatus.MISSED, None])
def test_a_visit_that_may_still_take_place(status):
    assert reason_against_visit(replace(EXPECTED, status=status)) is None


@pytest.mark.parametrize(("fact", "reason"), CONTACT_REASONS)
def test_a_patient_who_gets_no_mail(fact, reason):
    assert reason_against_contact(replace(CONTACT, **fact)) is reason


def test_a_patient_who_wants_mails_and_is_expected():
    assert reason_against(EXPECTED) is None


@pytest.mark.parametrize("first", range(len(CONTACT_REASONS)))
@given(data=st.data())
def test_the_first_reason_of_a_contact_is_given(first, data):
    later = data.draw(st.sets(st.sampled_from(range(first + 1, len(CONTACT_REASONS) + 1))))
    facts = {}
    for index in sorted({first, *later} & set(range(len(CONTACT_REASONS))), reverse=True):
        facts |= CONTACT_REASONS[index][0]
    assert reason_against_contact(replace(CONTACT, **facts)) is CONTACT_REASONS[first][1]


@pytest.mark.parametrize(("visit_fact", "visit_reason"), VISIT_REASONS)
@pytest.mark.parametrize(("contact_fact", "_"), CONTACT_REASONS)
def test_the_visit_is_asked_before_the_contact(visit_fact, visit_reason, contact_fact, _):
    facts = replace(EXPECTED, contact=replace(CONTACT, **contact_fact), **visit_fact)
    assert reason_against(facts) is visit_reason


def test_death_stands_before_everything():
    facts = replace(EXPECTED, has_died=True, has_left=True, has_occurred=True, contact=ContactFacts())
    assert reason_against(facts) is Reason.DIED
