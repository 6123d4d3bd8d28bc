"""The worklist: one verb a row, counts, a day and a site to narrow it, and what other roles see of it."""

from datetime import UTC, date, datetime, time

import pytest

from reminders.models import Reminder
from tests.factories import AdverseEventFactory, AssessmentFactory
from visits.services import book_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(consulted, system):
    visit = consulted.visits.get(visit="M6")
    book_visit(by=system, visit=visit, booked_on=date(2025, 7, 7), booked_time=time(10, 30))
    return consulted


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def rows(page, section):
    return next(heading.rows for heading in page.context["headings"] if heading.section == section)


def test_a_booked_visit_of_today_is_to_be_recorded(nurse, booked):
    (row,) = rows(nurse.open("/clinic/"), "TODAY")
    assert (row.verb, row.at) == ("Record Month 6 visit", time(10, 30))
    assert row.url == f"/patients/{booked.uuid}/visits/M6/record/"
    assert nurse.open(row.url).status_code == 200


def test_a_visit_whose_window_is_still_closed_is_to_be_booked(nurse, consulted):
    page = nurse.open("/clinic/?on=2025-01-16")  # Week 2 is on the 20th, and opens on the 17th
    assert [row.verb for row in rows(page, "THIS_WEEK")] == ["Book Week 2 visit"]


def test_an_unbooked_visit_can_be_booked_from_its_row(nurse, consulted):
    (row,) = rows(nurse.open("/clinic/"), "TODAY")
    assert row.booking_url == f"/patients/{consulted.uuid}/visits/M6/book/"
    assert "not booked" in nurse.open("/clinic/").content.decode()


def test_loose_ends_open_their_own_page(nurse, consulted):
    AdverseEventFactory(patient=consulted, ae_no=2, grade=3, serious=["DISABILITY"], term="Edema limbs")
    AssessmentFactory(visit=consulted.visits.get(visit="M3"), labs_pending=True)
    (row,) = rows(nurse.open("/clinic/"), "FOLLOW_UP")
    assert row.url == f"/patients/{consulted.uuid}/adverse-events/2/"
    assert row.notes == ["grade 3", "serious", "day of awareness missing"]


def test_pending_results_lead_back_to_the_visit(nurse, booked, system):
    nurse.send(f"/patients/{booked.uuid}/visits/M6/record/", **{"seen-labs_pending": "on"})
    (row,) = rows(nurse.open("/clinic/"), "FOLLOW_UP")
    assert row.url == f"/patients/{booked.uuid}/visits/M6/record/"


def test_who_may_only_read_is_led_to_the_chart(hand, monitor, booked):
    (row,) = rows(hand(monitor).open("/clinic/"), "TODAY")
    assert (row.verb, row.url) == ("See Month 6 in the chart", f"/patients/{booked.uuid}/")


@pytest.mark.parametrize("query", ["?on=rubbish", "?q=01-101", "?on=2025-07-07&q="])
def test_what_cannot_be_read_is_passed_over(nurse, booked, query):
    assert len(rows(nurse.open(f"/clinic/{query}"), "TODAY")) == 1


def test_a_site_can_be_chosen_by_those_who_have_several(hand, data_manager, booked, site_02):
    page = hand(data_manager)
    assert rows(page.open(f"/clinic/?site={site_02.pk}"), "TODAY") == []
    assert len(rows(page.open(f"/clinic/?site={booked.site_id}"), "TODAY")) == 1


def test_nurses_of_another_site_see_nothing_of_it(hand, nurse_b, booked):
    page = hand(nurse_b).open("/clinic/")
    assert [heading.rows for heading in page.context["headings"]] == [[]] * 5
    assert "01-101" not in page.content.decode()


def test_the_empty_list_says_so_in_words(hand, nurse_b):
    words = hand(nurse_b).open("/clinic/").content.decode()
    assert "Nobody is overdue." in words and "No loose ends." in words


def test_a_mail_that_did_not_go_out_is_a_loose_end(nurse, consulted):
    Reminder.objects.create(
        patient=consulted,
        kind="PLANNED_DATE",
        recipient="p@example.org",
        state="FAILED",
        reason="REFUSED",
        due_on=date(2025, 7, 6),
        due_at=datetime(2025, 7, 6, tzinfo=UTC),
        lead_days=1,
        appointment_on=date(2025, 7, 7),
    )
    (row,) = rows(nurse.open("/clinic/"), "FOLLOW_UP")
    assert (row.url, row.notes) == ("/reminders/", ["The mail server refused it"])


def test_the_worklist_says_that_reminders_are_not_running(nurse, consulted):
    assert "Reminders are not running." in nurse.open("/clinic/").content.decode()
