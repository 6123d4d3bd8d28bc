"""Reports to the committee: made from the facts of a day, the same bytes for the same facts."""

import hashlib
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from courses.printing import CannotPrint
from dashboard import services
from dashboard.models import CommitteeReport
from dashboard.rules.making import MOST_ATTEMPTS, SILENCE
from dashboard.selectors.reports import reports
from dashboard.services import make_reports, request_report

SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"
ON = date(2026, 3, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-22 10:00 +0900", tick=False) as clock:
        yield clock


@pytest.fixture
def cohort(site_01):
    call_command("import_cohort", str(SAMPLE), stdout=io.StringIO())


@pytest.fixture
def drawn(monkeypatch):
    """What would be printed, without printing it."""
    pages = []

    def pdf_of(html, *, title):
        pages.append(html)
        return title.encode()

    monkeypatch.setattr(services, "pdf_of", pdf_of)
    return pages


def asked(pi_a, language="en", on=ON):
    return request_report(by=pi_a, as_of=on, language=language)


def text_of(report):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(report.pdf))).pages)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Data cut-off", "1 Mar 2026", "Adherence")), ("ko", ("자료 기준일", "순응도", "운영위원회"))],
)
def test_the_file_reads_in_its_language(cohort, pi_a, language, words):
    report = asked(pi_a, language)
    assert make_reports() == 1
    report.refresh_from_db()
    text = text_of(report)
    assert [word for word in words if word not in text] == []
    assert report.sha256 == hashlib.sha256(bytes(report.pdf)).hexdigest()


def test_the_same_facts_and_day_give_the_same_bytes(cohort, pi_a, clock):
    first = asked(pi_a)
    make_reports()
    clock.shift(timedelta(days=3))
    second = asked(pi_a)
    make_reports()
    assert first.pk != second.pk
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.sha256 == second.sha256


def test_another_day_is_another_report(cohort, pi_a, drawn):
    asked(pi_a)
    asked(pi_a, on=date(2025, 3, 1))
    assert make_reports() == 2
    assert drawn[0] != drawn[1]


def test_the_document_has_no_links_and_no_variables(cohort, pi_a, drawn):
    asked(pi_a)
    make_reports()
    pictures = drawn[0].split("<svg")[1:]
    assert len(pictures) > 10
    assert all("<style>" in picture and "var(--" not in picture.split("</svg>")[0] for picture in pictures)
    assert "/patients/" not in drawn[0]


def test_progress_is_counted_in_courses(cohort, pi_a, drawn):
    report = asked(pi_a)
    make_reports()
    report.refresh_from_db()
    assert report.done == report.total > 0


def test_what_is_being_made_is_not_made_twice(pi_a):
    assert asked(pi_a) == asked(pi_a)
    assert CommitteeReport.objects.count() == 1


def test_a_day_to_come_is_refused(pi_a):
    with pytest.raises(ValidationError):
        asked(pi_a, on=date(2026, 11, 23))


def test_a_nurse_may_not(nurse_a):
    with pytest.raises(PermissionDenied):
        asked(nurse_a)


def test_only_who_sees_all_of_its_sites_sees_a_report(data_manager, monitor, pi_a, nurse_b):
    report = request_report(by=data_manager, as_of=ON, language="en")
    assert report in reports(monitor)
    assert report not in reports(pi_a)
    assert report not in reports(nurse_b)


def test_a_report_of_a_killed_worker_is_taken_up_again(pi_a, drawn, clock):
    report = asked(pi_a)
    services._take_up()
    assert make_reports() == 0
    clock.shift(SILENCE + timedelta(seconds=1))
    assert make_reports() == 1
    report.refresh_from_db()
    assert (report.state, report.attempts) == ("DONE", 2)


def test_a_report_that_kills_every_worker_is_given_up(pi_a, clock):
    report = asked(pi_a)
    for _ in range(MOST_ATTEMPTS):
        assert services._take_up() is not None
        clock.shift(SILENCE + timedelta(seconds=1))
    assert services._take_up() is None
    report.refresh_from_db()
    assert report.state == "FAILED"
    assert report.fault


def test_a_machine_that_cannot_print_says_what_it_lacks(pi_a, monkeypatch):
    def pdf_of(html, *, title):
        raise CannotPrint("Pango is missing")

    monkeypatch.setattr(services, "pdf_of", pdf_of)
    report = asked(pi_a)
    make_reports()
    report.refresh_from_db()
    assert (report.state, report.fault) == ("FAILED", "Pango is missing")


def test_a_fault_is_kept_by_its_kind_and_ends_no_worker(pi_a, monkeypatch):
    monkeypatch.setattr(services, "committee_html", lambda *_: 1 / 0)
    report = asked(pi_a)
    assert make_reports() == 1
    report.refresh_from_db()
    assert (report.state, report.fault) == ("FAILED", "ZeroDivisionError")


def test_the_database_wants_a_file_with_its_hash(pi_a):
    report = asked(pi_a)
    with pytest.raises(IntegrityError, match="a_report_is_done_with_its_file"), transaction.atomic():
        CommitteeReport.objects.filter(pk=report.pk).update(state="DONE")


def test_a_state_leads_only_where_the_table_says(pi_a):
    report = asked(pi_a)
    with pytest.raises(ValueError, match="WAITING"):
        services._move(report, services.ReportState.DONE)
    assert report.requested_at == timezone.now()
