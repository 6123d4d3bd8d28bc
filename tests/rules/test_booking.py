"""Which days may be booked, for which visits."""

from datetime import date

import pytest

from protocol.codes import VisitStatus
from protocol.sentences import Refusal
from visits.rules.booking import check_booking, takes_place

TODAY = date(2025, 7, 7)
EXPECTED = {
    VisitStatus.PLANNED: True,
    VisitStatus.DUE: True,
    VisitStatus.MISSED: True,
    VisitStatus.COMPLETED: True,
    VisitStatus.COMPLETED_OUT_OF_WINDOW: True,
    VisitStatus.NOT_DONE: True,
    VisitStatus.CANCELLED: False,
    VisitStatus.PRE_ENROLMENT: False,
    VisitStatus.MERGED_WITH_ENTRY: False,
    None: False,
}


def test_every_status_is_judged():
    assert EXPECTED.keys() == {*VisitStatus, None}
    assert {status: takes_place(status) for status in EXPECTED} == EXPECTED


@pytest.mark.parametrize("day", [TODAY, date(2030, 1, 1)])
def test_today_and_later_may_be_booked(day):
    assert check_booking(day, VisitStatus.DUE, on=TODAY) is None


@pytest.mark.parametrize(
    ("day", "status", "sentence"),
    [
        (date(2025, 7, 6), VisitStatus.DUE, "has passed"),
        (TODAY, VisitStatus.CANCELLED, "does not take place"),
        (TODAY, VisitStatus.PRE_ENROLMENT, "does not take place"),
        (TODAY, None, "does not take place"),
    ],
)
def test_a_day_that_has_passed_and_a_visit_without_place_are_refused(day, status, sentence):
    with pytest.raises(Refusal, match=sentence):
        check_booking(day, status, on=TODAY)
