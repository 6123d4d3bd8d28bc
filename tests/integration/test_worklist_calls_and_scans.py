"""On the worklist: who did not come and is to be called, and whose scan is due."""

from datetime import date

import pytest

from tests.factories import OutcomeFactory
from tests.integration.test_worklist_page import rows
from visits.models import Visit
from visits.services import book_visit, mark_did_not_come

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(hand, nurse_a, consulted):
    return hand(nurse_a)


def test_who_did_not_come_is_to_be_called(nurse, consulted, system):
    visit = Visit.objects.get(visit="M6")
    book_visit(by=system, visit=visit, booked_on=date(2025, 7, 7))
    mark_did_not_come(by=system, visit=visit)
    assert rows(nurse.open("/clinic/?on=2025-07-07"), "calls") == []
    (row,) = rows(nurse.open("/clinic/?on=2025-07-08"), "calls")
    assert row.verb == "Call about Month 6 visit"
    assert row.url == f"/patients/{consulted.uuid}/visits/M6/contacts/"
    assert row.why == ("did not come, nobody has called yet",)


def test_a_visit_that_is_only_overdue_is_not_called_about_twice(nurse, consulted):
    page = nurse.open("/clinic/?on=2025-08-01")
    assert len(rows(page, "overdue")) == 1
    assert rows(page, "calls") == []


def test_a_scan_is_due_after_its_target(nurse, consulted):
    assert rows(nurse.open("/clinic/?on=2025-07-06"), "imaging") == []
    (row,) = rows(nurse.open("/clinic/?on=2025-07-07"), "imaging")
    assert row.verb == "Record the scan of Month 6"
    assert row.url == f"/patients/{consulted.uuid}/outcomes/new/?kind=DISEASE_FREE"
    OutcomeFactory(patient=consulted, kind="DISEASE_FREE", on=date(2025, 7, 3))
    assert rows(nurse.open("/clinic/?on=2025-07-07"), "imaging") == []


def test_a_long_gap_is_said_and_the_scans_stand_in_the_chart(nurse, consulted):
    (row,) = rows(nurse.open("/clinic/?on=2025-09-01"), "imaging")
    assert "nobody has looked for longer than the protocol allows" in row.why
    page = nurse.open(f"/patients/{consulted.uuid}/?tab=outcomes").content.decode()
    assert "Scans by the schedule" in page
    assert "M6" in page
