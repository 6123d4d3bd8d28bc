"""Reports to the committee: asked for on the page, followed there, taken as a file."""

from datetime import date

import pytest
import time_machine

from dashboard import services
from dashboard.models import CommitteeReport
from dashboard.tasks import make_waiting_reports
from tests.factories import CommitteeReportFactory

PAGE = "/dashboard/reports/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-22 10:00 +0900", tick=False):
        yield


@pytest.fixture
def woken(monkeypatch):
    """What the worker was sent."""
    names = []
    monkeypatch.setattr(services.current_app, "send_task", lambda name, **_: names.append(name))
    return names


@pytest.fixture
def at(client, pi_a):
    client.force_login(pi_a)
    client.cookies["django_language"] = "en"
    return client


def words(response):
    return response.content.decode()


def test_the_form_offers_today_and_the_language_of_the_page(at):
    page = at.get(PAGE)
    assert page.context["form"].initial == {"as_of": date(2026, 11, 22), "language": "en"}
    assert "No report has been made yet." in words(page)


def test_the_day_of_the_dashboard_is_carried_over(at):
    assert 'value="2026-03-01"' in words(at.get(PAGE, {"on": "2026-03-01"}))


def test_a_report_is_asked_for_and_the_worker_is_woken(
    at, woken, site_01, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = at.post(PAGE, {"as_of": "2026-03-01", "language": "ko"})
    assert (response.status_code, response.headers["Location"]) == (302, PAGE)
    report = CommitteeReport.objects.get()
    assert (report.as_of, report.language, report.site_ids) == (date(2026, 3, 1), "ko", [site_01.pk])
    assert woken == [make_waiting_reports.name]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"as_of": "2026-11-23", "language": "en"}, "This day is still to come."),
        ({"as_of": "soon", "language": "en"}, "soon"),
        ({"as_of": "2026-03-01", "language": "fr"}, "fr"),
    ],
)
def test_what_cannot_be_made_is_said_and_what_was_typed_is_kept(at, typed, says):
    page = at.post(PAGE, typed)
    assert page.status_code == 200
    assert says in words(page)
    assert not CommitteeReport.objects.exists()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"state": "WAITING"}, "waiting"),
        ({"state": "RUNNING"}, "begun"),
        ({"state": "RUNNING", "done": 3, "total": 28}, "3 of 28 courses"),
        ({"state": "RUNNING", "done": 28, "total": 28}, "being drawn"),
    ],
)
def test_what_is_being_made_says_how_far_it_is_and_asks_again(at, site_01, values, says):
    CommitteeReportFactory(site_ids=[site_01.pk], pdf=None, sha256="", **values)
    page = words(at.get(PAGE))
    assert says in page
    assert 'hx-trigger="every 2s"' in page
    assert "Look again" in page


def test_htmx_gets_the_list_alone(at, site_01):
    CommitteeReportFactory(site_ids=[site_01.pk])
    part = words(at.get(PAGE, headers={"HX-Request": "true"}))
    assert part.lstrip().startswith("<section")
    assert "hx-trigger" not in part


def test_a_failed_report_says_why_and_what_to_do(at, site_01):
    CommitteeReportFactory(
        site_ids=[site_01.pk], state="FAILED", fault="Pango is missing", pdf=None, sha256=""
    )
    page = words(at.get(PAGE))
    assert "Pango is missing" in page
    assert "Ask for it again" in page


def test_the_file_opens_in_the_browser_under_its_day(at, site_01):
    report = CommitteeReportFactory(site_ids=[site_01.pk])
    response = at.get(f"/dashboard/reports/{report.uuid}.pdf")
    assert response.content == b"%PDF-1.7"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="committee-2025-03-01-en.pdf"'


def test_there_is_no_file_before_it_is_done(at, site_01):
    report = CommitteeReportFactory(site_ids=[site_01.pk], state="WAITING", pdf=None, sha256="")
    assert at.get(f"/dashboard/reports/{report.uuid}.pdf").status_code == 404


def test_a_report_about_another_site_is_not_there(at, site_02):
    report = CommitteeReportFactory(site_ids=[site_02.pk])
    assert "PDF" not in words(at.get(PAGE))
    assert at.get(f"/dashboard/reports/{report.uuid}.pdf").status_code == 404


def test_the_dashboard_leads_to_it(at):
    assert PAGE in words(at.get("/dashboard/"))
