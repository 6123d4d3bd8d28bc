"""Bringing patients onto a newer version: the preview is what happens, once, and nobody is surprised."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Site, User
from audit import recording
from courses.models import CourseSummary
from patients.models import Amendment, Patient
from patients.services import screen_patient
from tests.factories import (
    DispositionFactory,
    EnrolmentFactory,
    OutcomeFactory,
    PatientFactory,
)
from tests.protocols import FIRST, SECOND, THIRD
from visits.models import Visit
from visits.rules.amendment import ChangeKind
from visits.selectors.amendment import LeftOut
from visits.services import PreviewChanged, apply_amendment, book_visit, preview_amendment, project_visits

TODAY = date(2025, 7, 7)
WHY = "Approved by the review board"
pytestmark = [pytest.mark.usefixtures("english")]


def make_patient(site, system, **facts):
    patient = PatientFactory(site=site, **facts)
    EnrolmentFactory(patient=patient)
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


@pytest.fixture
def patient(site_01, system):
    """T0 on 2025-01-06: half a year on treatment."""
    return make_patient(site_01, system)


@pytest.fixture
def amend(site_01, pi_a, second_version):
    """Preview and apply in one go, as the two pages do."""

    def do(*, version=SECOND, effective_on=TODAY, by=pi_a, patient=None, reason=WHY, site=site_01, seen=None):
        site.refresh_from_db()
        if patient is not None:
            patient.refresh_from_db()
        what = {"by": by, "site": site, "version": version, "effective_on": effective_on, "on": TODAY}
        preview = preview_amendment(**what, patient=patient)
        return apply_amendment(**what, patient=patient, reason=reason, expected=seen or preview.mark)

    return do


@pytest.fixture
def preview(site_01, pi_a, second_version):
    def look(**changed):
        what = {"by": pi_a, "site": site_01, "version": SECOND, "effective_on": TODAY, "on": TODAY}
        return preview_amendment(**(what | changed))

    return look


def windows(patient):
    rows = Visit.objects.filter(patient=patient, target_on__isnull=False)
    return {row.visit: (row.target_on, row.opens_on, row.closes_on) for row in rows}


def set_visit(patient, code, **values):
    with recording(by=User.objects.system(), reason="Test"):
        Visit.objects.filter(patient=patient, visit=code).update(**values)


def test_a_preview_writes_nothing(patient, preview):
    before = (windows(patient), Visit.objects.count())
    assert preview().patients[0].counts["MOVED"] > 10
    patient.refresh_from_db()
    assert (windows(patient), Visit.objects.count(), patient.protocol_version) == (*before, FIRST)


def test_the_patient_is_on_the_new_version_from_the_day(patient, amend):
    amend()
    patient.refresh_from_db()
    assert (patient.protocol_version, patient.earlier_versions, patient.amended_on) == (
        SECOND,
        [FIRST],
        [TODAY],
    )


def test_windows_still_to_come_follow(patient, amend):
    amend()
    assert windows(patient)["M9"] == (date(2025, 10, 6), date(2025, 9, 15), date(2025, 10, 27))


def test_a_visit_nobody_could_know_of_is_not_made(patient, amend, preview):
    assert "M1" not in {change.code for change in preview().patients[0].changes}
    amend()
    assert not Visit.objects.filter(patient=patient, visit="M1").exists()


def test_a_visit_whose_window_is_still_open_is_made(site_01, system, amend):
    late = make_patient(site_01, system, first_dose_on=date(2025, 6, 9))
    amend()
    assert windows(late)["M1"] == (date(2025, 7, 9), date(2025, 7, 9), date(2025, 7, 16))


def test_what_took_place_keeps_its_day_and_may_be_in_the_window_now(patient, amend, preview):
    set_visit(patient, "M6", occurred_on=date(2025, 6, 17))
    (change,) = [change for change in preview().patients[0].changes if change.code == "M6"]
    assert change.kind is ChangeKind.NEWLY_IN
    amend()
    assert Visit.objects.get(patient=patient, visit="M6").occurred_on == date(2025, 6, 17)


def test_the_booking_of_a_dropped_visit_is_cancelled_with_the_reason(definitions, patient, amend, system):
    definitions(drop="M57")
    booked = book_visit(by=system, visit=Visit.objects.get(visit="M57"), booked_on=date(2029, 10, 8))
    amend()
    row = Visit.objects.get(pk=booked.pk)
    assert (row.booked_on, row.target_on, row.revision) == (None, None, booked.revision + 1)
    assert row.events.latest("pgh_id").pgh_context["reason"] == f"Protocol amended: 2.0: {WHY}"


def test_a_dropped_visit_that_was_done_keeps_window_and_day(definitions, patient, amend):
    definitions(drop="W2")
    set_visit(patient, "W2", occurred_on=date(2025, 1, 20))
    before = windows(patient)["W2"]
    amend()
    assert windows(patient)["W2"] == before


def test_applied_twice_is_applied_once(patient, amend):
    first = amend()
    events = Visit.pgh_event_models["update"].objects.count()
    assert amend() is None
    assert Visit.pgh_event_models["update"].objects.count() == events
    assert list(Amendment.objects.all()) == [first]


@time_machine.travel("2025-07-01 10:00 +0900", tick=False)
def test_a_stale_preview_is_refused_and_the_new_one_is_shown(patient, preview, amend, system):
    seen = preview().mark
    book_visit(by=system, visit=Visit.objects.get(visit="M6"), booked_on=date(2025, 7, 8))
    with pytest.raises(PreviewChanged) as refused:
        amend(seen=seen)
    assert refused.value.preview.mark == preview().mark != seen
    assert Patient.objects.get().protocol_version == FIRST


@pytest.mark.parametrize(
    ("fact", "values"),
    [
        (
            DispositionFactory,
            {"record": "PARTICIPATION", "last_dose_on": None, "reason": "WITHDRAWAL BY SUBJECT"},
        ),
        (OutcomeFactory, {"kind": "DEATH"}),
    ],
)
def test_who_died_or_left_stays_on_the_old_version(patient, preview, amend, fact, values):
    fact(patient=patient, **values)
    assert [why for _, why in preview().left_out] == [LeftOut.GONE]
    amend()
    assert Patient.objects.get().protocol_version == FIRST


def test_who_ended_treatment_is_followed_under_the_new_version(patient, amend):
    DispositionFactory(patient=patient, record="TREATMENT", last_dose_on=TODAY, ended_on=TODAY)
    amend()
    assert Patient.objects.get().protocol_version == SECOND


def test_the_site_screens_under_the_new_version(site_01, pi_a, amend):
    amend()
    new = Patient(subject_id="01-900", site=Site.objects.get(pk=site_01.pk), entry_path="A")
    assert screen_patient(by=pi_a, patient=new).protocol_version == SECOND


def test_one_patient_alone_leaves_site_and_others_as_they_are(site_01, system, patient, amend):
    other = make_patient(site_01, system)
    record = amend(patient=patient)
    assert (record.patient, list(record.changes)) == (patient, [str(patient.pk)])
    other.refresh_from_db()
    site_01.refresh_from_db()
    assert (other.protocol_version, site_01.protocol_version) == (FIRST, FIRST)


def test_the_rest_of_the_site_follows_later(site_01, system, patient, amend, preview):
    other = make_patient(site_01, system)
    amend(patient=patient)
    found = preview()
    assert [one.patient for one in found.patients] == [other]
    assert found.left_out == ((patient, LeftOut.ALREADY),)


def test_nobody_goes_back(patient, amend):
    amend()
    with pytest.raises(ValidationError, match="going back is not possible"):
        amend(version=FIRST)
    with pytest.raises(ValidationError, match="going back is not possible"):
        amend(version=FIRST, patient=patient)


def test_a_patient_of_a_later_version_stays_there(definitions, patient, amend, preview):
    definitions(THIRD, follows=SECOND)
    amend(version=THIRD, patient=patient)
    assert [why for _, why in preview().left_out] == [LeftOut.OTHER_VERSION]


def test_two_amendments_follow_each_other_in_time(definitions, patient, amend, preview):
    definitions(THIRD, follows=SECOND)
    amend()
    assert [why for _, why in preview(version=THIRD, effective_on=date(2025, 7, 6)).left_out] == [
        LeftOut.LATER_AMENDED
    ]
    amend(version=THIRD)
    patient.refresh_from_db()
    assert (patient.earlier_versions, patient.amended_on) == ([FIRST, SECOND], [TODAY, TODAY])


@pytest.mark.parametrize("day", [date(2024, 1, 14), date(2025, 7, 8)])
def test_the_day_lies_between_approval_and_today(patient, preview, day):
    with pytest.raises(ValidationError, match="from the approval of this version, 2024-01-15, until today"):
        preview(effective_on=day)


def test_a_reason_is_needed(patient, amend):
    with pytest.raises(ValidationError, match="Say why the protocol is amended here"):
        amend(reason="  ")


@pytest.mark.parametrize("who", ["nurse_a", "monitor", "nurse_b", "outsider"])
def test_others_neither_look_nor_apply(patient, site_01, preview, amend, request, who):
    other = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        preview(by=other)
    with pytest.raises(PermissionDenied):
        apply_amendment(
            by=other, site=site_01, version=SECOND, effective_on=TODAY, reason=WHY, expected="", on=TODAY
        )


def test_what_follows_from_the_course_is_told(patient, amend, heard):
    amend()
    assert heard == [("amendment", [patient.pk])]
    assert CourseSummary.objects.filter(patient=patient).exists()


def test_the_act_is_kept_with_who_when_why(patient, amend, pi_a):
    record = amend()
    assert (record.version, record.applied_by, record.reason) == (SECOND, pi_a, WHY)
    assert record.changes[str(patient.pk)]["MOVED"] > 10
    actors = {event.pgh_context["actor"] for event in patient.events.filter(protocol_version=SECOND)}
    assert actors == {"pi_a"}


def test_the_mark_tells_any_difference_apart(patient, preview):
    found = preview()
    others = (
        preview(effective_on=date(2025, 7, 6)),
        replace(found, moves_site=False),
        replace(found, patients=()),
    )
    assert len({found.mark, *(other.mark for other in others)}) == 4


def test_a_preview_asks_as_often_for_many_as_for_one(site_01, system, patient, preview):
    with CaptureQueriesContext(connection) as one:
        preview()
    for _ in range(4):
        make_patient(site_01, system)
    with CaptureQueriesContext(connection) as many:
        preview()
    assert len(many) == len(one)
