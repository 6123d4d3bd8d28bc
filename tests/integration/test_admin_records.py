"""The admin site of a data manager: every change has a reason, nothing is deleted, other sites do not exist."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.permissions import Role
from adverse_events.models import AdverseEvent
from courses.models import CourseSummary
from dosing.models import DoseOrder, Kit, KitReturn
from patients.models import Disposition, Outcome, Patient, Tumour
from patients.record_admin import RecordAdmin
from patients.signals import announce
from reminders.models import Reminder
from tests import factories, report_factories
from tests.factories import (
    DispositionFactory,
    DoseOrderFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
    VisitFactory,
)
from visits.models import SiteCalendarDay, Visit

pytestmark = pytest.mark.django_db
WHY = {"reason_code": "SOURCE", "reason_detail": "page 3"}
RECORDS = [model for model, page in admin.site._registry.items() if isinstance(page, RecordAdmin)]
COMPUTED = {"CourseSummary", "Query", "Reminder"}
KNOWN = {**vars(factories), **vars(report_factories)}
FACTORIES = {f._meta.model: f for f in KNOWN.values() if hasattr(f, "_meta") and f._meta.model}


@pytest.fixture
def at(client, data_manager):
    """Signed in as the data manager of both sites, reading English."""
    client.force_login(data_manager)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def order(site_01):
    return DoseOrderFactory(patient=PatientFactory(subject_id="01-001", site=site_01))


def page(record, act="change"):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{act}", args=[record.pk])


def listing(model, act="changelist"):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}")


def answers(order, **changed):
    """What the form of an order sends when only `changed` is typed anew."""
    same = {
        "from_on": order.from_on,
        "pattern_mg": "400",
        "anchor_on": order.anchor_on,
        "reason": order.reason,
    }
    return same | {"comment": "", "seen_event": order.events.latest("pgh_id").pk} | WHY | changed


def errors_of(answer):
    return answer.context["adminform"].form.errors


def test_a_change_leaves_one_event_with_who_when_and_why(at, order):
    assert at.post(page(order), answers(order, pattern_mg="400/300")).status_code == 302
    entered, changed = order.events.order_by("pgh_id")
    assert changed.pattern_mg == [400, 300]
    assert changed.pgh_context["actor"] == "data_manager"
    assert changed.pgh_context["reason"] == "Differs from the source document: page 3"
    assert changed.pgh_created_at >= entered.pgh_created_at


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reason_code": ""}, "reason_code"), ({"reason_code": "OTHER", "reason_detail": " "}, "reason_detail")],
)
def test_a_change_without_a_reason_is_not_saved(at, order, given, field):
    answer = at.post(page(order), answers(order, pattern_mg="300", **given))
    assert list(errors_of(answer)) == [field]
    assert order.events.count() == 1


def test_saving_without_a_difference_saves_nothing(at, order):
    answer = at.post(page(order), answers(order), follow=True)
    assert "nothing was saved" in answer.text
    assert order.events.count() == 1


def test_the_second_saver_sees_what_the_first_one_saved(at, order):
    before = answers(order, pattern_mg="300")
    at.post(page(order), answers(order, comment="seen"))
    answer = at.post(page(order), before)
    assert "data_manager changed Comment from – to seen." in str(errors_of(answer))
    assert "Compare, then save again" in str(errors_of(answer))
    assert DoseOrder.objects.get(pk=order.pk).pattern_mg == [400]


def test_having_seen_the_difference_one_may_save_again(at, order):
    before = answers(order, pattern_mg="300")
    at.post(page(order), answers(order, comment="seen"))
    shown = at.post(page(order), before).context["adminform"].form
    assert at.post(page(order), before | {"seen_event": shown["seen_event"].value()}).status_code == 302


def test_a_refusal_of_the_rules_is_an_error_of_the_form(at, site_01):
    event = factories.AdverseEventFactory(patient=PatientFactory(site=site_01))
    sent = {"term": event.term, "grade": 5, "started_on": event.started_on, **WHY}
    answer = at.post(page(event), sent | {"seen_event": event.events.get().pk})
    assert "grade" in errors_of(answer)


def test_a_refusal_of_the_database_is_an_error_of_the_form(at, order, monkeypatch):
    """The rule that should have said it is switched off: the deferred trigger still stands."""
    kit = KitFactory(patient=order.patient, tablets=100)
    KitReturnFactory(kit=kit, tablets_returned=90)
    monkeypatch.setattr(Kit, "clean", lambda self: None)
    sent = {"kit_id": kit.kit_id, "dispensed_on": kit.dispensed_on, "source": kit.source, "strength_mg": 400}
    answer = at.post(page(kit), sent | {"tablets": 50, "seen_event": kit.events.get().pk} | WHY)
    assert "only 50 were out" in str(errors_of(answer))
    assert Kit.objects.get(pk=kit.pk).tablets == 100


def test_one_may_stay_on_the_form(at, order):
    answer = at.post(page(order), answers(order, comment="seen", _continue="1"))
    assert answer.url == page(order)


def test_one_may_add_another(at, order):
    sent = {"patient": "01-001", "kind": "ALIVE", "on": "2025-07-01", "_addanother": "1"}
    assert at.post(listing(Outcome, "add"), sent).url == listing(Outcome, "add")


@pytest.mark.parametrize(
    "factory", [factories.ConsentFactory, factories.EnrolmentFactory, factories.ContactFactory]
)
def test_every_form_of_entry_opens_with_its_record(at, site_01, factory):
    record = factory(patient=PatientFactory(site=site_01))
    assert at.get(page(record)).status_code == 200


def test_what_is_computed_is_read_only(at, order):
    announce([order.patient_id], "test")
    summary = CourseSummary.objects.get()
    answer = at.get(page(summary))
    assert "mean_daily_mg" in answer.text and 'name="_save"' not in answer.text
    assert at.post(page(summary), {}).status_code == 403
    assert "no history of its own" in at.get(page(summary, "history")).text


def test_an_administrator_reads_no_records(client, administrator, order):
    client.force_login(administrator)
    assert client.get(page(order)).status_code in (403, 404)
    assert client.get(page(order, "history")).status_code == 404


def test_the_history_stands_beside_the_form_and_on_its_own_page(at, order):
    at.post(page(order), answers(order, pattern_mg="300"))
    for address in (page(order), page(order, "history")):
        text = at.get(address).text
        assert "Differs from the source document: page 3" in text
        assert "<del>400</del>" in text and "<ins>300</ins>" in text


def test_a_forgotten_record_is_added_by_subject_id(at, order):
    sent = {"patient": "01-001", "from_on": "2025-03-01", "pattern_mg": "0", "anchor_on": "2025-03-01"}
    answer = at.post(listing(DoseOrder, "add"), sent | {"reason": "SUPPLY", "comment": ""})
    assert answer.status_code == 302
    assert DoseOrder.objects.get(from_on=date(2025, 3, 1)).events.get().pgh_context["actor"] == "data_manager"


def test_an_order_names_the_event_it_was_for_by_number(at, order):
    event = factories.AdverseEventFactory(patient=order.patient, ae_no=7)
    at.post(page(order), answers(order, ae_no="7"))
    assert DoseOrder.objects.get(pk=order.pk).adverse_event == event
    latest = answers(order, ae_no="8")
    assert "no adverse event of that number" in str(errors_of(at.post(page(order), latest)))


def test_a_return_is_added_by_the_number_of_its_kit(at, order):
    KitFactory(patient=order.patient, kit_id="RX-1", tablets=30)
    sent = {
        "kit": "RX-1",
        "returned_on": "2025-02-01",
        "tablets_returned": 3,
        "tablets_lost": 0,
        "tablets_kept": 0,
    }
    assert at.post(listing(KitReturn, "add"), sent).status_code == 302
    assert KitReturn.objects.get().tablets_returned == 3


@pytest.mark.parametrize(("typed", "stored"), [("", []), ("UNK", None), ("r1; N2", ["R1", "N2"])])
def test_rupture_codes_are_typed_as_the_cohort_folder_writes_them(at, order, typed, stored):
    sent = {"patient": "01-001", "rupture_codes": typed, "pdgfra_d842v": "unknown"}
    at.post(listing(Tumour, "add"), sent)
    assert Tumour.objects.get().rupture_codes == stored


def test_a_code_that_is_none_is_refused(at, order):
    answer = at.post(listing(Tumour, "add"), {"patient": "01-001", "rupture_codes": "R9"})
    assert "Not a rupture code: R9" in str(errors_of(answer))


def test_a_visit_is_corrected_through_its_own_service(at, site_01):
    visit = VisitFactory(patient=PatientFactory(site=site_01))
    sent = {"occurred_on": "2025-07-08", "reason": "", **WHY, "seen_event": visit.events.latest("pgh_id").pk}
    assert at.post(page(visit), sent).status_code == 302
    assert Visit.objects.get(pk=visit.pk).recorded_by.username == "data_manager"


def test_a_day_on_which_a_site_is_closed_is_added(at, site_01):
    sent = {"site": site_01.pk, "on": "2026-05-15", "note": "Founders' day"}
    assert at.post(listing(SiteCalendarDay, "add"), sent).status_code == 302


class TestOtherSites:
    @pytest.fixture
    def at_02(self, client, person, site_02):
        client.force_login(person("dm_02", Role.DATA_MANAGER, site_02))
        return client

    @pytest.mark.parametrize("act", ["change", "history", "delete"])
    def test_a_record_of_another_site_is_not_found(self, at_02, order, act):
        assert at_02.get(page(order, act)).status_code in ({403, 404} if act == "delete" else {404})

    def test_it_cannot_be_changed_either(self, at_02, order):
        assert at_02.post(page(order), answers(order, pattern_mg="300")).status_code == 404
        assert order.events.count() == 1

    @pytest.mark.parametrize("model", [DoseOrder, Patient, AdverseEvent, Visit, Kit])
    def test_no_list_shows_it(self, at_02, order, model):
        VisitFactory(patient=order.patient)
        KitFactory(patient=order.patient)
        factories.AdverseEventFactory(patient=order.patient)
        assert "01-001" not in at_02.get(listing(model)).text

    def test_nothing_can_be_added_to_its_patients(self, at_02, order):
        sent = {"patient": "01-001", "from_on": "2025-03-01", "pattern_mg": "0", "anchor_on": "2025-03-01"}
        answer = at_02.post(listing(DoseOrder, "add"), sent | {"reason": "SUPPLY"})
        assert "patient" in errors_of(answer)

    def test_its_site_is_no_filter(self, at_02, order):
        assert "01 · " not in at_02.get(listing(DoseOrder)).text
        assert "01-001" not in at_02.get(listing(DoseOrder) + "?site=01").text


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m.__name__)
def test_nothing_clinical_is_deleted(at, model):
    page = admin.site._registry[model]
    assert page.actions is None
    assert page.has_delete_permission(None) is False


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m.__name__)
def test_every_list_can_be_searched_filtered_and_narrowed_by_site(at, model):
    page = admin.site._registry[model]
    assert page.list_filter[0].parameter_name == "site"
    answer = at.get(listing(model) + "?q=x&site=01")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "model", [m for m in RECORDS if m.__name__ not in COMPUTED], ids=lambda m: m.__name__
)
def test_a_list_costs_the_same_however_long_it_is(at, site_01, model):
    """A page of ten records takes as many statements as a page of one."""
    make, fields = FACTORIES[model], {"site": site_01} if model in (Patient, SiteCalendarDay) else {}
    counts = []
    for number in (1, 9):
        for n in range(number):
            make(**fields, **({"on": date(2026, 1, number + n)} if model is SiteCalendarDay else {}))
        with CaptureQueriesContext(connection) as queries:
            assert at.get(listing(model)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "query", ["?nonsense=1", "?site=99", "?o=99", "?o=-x", "?q=%27--", "?grade=x", "?p=x"]
)
def test_an_impossible_filter_is_no_failure(at, order, query):
    assert at.get(listing(AdverseEvent) + query).status_code in (200, 302, 400)


def test_the_first_page_says_what_waits(at, order):
    factories.QueryFactory(patient=order.patient)
    factories.SiteFactory(code="01")
    answer = at.get("/admin/")
    assert "1 query is open." in answer.context["notices"]
    assert "To look at" in answer.text


def test_a_query_is_read_as_a_question(at, order):
    factories.QueryFactory(patient=order.patient)
    assert "no mail can reach the address" in at.get(listing(factories.Query)).text


def test_queries_are_narrowed_by_state_and_kind(at, order):
    factories.QueryFactory(patient=order.patient)
    for query, count in (("?state=open&code=EMAIL_UNUSABLE", 1), ("?state=closed", 0), ("?code=OVERUSE", 0)):
        assert at.get(listing(factories.Query) + query).context["cl"].result_count == count


def test_django_keeps_no_second_log(at, order):
    at.post(page(order), answers(order, pattern_mg="300"))
    assert admin.models.LogEntry.objects.count() == 0


@pytest.mark.parametrize("page", admin.site._registry.values(), ids=lambda page: page.model.__name__)
def test_every_column_has_its_korean_head(page):
    with override("ko"):
        heads = {str(label_for_field(name, page.model, page)) for name in page.list_display}
    assert {head for head in heads if head.isascii()} <= {"ECOG", "HIV"}


@pytest.mark.parametrize("record", ["TREATMENT", "PARTICIPATION"])
def test_codes_are_said_in_words_in_lists_and_filters(at, site_01, record):
    patient = PatientFactory(site=site_01, sex="F")
    last = {"last_dose_on": None} if record == "PARTICIPATION" else {}
    DispositionFactory(patient=patient, record=record, **last)
    at.cookies["django_language"] = "ko"
    for model in (Disposition, Patient):
        shown = at.get(listing(model)).content.decode()
        assert f">{record}<" not in shown and ">F<" not in shown


def test_states_of_reminders_are_filtered_in_words(at):
    at.cookies["django_language"] = "ko"
    shown = at.get(listing(Reminder)).content.decode()
    assert "발송 중" in shown and "CLAIMED<" not in shown
