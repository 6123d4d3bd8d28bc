"""The reports of an event: clocks, writing, printing, what was sent."""

import io
from datetime import date

import pypdf
import pytest

from adverse_events.models import AdverseEvent, ReportDispatch, ReportFile, SafetyReport
from clinic.services import reports as printing
from courses.printing import CannotPrint
from courses.services import rebuild_summaries
from tests.factories import AdverseEventFactory, LabResultFactory
from tests.report_factories import ReportDispatchFactory, SafetyReportFactory

LONG_AFTER = date(2099, 1, 1)  # what the trail saw at the database's own hour is known by then
pytestmark = pytest.mark.django_db
TEXTS = {
    "narrative": "Admitted with vomiting.\n구토로 입원함.",
    "other_drugs": "Ondansetron",
    "history": "None",
}


@pytest.fixture
def event(consulted):
    return AdverseEventFactory(
        patient=consulted,
        ae_no=2,
        term="Nausea",
        grade=3,
        started_on=date(2025, 7, 5),
        serious=["HOSPITALISATION"],
        aware_at="2025-07-06 16:30+09:00",
        causality="POSSIBLE",
    )


@pytest.fixture
def path(consulted, event):
    return f"/patients/{consulted.uuid}/adverse-events/2/reports/"


@pytest.fixture
def pi(hand, pi_a):
    return hand(pi_a)


def write(pi, path, **texts):
    return pi.send(f"{path}new/", "freeze", **TEXTS | texts)


def text_of(response):
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return "\n".join(page.extract_text() for page in pages)


def test_the_page_shows_the_clocks_in_words(pi, path):
    page = pi.open(path).content.decode()
    for words in ("6 h 30 min left", "judge expectedness", "Due soon", "Write the initial report"):
        assert words in page


def test_the_whole_report_is_read_before_it_stands(pi, path, consulted):
    LabResultFactory(patient=consulted, collected_on=date(2025, 7, 1), test="ANC", value="0.9")
    page = pi.send(f"{path}new/", "preview", **TEXTS).content.decode()
    for words in ("구토로 입원함.", "400 mg", "Possible", "Hospitalisation", "65 years", "Neutrophils 0.9"):
        assert words in page
    assert "1960" not in page and SafetyReport.objects.count() == 0


def test_texts_may_be_changed_before_it_stands(pi, path):
    page = pi.send(f"{path}new/", "edit", **TEXTS)
    assert page.context["form"]["narrative"].value() == TEXTS["narrative"]
    assert SafetyReport.objects.count() == 0


@pytest.mark.parametrize(("language", "words"), [("ko", "중대한 이상반응 보고서"), ("en", "Initial report")])
def test_a_written_report_is_printed_in_both_languages(pi, path, language, words):
    assert write(pi, path).status_code == 302
    pdf = pi.open(f"{path}1/pdf/{language}/")
    assert (pdf.headers["Content-Type"], pdf.headers["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )
    assert pdf.headers["Content-Disposition"] == f'inline; filename="01-101_ae2_v1_{language}.pdf"'
    text = text_of(pdf)
    for part in (words, "01-101", "NCT05385549", "구토로 입원함.", "Nausea"):
        assert part in text


def test_the_same_report_is_the_same_bytes(pi, path):
    write(pi, path)
    first = pi.open(f"{path}1/pdf/ko/").content
    drawn = printing.report_pdf(SafetyReport.objects.get(), "ko")
    assert first == drawn == bytes(ReportFile.objects.get(language="ko").pdf)


def test_a_follow_up_says_what_changed(path, event, nurse_a, pi_a, hand):
    write(hand(pi_a), path)
    changed = {"outcome": "RECOVERED/RESOLVED", "ended_on": "2025-07-07"}
    assert hand(nurse_a).send(path.replace("reports/", "change/"), **changed).status_code == 302
    pi = hand(pi_a)
    assert "del>Admitted" in write_preview(pi, path)
    write(pi, path, narrative="Went home.")
    text = text_of(pi.open(f"{path}2/pdf/en/"))
    assert "Follow-up report" in text and "Went home." in text and "Admitted with vomiting." in text
    assert AdverseEvent.objects.get(ae_no=2).safetyreport_set.count() == 2


def write_preview(pi, path):
    return pi.send(f"{path}new/", "preview", narrative="Went home.").content.decode()


def test_nothing_is_lost_where_nothing_can_be_printed(pi, path, monkeypatch):
    def cannot(*_arguments):
        raise CannotPrint("Pango is missing")

    monkeypatch.setattr(printing, "report_pdf", cannot)
    write(pi, path)
    answer = pi.client.get(f"{path}1/pdf/ko/", follow=True)
    assert "Pango is missing" in answer.content.decode() and SafetyReport.objects.count() == 1
    monkeypatch.undo()
    assert pi.open(f"{path}1/pdf/ko/").content.startswith(b"%PDF")


def test_somebody_who_was_slower_is_told(pi, path, event):
    page = pi.open(f"{path}new/")
    SafetyReportFactory(adverse_event=event)
    data = TEXTS | {"after_version": page.context["form"]["after_version"].value(), "action": "freeze"}
    assert "version 1 meanwhile" in pi.send_again(f"{path}new/", data).content.decode()


def test_what_was_sent_ends_the_clock(hand, nurse_a, path, event):
    nurse, form = hand(nurse_a), path.replace("reports/", "dispatches/new/")
    typed = {"recipients": ["SPONSOR"], "sent_at": "2025-07-07 09:00", "channel": "FAX"}
    assert nurse.send(form, **typed).status_code == 302
    page = nurse.open(path).content.decode()
    for words in ("Sent in time", "Something not written here", "1 h 0 min later"):
        assert words in page
    assert ReportDispatch.objects.get().recorded_by == nurse_a


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"sent_at": "2025-07-07 10:01"}, "future"),
        ({"recipients": []}, "required"),
        ({"sent_at": "noon"}, "valid"),
    ],
)
def test_an_impossible_sending_is_refused_in_words(hand, nurse_a, path, typed, sentence):
    given = {"recipients": ["SPONSOR"], "sent_at": "2025-07-07 09:00", "channel": "FAX"} | typed
    page = hand(nurse_a).send(path.replace("reports/", "dispatches/new/"), **given)
    assert sentence in page.content.decode() and ReportDispatch.objects.count() == 0


def test_a_nurse_reads_reports_and_writes_none(hand, nurse_a, path):
    nurse = hand(nurse_a)
    assert "An investigator writes the report." in nurse.open(path).content.decode()
    assert nurse.open(f"{path}new/").status_code == 403


@pytest.mark.parametrize("address", ["7/pdf/ko/", "1/pdf/fr/"])
def test_a_report_that_is_not_there_is_not_found(pi, path, event, address):
    SafetyReportFactory(adverse_event=event)
    assert pi.open(path + address).status_code == 404


def test_the_worklist_and_the_dashboard_lead_to_the_reports(hand, nurse_a, pi_a, path):
    for user, page in ((nurse_a, "/clinic/"), (pi_a, "/dashboard/")):
        found = hand(user).open(page).content.decode()
        assert f'href="{path}"' in found and "6 h 30 min left" in found


def test_the_dashboard_says_how_fast_events_are_entered_and_reported(pi, path, event):
    ReportDispatchFactory(adverse_event=event, sent_at=event.aware_at, recorded_at="2025-07-07 00:00+00:00")
    rebuild_summaries([event.patient_id], on=LONG_AFTER)
    (row,) = pi.open("/dashboard/").context["serious"].delays
    assert (row.site, row.delays.events, row.delays.sent_in_time, row.to_sent) == ("01", 1, 1, "0 min")


def test_queries_do_not_grow_with_what_was_written_and_sent(pi, path, event, django_assert_max_num_queries):
    for version in range(1, 6):
        report = SafetyReportFactory(adverse_event=event, version=version)
        for recipient in ("SPONSOR", "IRB"):
            ReportDispatchFactory(
                adverse_event=event,
                report=report,
                recipient=recipient,
                sent_at=f"2025-07-07 00:0{version}+00:00",
                recorded_at="2025-07-07 01:00+00:00",
            )
    with django_assert_max_num_queries(40):
        pi.open(path)


@pytest.mark.parametrize(
    ("aware_at", "is_red"), [("2025-07-05 16:30+09:00", True), ("2025-07-06 16:30+09:00", False)]
)
def test_only_a_report_that_is_overdue_turns_the_count_red(hand, nurse_a, consulted, aware_at, is_red):
    AdverseEventFactory(
        patient=consulted,
        ae_no=3,
        serious=["HOSPITALISATION"],
        started_on=date(2025, 7, 5),
        aware_at=aware_at,
    )
    page = hand(nurse_a).open("/clinic/")
    assert page.context["worklist"].has_overdue_report is is_red
