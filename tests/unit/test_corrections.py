"""A data manager corrects records: at their sites, with a reason, under the rules of everybody, never halfway."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from accounts.permissions import Role
from audit.history import history_of, value_words
from audit.reasons import reason_of, reason_text, reason_words
from patients.corrections import add_record, correct_record, patient_of, site_of
from patients.models import Outcome
from tests.factories import (
    AdverseEventFactory,
    AssessmentFactory,
    DoseOrderFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
    SiteCalendarDayFactory,
    VisitFactory,
)
from visits.services.correction import correct_visit

pytestmark = pytest.mark.django_db
WHY = "Typing error: read 300 as 400"


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def order(site_01):
    return DoseOrderFactory(patient=PatientFactory(site=site_01))


def stored(record):
    return type(record).objects.get(pk=record.pk)


def test_a_correction_is_saved_with_who_and_why(order, data_manager, heard):
    order.pattern_mg = [300]
    assert correct_record(by=data_manager, record=order, reason=WHY)
    event = order.events.latest("pgh_id")
    assert (event.pgh_context["actor"], event.pgh_context["reason"]) == ("data_manager", WHY)
    assert stored(order).pattern_mg == [300]
    assert heard == [("correction", [order.patient_id])]


def test_nothing_different_is_not_saved(order, data_manager, heard):
    assert correct_record(by=data_manager, record=order, reason=WHY) is False
    assert (order.events.count(), heard) == (1, [])


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_correction_without_reason_is_refused(order, data_manager, reason):
    order.pattern_mg = [300]
    with pytest.raises(ValidationError, match="say why"):
        correct_record(by=data_manager, record=order, reason=reason)


@pytest.mark.parametrize("cast", ["nurse_a", "pi_a", "monitor", "administrator", "outsider"])
def test_only_data_managers_correct(order, cast, request):
    order.pattern_mg = [300]
    with pytest.raises(PermissionDenied):
        correct_record(by=request.getfixturevalue(cast), record=order, reason=WHY)
    assert stored(order).pattern_mg == [400]


def test_a_data_manager_of_another_site_corrects_nothing(order, person, site_02):
    order.pattern_mg = [300]
    with pytest.raises(PermissionDenied):
        correct_record(by=person("dm_02", Role.DATA_MANAGER, site_02), record=order, reason=WHY)


def test_a_patient_cannot_be_pulled_to_a_site_from_where_one_may_not_see_them(site_01, site_02, person):
    patient = PatientFactory(site=site_01)
    patient.site = site_02
    with pytest.raises(PermissionDenied):
        correct_record(by=person("dm_02", Role.DATA_MANAGER, site_02), record=patient, reason=WHY)


def test_the_rules_of_everybody_hold(site_01, data_manager):
    event = AdverseEventFactory(patient=PatientFactory(site=site_01), term="Periorbital edema")
    event.grade = 5
    with pytest.raises(ValidationError) as refused:
        correct_record(by=data_manager, record=event, reason=WHY)
    assert "grade" in refused.value.message_dict


def test_what_only_the_database_sees_is_said_and_taken_back(order, data_manager, heard):
    kit = KitFactory(patient=order.patient, tablets=100)
    KitReturnFactory(kit=kit, tablets_returned=90)
    type(kit).full_clean = lambda self, *args, **kwargs: None
    try:
        kit.tablets = 50
        with pytest.raises(ValidationError, match="90 tablets back"):
            correct_record(by=data_manager, record=kit, reason=WHY)
    finally:
        del type(kit).full_clean
    assert (stored(kit).tablets, heard) == (100, [])


def test_a_forgotten_record_is_added_without_a_reason(order, data_manager, heard):
    outcome = Outcome(patient=order.patient, kind="DISEASE_FREE", on=date(2025, 7, 1))
    assert add_record(by=data_manager, record=outcome)
    assert outcome.events.get().pgh_context["actor"] == "data_manager"
    assert heard == [("correction", [order.patient_id])]


def test_a_record_known_already_cannot_be_added_again(order, data_manager):
    twin = type(order)(patient=order.patient, from_on=order.from_on, anchor_on=order.from_on)
    twin.pattern_mg, twin.reason = [400], "START"
    with pytest.raises(ValidationError):
        add_record(by=data_manager, record=twin)


def test_every_record_leads_to_its_patient_and_site(site_01, system):
    patient = PatientFactory(site=site_01)
    visit = VisitFactory(patient=patient)
    kit_return = KitReturnFactory(kit=KitFactory(patient=patient))
    for record in (patient, visit, AssessmentFactory(visit=visit), kit_return):
        assert (patient_of(record), site_of(record)) == (patient, site_01)
    closed = SiteCalendarDayFactory(site=site_01)
    assert (patient_of(closed), site_of(closed)) == (None, site_01)


def test_a_calendar_day_is_corrected_for_the_whole_site(site_01, data_manager, heard):
    closed = SiteCalendarDayFactory(site=site_01)
    closed.note = "Founders' day"
    assert correct_record(by=data_manager, record=closed, reason=WHY)
    assert heard == []


class TestVisit:
    def test_a_corrected_visit_says_who_recorded_it_and_counts_on(self, site_01, data_manager):
        visit = VisitFactory(patient=PatientFactory(site=site_01))
        visit.occurred_on = date(2025, 7, 8)
        assert correct_visit(by=data_manager, visit=visit, reason=WHY)
        saved = stored(visit)
        assert (saved.recorded_by, saved.revision) == (data_manager, 1)

    def test_a_moved_booking_is_a_new_one(self, site_01, data_manager):
        visit = VisitFactory(patient=PatientFactory(site=site_01))
        visit.booked_on = date(2025, 7, 7)
        correct_visit(by=data_manager, visit=visit, reason=WHY)
        assert stored(visit).booked_at is not None
        visit.booked_on = None
        correct_visit(by=data_manager, visit=visit, reason=WHY)
        assert stored(visit).booked_at is None

    def test_an_unchanged_visit_stays_as_it_is(self, site_01, data_manager):
        visit = VisitFactory(patient=PatientFactory(site=site_01))
        assert correct_visit(by=data_manager, visit=visit, reason=WHY) is False
        assert stored(visit).revision == 0


class TestHistory:
    def test_each_entry_says_when_who_why_and_what(self, order, data_manager):
        order.pattern_mg = [400, 0]
        correct_record(by=data_manager, record=order, reason=WHY)
        changed, entered = history_of(order)
        assert (changed.who, changed.why, changed.kind_words) == ("data_manager", WHY, "Changed")
        assert [(c.label, c.old, c.new) for c in changed.changes] == [("Pattern (mg a day)", "400", "400, 0")]
        assert (entered.who, entered.kind_words) == ("system", "Entered")
        assert "Patient" not in [change.label for change in entered.changes]

    def test_only_what_came_after_an_event(self, order, data_manager):
        first = order.events.get().pgh_id
        order.pattern_mg = [300]
        correct_record(by=data_manager, record=order, reason=WHY)
        assert len(history_of(order, after=first)) == 1

    def test_another_record_is_called_by_its_name(self, site_01, site_02, data_manager):
        patient = PatientFactory(site=site_01)
        patient.site = site_02
        correct_record(by=data_manager, record=patient, reason=WHY)
        assert [(c.old, c.new) for c in history_of(patient)[0].changes] == [("01", "02")]

    @pytest.mark.parametrize(
        ("model", "field", "value", "words"),
        [
            ("visits.Visit", "not_done", True, "yes"),
            ("visits.Visit", "not_done", False, "no"),
            ("visits.Visit", "reason", "", ""),
            ("visits.LabResult", "value", "3.500000000000", "3.5"),
            ("visits.LabResult", "value", "400", "400"),
            ("dosing.Kit", "tablets", 0, "0"),
            ("patients.Tumour", "rupture_codes", ["R1", "N2"], "R1, N2"),
            ("patients.Tumour", "rupture_codes", [], ""),
        ],
    )
    def test_a_value_is_read_as_a_person_reads_it(self, model, field, value, words):
        found = apps.get_model(model)._meta.get_field(field)
        given = Decimal(value) if field == "value" else value
        assert value_words(found, given) == words


@pytest.mark.parametrize(
    ("code", "detail", "text"),
    [("SOURCE", "", "Differs from the source document"), ("OTHER", " moved ", "Another reason: moved")],
)
def test_a_reason_is_stored_in_english_words(code, detail, text, settings):
    settings.LANGUAGE_CODE = "ko"
    assert reason_text(code, detail) == text


@pytest.mark.parametrize(("detail", "text"), [("M3", "Seen at visit: M3"), (" ", "Seen at visit")])
def test_a_service_s_own_reason_keeps_its_detail_apart(detail, text):
    assert reason_of("Seen at visit", detail) == text


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("", ""),
        ("Typing error", "오타"),
        ("Differs from the source document: page 3", "근거 문서와 다름: page 3"),
        ("Visit booked", "방문 예약"),
        ("Seen at visit: M3", "방문에서 확인: M3"),
        ("My own words", "My own words"),
    ],
)
def test_a_reason_is_read_in_the_readers_language(stored, shown):
    with override("ko"):
        assert reason_words(stored) == shown
