"""Read versions, compare them, look at what an amendment would do, and bring it in."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dosing.models import Kit
from patients.models import Amendment, Patient
from tests.factories import (
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
    VisitFactory,
)
from tests.protocols import FIRST, SECOND, amendment_text, without
from visits.models import Visit
from visits.services import book_visit, project_visits

WHY = "Approved by the review board on 2025-07-01"
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def pi(hand, pi_a, second_version):
    return hand(pi_a)


@pytest.fixture
def path(site_01):
    return f"/amendments/{SECOND}/sites/{site_01.pk}/"


@pytest.fixture
def patient_path(consulted):
    return f"/amendments/{SECOND}/patients/{consulted.uuid}/"


def text(answer):
    return " ".join(answer.content.decode().split())


def bring_in(pi, path, **typed):
    page = pi.open(path)
    return pi.send(path, "apply", **({"reason": WHY, "seen": page.context["mark"]} | typed))


def version_of(patient):
    return Patient.objects.get(pk=patient.pk).protocol_version


def test_the_list_says_who_is_on_which_version(pi, consulted):
    page = pi.open("/amendments/")
    assert "1.0: 1 patient" in text(page)
    assert f"/amendments/{SECOND}/sites/{consulted.site_id}/" in page.content.decode()
    assert "No amendment has been brought in yet." in text(page)


def test_who_may_not_amend_is_not_led_there(hand, nurse_a, second_version, consulted):
    page = hand(nurse_a).open("/amendments/")
    assert "1.0: 1 patient" in text(page)
    assert "Preview version" not in text(page)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_version_is_read_in_words(pi, client, language):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    client.cookies["django_language"] = language
    page = text(pi.open(f"/amendments/{FIRST}/"))
    words = {
        "en": ("First dose + 6 months", "−14 to +14 days", "Assumption", "hold_alert_days", "&gt; 10"),
        "ko": ("첫 투약일", "복부·골반 CT", "hold_alert_days"),
    }
    assert [word for word in words[language] if word not in page] == []


def test_two_versions_beside_each_other(pi):
    page = text(pi.open(f"/amendments/{SECOND}/compare/{FIRST}/"))
    for words in (
        "Month 1",
        "Added",
        "−14 to +14 days",
        "−21 to +21 days",
        "adherence.good_percent",
        "7, 3, 1",
    ):
        assert words in page


def test_a_version_beside_itself_is_the_same(pi):
    page = text(pi.open(f"/amendments/{FIRST}/compare/{FIRST}/"))
    assert "The schedule is the same in both." in page and "All values are the same in both." in page


@pytest.mark.parametrize(
    "address", ["/amendments/amc2202_v9/", f"/amendments/{FIRST}/compare/amc2202_v9/", "/amendments/..%2Fx/"]
)
def test_a_version_nobody_wrote_is_not_found(pi, address):
    assert pi.open(address).status_code == 404


def test_a_preview_shows_old_and_new_and_writes_nothing(pi, path, consulted):
    page = pi.open(path)
    assert "01-101" in text(page) and "New target or window" in text(page)
    assert "15 Sep 2025 to 27 Oct 2025" in text(page)
    assert (version_of(consulted), Amendment.objects.count()) == (FIRST, 0)


def test_it_is_brought_in_and_the_page_after_says_what_happened(pi, path, consulted):
    answer = bring_in(pi, path)
    act = Amendment.objects.get()
    assert answer.headers["Location"] == f"/amendments/applied/{act.uuid}/"
    page = pi.open(answer.headers["Location"])
    assert WHY in text(page) and "pi_a" in text(page) and "01-101" in text(page)
    assert version_of(consulted) == SECOND


def test_a_reason_is_asked_for_and_nothing_typed_is_lost(pi, path, consulted):
    page = bring_in(pi, path, reason="", effective_on="2025-07-01")
    assert "This field is required" in text(page)
    assert page.context["form"]["effective_on"].value() == "2025-07-01"
    assert version_of(consulted) == FIRST


def test_another_day_shows_another_preview_and_keeps_the_reason(pi, path, consulted):
    page = pi.send(path, "show", effective_on="2025-02-01", reason="Half typed")
    assert page.context["preview"].effective_on == date(2025, 2, 1)
    assert page.context["form"]["reason"].value() == "Half typed"
    assert "Month 1" in text(page)  # its window was open on that day


@pytest.mark.parametrize(("day", "sentence"), [("soon", "valid date"), ("2025-07-08", "until today")])
def test_a_day_that_cannot_be_is_said(pi, path, consulted, day, sentence):
    assert sentence in text(pi.send(path, "show", effective_on=day))
    assert sentence in text(bring_in(pi, path, effective_on=day))
    assert version_of(consulted) == FIRST


def test_a_preview_that_is_stale_is_shown_anew(pi, path, consulted, system):
    seen = pi.open(path).context["mark"]
    book_visit(by=system, visit=Visit.objects.get(visit="M6"), booked_on=date(2025, 7, 8))
    page = bring_in(pi, path, seen=seen)
    assert "Something has changed" in text(page)
    assert page.context["form"]["reason"].value() == WHY
    assert version_of(consulted) == FIRST


def test_a_preview_of_another_day_is_not_what_was_seen(pi, path, consulted):
    assert "Something has changed" in text(bring_in(pi, path, effective_on="2025-02-01"))


def test_sent_twice_it_happens_once(pi, path, consulted):
    data = {
        "action": "apply",
        "reason": WHY,
        "effective_on": "2025-07-07",
        "seen": pi.open(path).context["mark"],
    }
    pi.send_again(path, data)
    pi.send_again(path, data)
    assert Amendment.objects.count() == 1


def test_nothing_left_to_do_is_no_act(pi, path, consulted):
    bring_in(pi, path)
    page = pi.open(path)
    assert "Nothing would change." in text(page) and "Bring in version" not in text(page)
    assert bring_in(pi, path).headers["Location"] == "/amendments/"


def test_one_patient_alone(pi, patient_path, consulted, site_01):
    page = pi.open(patient_path)
    assert page.context["banner"].patient == consulted
    assert bring_in(pi, patient_path).status_code == 302
    site_01.refresh_from_db()
    assert (version_of(consulted), site_01.protocol_version) == (SECOND, FIRST)


def test_going_back_is_refused_in_words(pi, path, consulted):
    bring_in(pi, path)
    page = pi.open(path.replace(SECOND, FIRST))
    assert "going back is not possible" in text(page)
    data = {"action": "apply", "reason": WHY, "effective_on": "2025-07-07", "seen": "x"}
    assert "going back is not possible" in text(pi.send_again(path.replace(SECOND, FIRST), data))


def test_bands_that_mean_something_else_are_said(pi, path, consulted):
    """85 of 91 tablets, 93 %: good under the first version, fair under the second."""
    kit = Kit.objects.get(kit_id="RX-77")
    KitReturnFactory(kit=kit, returned_on=date(2025, 7, 7), tablets_returned=15)
    KitFactory(patient=consulted, kit_id="RX-78", dispensed_on=date(2025, 7, 7))
    assert "Adherence by tablet count: good → fair" in text(pi.open(path))


def test_an_appointment_of_a_dropped_visit_is_named(definitions, pi, path, consulted, system):
    definitions(drop="M57")
    book_visit(by=system, visit=Visit.objects.get(visit="M57"), booked_on=date(2029, 10, 8))
    page = text(pi.open(path))
    assert "1 appointment would be cancelled" in page and "will be cancelled" in page


def test_pages_ask_as_often_for_many_as_for_one(pi, path, consulted, site_01, system):
    pi.open(path)
    with CaptureQueriesContext(connection) as one:
        pi.open(path)
    for number in range(201, 205):
        patient = PatientFactory(site=site_01, subject_id=f"01-{number}")
        EnrolmentFactory(patient=patient)
        project_visits(by=system, patient_ids=[patient.pk])
    with CaptureQueriesContext(connection) as many:
        pi.open(path)
    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("who", "status"), [("nurse_a", 403), ("monitor", 403), ("nurse_b", 404), ("outsider", 404)]
)
def test_others_bring_nothing_in(hand, request, second_version, consulted, path, patient_path, who, status):
    other = hand(request.getfixturevalue(who))
    for address in (path, patient_path):
        assert (other.open(address).status_code, other.send_again(address, {}).status_code) == (
            status,
            status,
        )


def test_an_appointment_outside_its_new_window_is_named(definitions, pi, path, consulted, system):
    narrow = amendment_text().replace("before_days = 21\nafter_days = 21", "before_days = 2\nafter_days = 2")
    definitions(text=narrow)
    book_visit(by=system, visit=Visit.objects.get(visit="M9"), booked_on=date(2025, 10, 16))
    page = text(pi.open(path))
    assert "1 appointment would stand outside its new window." in page
    assert "Booked for 16 Oct 2025, outside the new window: move it." in page


def test_what_becomes_of_the_course_is_said(definitions, pi, path, consulted):
    """A hold of 30 days, a first part of half a year, and month 6 gone: flag, phase, days and next visit."""
    DoseOrderFactory(patient=consulted, from_on=date(2025, 2, 1), pattern_mg=[0], reason="TOXICITY")
    DoseOrderFactory(patient=consulted, from_on=date(2025, 3, 3), reason="RESUME")
    changed = without(amendment_text(), "M6").replace("standard_months = 36", "standard_months = 6")
    definitions(text=changed.replace("hold_alert_days = 28", "hold_alert_days = 40"))
    page = text(pi.open(path))
    for sentence in (
        "Phase: Standard treatment → IP extension",
        "Extension from: 6 Jan 2028 → 6 Jul 2025",
        "Next visit: Month 6 · 6 Jul 2025 → Month 9 · 6 Oct 2025",
        "No longer flagged: Hold over 28 days · 1 Feb 2025",
    ):
        assert sentence in page


def test_an_act_nobody_did_is_not_found(pi):
    assert pi.open(f"/amendments/applied/{uuid4()}/").status_code == 404


def test_a_visit_that_only_another_version_knows_can_be_opened(definitions, pi, consulted):
    """It came with imported data; the patient is still on the first version."""
    definitions()
    VisitFactory(patient=consulted, visit="M1", visitnum=45, target_on=None, opens_on=None, closes_on=None)
    assert "Month 1" in text(pi.open(f"/patients/{consulted.uuid}/visits/M1/record/"))
