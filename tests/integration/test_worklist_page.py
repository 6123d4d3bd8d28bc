"""The worklist: one verb a row, counts, a day and a site to narrow it, and what other roles see of it."""

import re
from datetime import UTC, date, datetime, time

import pytest

from reminders.models import Reminder
from tests.factories import AdverseEventFactory, AssessmentFactory
from visits.services import book_visit, mark_did_not_come

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(consulted, system):
    visit = consulted.visits.get(visit="M6")
    book_visit(by=system, visit=visit, booked_on=date(2025, 7, 7), booked_time=time(10, 30))
    return consulted


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def rows(page, key):
    found = page.context["worklist"]
    parts = {part.source.key: part.rows for part in (*found.visits, *found.loose_ends)}
    return parts.get(key, [])


def test_a_booked_visit_of_today_is_to_be_recorded(nurse, booked):
    (row,) = rows(nurse.open("/clinic/"), "today")
    assert (row.verb, row.at) == ("Record Month 6 visit", time(10, 30))
    assert row.url == f"/patients/{booked.uuid}/visits/M6/record/"
    assert nurse.open(row.url).status_code == 200


def test_a_visit_whose_window_is_still_closed_is_to_be_booked(nurse, consulted):
    page = nurse.open("/clinic/?on=2025-01-16")  # Week 2 is on the 20th, and opens on the 17th
    assert [row.verb for row in rows(page, "this-week")] == ["Book Week 2 visit"]


def test_an_unbooked_visit_can_be_booked_from_its_row(nurse, consulted):
    (row,) = rows(nurse.open("/clinic/"), "today")
    assert [(act.label, act.url) for act in row.acts] == [
        ("Book", f"/patients/{consulted.uuid}/visits/M6/book/")
    ]
    assert row.why == ("suggested day, not booked",)


def test_who_did_not_come_is_called(nurse, booked, system):
    (row,) = rows(nurse.open("/clinic/"), "today")
    assert [act.label for act in row.acts] == ["Move", "Did not come"]
    mark_did_not_come(by=system, visit=booked.visits.get(visit="M6"))
    (row,) = rows(nurse.open("/clinic/"), "today")
    assert (row.verb, row.why) == ("Call and book Month 6 visit", ("did not come",))
    assert [act.label for act in row.acts] == ["Record"]


def test_overdue_says_since_when_and_why(nurse, booked):
    (row,) = rows(nurse.open("/clinic/?on=2025-07-08"), "overdue")
    assert (row.verb, row.status) == ("Record Month 6 visit", "OVERDUE")
    assert row.why == ("booked, and nothing recorded", "1 day late", "also overdue: D1, W2, W4, M2, M3")


def test_a_window_that_closed_unbooked_asks_to_call(nurse, consulted):
    (row,) = rows(nurse.open("/clinic/?on=2025-07-23"), "overdue")
    assert (row.verb, row.status) == ("Call and book Month 6 visit", "OVERDUE")
    assert row.why[:2] == ("window closed, never booked", "3 days late")


def test_a_window_that_closes_says_so(nurse, consulted):
    (row,) = rows(nurse.open("/clinic/?on=2025-07-18"), "window-closing")
    assert row.why == ("window closes, not booked",)


def test_loose_ends_open_their_own_page(nurse, consulted):
    AdverseEventFactory(patient=consulted, ae_no=2, grade=3, serious=["DISABILITY"], term="Edema limbs")
    AssessmentFactory(visit=consulted.visits.get(visit="M3"), labs_pending=True)
    (row,) = rows(nurse.open("/clinic/"), "events")
    assert row.url == f"/patients/{consulted.uuid}/adverse-events/2/"
    assert row.why == ("grade 3", "serious", "day of awareness missing")


def test_pending_results_lead_back_to_the_visit(nurse, booked, system):
    nurse.send(f"/patients/{booked.uuid}/visits/M6/record/", **{"seen-labs_pending": "on"})
    (row,) = rows(nurse.open("/clinic/"), "labs")
    assert row.url == f"/patients/{booked.uuid}/visits/M6/labs/"


def test_who_may_only_read_is_led_to_the_chart(hand, monitor, booked):
    (row,) = rows(hand(monitor).open("/clinic/"), "today")
    assert (row.verb, row.url) == ("See Month 6 in the chart", f"/patients/{booked.uuid}/")


@pytest.mark.parametrize("query", ["?on=rubbish", "?q=01-101", "?on=2025-07-07&q="])
def test_what_cannot_be_read_is_passed_over(nurse, booked, query):
    assert len(rows(nurse.open(f"/clinic/{query}"), "today")) == 1


def test_a_site_can_be_chosen_by_those_who_have_several(hand, data_manager, booked, site_02):
    page = hand(data_manager)
    assert rows(page.open(f"/clinic/?site={site_02.pk}"), "today") == []
    assert len(rows(page.open(f"/clinic/?site={booked.site_id}"), "today")) == 1


def test_nurses_of_another_site_see_nothing_of_it(hand, nurse_b, booked):
    page = hand(nurse_b).open("/clinic/")
    found = page.context["worklist"]
    assert ([part.rows for part in found.visits], found.loose_ends) == ([[]] * 4, [])
    assert "01-101" not in page.content.decode()


def test_the_empty_list_says_so_in_words(hand, nurse_b):
    words = hand(nurse_b).open("/clinic/").content.decode()
    assert "Nobody is overdue." in words and "No loose ends." in words


def test_a_mail_that_did_not_go_out_is_a_loose_end(nurse, consulted):
    mail = Reminder.objects.create(
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
    (row,) = rows(nurse.open("/clinic/"), "mails")
    assert (row.url, row.why) == (f"/reminders/{mail.pk}/", ("The mail server refused it",))


def test_the_worklist_says_that_reminders_are_not_running(nurse, consulted):
    assert "Reminders are not running." in nurse.open("/clinic/").content.decode()


def test_the_title_counts(nurse, booked):
    words = nurse.open("/clinic/?on=2025-07-08").content.decode()
    assert re.search(r"<title>\s*1 overdue, 0 today, 2 to follow up · Worklist", words)


def test_the_days_beside_keep_what_was_asked_for(nurse, booked):
    page = nurse.open("/clinic/?on=2025-07-07&q=01-1")
    assert page.context["day_after"] == "on=2025-07-08&q=01-1"
    assert page.context["day_before"] == "on=2025-07-06&q=01-1"


def test_a_day_that_is_none_is_named_and_today_is_shown(nurse, booked):
    page = nurse.open("/clinic/?on=tomorrow")
    assert "on" in page.context["form"].errors
    assert len(rows(page, "today")) == 1


def test_a_search_without_a_match_says_what_was_searched(nurse, booked):
    assert "No subject id with “99-9” here." in nurse.open("/clinic/?q=99-9").content.decode()
