"""The ledger page: what was planned, sent, failed and skipped, and why; at one's own sites only."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import audit
from reminders.models import Heartbeat, Notice, Part, Reminder
from reminders.services import plan_reminders, record_heartbeat
from tests.unit.reminder_cast import expected_visit, patient_with_mail, seoul

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 1)
BOOKED = {"booked_on": date(2025, 7, 3), "booked_time": time(10, 30)}


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(seoul(ON, 12), tick=False)


@pytest.fixture
def visit(site_01):
    visit = expected_visit(patient_with_mail(site=site_01, subject_id="99-042"), **BOOKED)
    plan_reminders(on=ON)
    return visit


def page(client, user, language="en", **query):
    client.force_login(user)
    return client.get(reverse("reminders:ledger"), query, headers={"accept-language": language})


def text(client, user, **query):
    return page(client, user, **query).content.decode()


def test_a_row_shows_patient_visit_appointment_and_what_became_of_it(client, nurse_a, visit):
    Reminder.objects.filter(lead_days=7).update(state="SKIPPED", reason="OPTED_OUT")
    shown = text(client, nurse_a)
    for words in ("99-042", "Month 6", "3 Jul 2025 10:30", "1 day ahead", "The patient has opted out"):
        assert words in shown


def test_the_address_is_not_shown_whole(client, nurse_a, visit):
    shown = text(client, nurse_a)
    address = visit.patient.contact.email
    assert address not in shown
    assert f"{address[0]}•••@example.org" in shown


def test_rows_of_another_site_are_not_there(client, nurse_b, visit):
    shown = text(client, nurse_b)
    assert "99-042" not in shown
    assert "No reminder fits" in shown


@pytest.mark.parametrize("who", ["administrator", "outsider"])
def test_who_may_not_see_reminders_is_told_so(client, request, who):
    assert page(client, request.getfixturevalue(who)).status_code == 403


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({"state": "PLANNED"}, 1),
        ({"state": "FAILED"}, 1),
        ({"reason": "REFUSED"}, 1),
        ({"reason": "DIED"}, 0),
        ({"subject_id": "042"}, 2),
        ({"subject_id": "02-"}, 0),
        ({"first": "2025-07-02", "last": "2025-07-02"}, 1),
        ({"last": "2025-06-27"}, 1),
        ({"state": "' OR 1=1"}, 0),
        ({"sort": "-nonsense"}, 2),
    ],
)
def test_the_ledger_is_narrowed(client, nurse_a, visit, query, rows):
    Reminder.objects.filter(lead_days=7).update(state="FAILED", reason="REFUSED")
    assert len(page(client, nurse_a, **query).context["table"].page.object_list) == rows


def test_a_page_that_is_not_there_is_not_found(client, nurse_a, visit):
    assert page(client, nurse_a, page="99").status_code == 404


def test_counts_are_those_of_ones_own_sites(client, nurse_a, visit, site_02):
    expected_visit(patient_with_mail(site=site_02), **BOOKED)
    plan_reminders(on=ON)
    counts = {state.value: count for state, _, count in page(client, nurse_a).context["counts"]}
    assert counts == {"PLANNED": 2, "CLAIMED": 0, "SENT": 0, "FAILED": 0, "SKIPPED": 0, "SUPERSEDED": 0}


def test_what_goes_out_tomorrow_is_counted(client, nurse_a, visit):
    context = page(client, nurse_a).context
    assert (context["tomorrow"], context["going_out_tomorrow"]) == (date(2025, 7, 2), 1)


def test_the_page_says_since_when_reminders_do_not_run(client, nurse_a):
    for part in Part:
        record_heartbeat(part.value)
    assert "Worker and scheduler are running." in text(client, nurse_a)
    Heartbeat.objects.filter(name="worker").update(at=timezone.now() - timedelta(hours=3))
    assert "Reminders have not been running since 1 Jul 2025, 09:00." in text(client, nurse_a)


def test_the_page_says_when_reminders_never_ran(client, nurse_a):
    assert "Reminders are not running." in text(client, nurse_a)


def test_the_data_manager_is_told_of_missing_lines_and_where_to_fill_them_in(
    client, data_manager, system, site_01, visit
):
    with audit.recording(by=system, reason="Test"):
        type(site_01).objects.filter(pk=site_01.pk).update(place_ko="", phone_ko=" ")
    shown = text(client, data_manager)
    assert "leave out what is not filled in" in shown
    assert "place (Korean), phone (Korean)" in shown
    assert reverse("admin:accounts_site_change", args=[site_01.pk]) in shown


def test_lines_that_nobody_would_read_are_not_asked_for(client, data_manager, system, site_01, visit):
    with audit.recording(by=system, reason="Test"):
        type(site_01).objects.filter(pk=site_01.pk).update(place_en="")
    assert "leave out what is not filled in" not in text(client, data_manager)


def test_the_page_speaks_korean(client, nurse_a, visit):
    shown = text(client, nurse_a, language="ko")
    assert "상태별 전체 알림" in shown
    assert "6개월" in shown


def queries(client, user):
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("reminders:ledger"))
    return len(captured)


def test_more_rows_need_no_more_queries(client, nurse_a, visit, site_01):
    few = queries(client, nurse_a)
    for _ in range(15):
        expected_visit(patient_with_mail(site=site_01), **BOOKED)
    plan_reminders(on=ON)
    assert queries(client, nurse_a) == few


def test_a_removed_visit_leaves_a_readable_row(client, nurse_a, system, visit):
    with audit.recording(by=system, reason="Test"):
        visit.delete()
    plan_reminders(on=ON)
    assert "The schedule no longer has this visit" in text(client, nurse_a)


def test_mails_to_staff_stand_below_with_what_became_of_them(client, nurse_a, nurse_b, visit):
    notice = Notice.objects.create(
        user=nurse_a, kind="DIGEST", due_on=ON, due_at=seoul(ON, 8), state="FAILED", reason="REFUSED"
    )
    assert "Morning digest" in text(client, nurse_a)
    assert "Morning digest" not in text(client, nurse_b)
    Notice.objects.filter(pk=notice.pk).update(state="SKIPPED", reason="NOTHING_TO_SAY")
    assert "Morning digest" not in text(client, nurse_a)
