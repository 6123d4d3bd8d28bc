"""Every clinical table leaves one event per changed row, and refuses a change that nobody answers for."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from pghistory.models import Event

from audit import recording
from tests import factories, report_factories

CLINICAL_APPS = ("patients", "visits", "adverse_events", "dosing", "review")
IN_ACCOUNTS = ("Site", "Delegation")
REFUSED = (ProgrammingError, InternalError)


def clinical_models():
    models = [
        m for app in CLINICAL_APPS for m in apps.get_app_config(app).get_models() if not issubclass(m, Event)
    ]
    return models + [apps.get_model("accounts", name) for name in IN_ACCOUNTS]


FACTORIES = {
    factory._meta.model: factory
    for factory in (vars(factories) | vars(report_factories)).values()
    if isinstance(factory, type)
    and issubclass(factory, factories.ClinicalFactory)
    and factory is not factories.ClinicalFactory
}
every_model = pytest.mark.parametrize("factory", FACTORIES.values(), ids=lambda f: f._meta.model.__name__)
KEPT_AS_DECIDED = {
    "EligibilityRecord",
    "SafetyReport",
    "ReportFile",
}  # neither changed nor deleted, whoever asks
every_changing_model = pytest.mark.parametrize(
    "factory",
    [factory for model, factory in FACTORIES.items() if model.__name__ not in KEPT_AS_DECIDED],
    ids=lambda f: f._meta.model.__name__,
)


def last_event(row):
    return row.events.order_by("pgh_id").last()


def touch(row):
    """A raw UPDATE that changes nothing but is one."""
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET id = id WHERE id = %s', [row.pk])


@pytest.mark.parametrize("model", clinical_models(), ids=lambda m: m.__name__)
def test_every_clinical_table_has_its_triggers(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname ~ %s AND tgenabled = 'O'",
            [model._meta.db_table, "needs_actor|never_truncate|insert_insert|update_update|delete_delete"],
        )
        assert cursor.fetchone() == (5,)


def test_every_clinical_model_is_tried_here():
    assert {m.__name__ for m in clinical_models()} - {m.__name__ for m in FACTORIES} == set()


@every_model
def test_insert_leaves_one_event_with_who_and_when(system, factory):
    row = factory()
    event = row.events.get()
    assert (event.pgh_label, event.pgh_context["actor"]) == ("insert", "system")
    assert event.pgh_created_at is not None


@every_changing_model
def test_raw_update_leaves_one_event_with_the_reason(system, factory):
    row = factory()
    with recording(by=system, reason="Typing error"):
        touch(row)
    assert row.events.count() == 2
    assert last_event(row).pgh_context["reason"] == "Typing error"


@every_changing_model
def test_queryset_update_leaves_one_event_a_row(system, factory):
    row = factory()
    with recording(by=system, reason="Typing error"):
        type(row)._default_manager.filter(pk=row.pk).update(id=row.pk)
    assert [e.pgh_label for e in row.events.order_by("pgh_id")] == ["insert", "update"]


@every_changing_model
def test_delete_leaves_one_event(system, factory):
    row = factory()
    pk, events = row.pk, type(row).pgh_event_models["insert"]
    with recording(by=system, reason="Entered twice"):
        type(row)._default_manager.filter(pk=pk)._raw_delete(using="default")
    assert events.objects.filter(pgh_obj_id=pk, pgh_label="delete").count() == 1


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize(
    "factory", [factory for model, factory in FACTORIES.items() if model.__name__ in KEPT_AS_DECIDED]
)
def test_what_was_decided_is_neither_changed_nor_deleted(system, factory, act):
    row = factory()
    rows = type(row)._default_manager.filter(pk=row.pk)
    with pytest.raises(REFUSED), recording(by=system, reason="Typing error"):
        rows.update(id=row.pk) if act == "update" else rows._raw_delete(using="default")


@every_model
def test_a_write_without_actor_is_refused(system, factory):
    row = factory()
    with pytest.raises(REFUSED, match="no actor"), transaction.atomic():
        touch(row)


@every_model
def test_a_change_without_reason_is_refused(system, factory):
    row = factory()
    with pytest.raises(REFUSED, match="no reason"), recording(by=system, reason="  "):
        touch(row)


@every_model
@pytest.mark.parametrize("statement", ["UPDATE {t} SET pgh_label = 'x'", "DELETE FROM {t}", "TRUNCATE {t}"])
def test_the_trail_is_refused_to_its_owner_too(system, factory, statement):
    trail = factory().events.model._meta.db_table
    with pytest.raises(REFUSED), recording(by=system, reason="No"), connection.cursor() as cursor:
        cursor.execute(statement.format(t=f'"{trail}"'))


@every_model
def test_truncate_of_a_clinical_table_is_refused(system, factory):
    table = factory._meta.model._meta.db_table
    with (
        pytest.raises(REFUSED, match="TRUNCATE"),
        recording(by=system, reason="No"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f'TRUNCATE "{table}" CASCADE')


def test_bulk_create_leaves_one_event_a_row(system):
    patient = factories.PatientFactory()
    outcome = factories.OutcomeFactory._meta.model
    rows = [outcome(patient=patient, kind="ALIVE", on=factories.T0.replace(day=d)) for d in (7, 8)]
    with recording(by=system):
        type(rows[0]).objects.bulk_create(rows)
    assert [row.events.count() for row in patient.outcomes.all()] == [1, 1]


def copy_site(code):
    columns = "code, name_ko, name_en, place_ko, place_en, phone_ko, phone_en, protocol_version"
    with connection.cursor() as cursor, cursor.copy(f"COPY accounts_site ({columns}) FROM STDIN") as copy:
        copy.write_row((code, "", "", "", "", "", "", "amc2202_v1"))


def test_copy_is_attributed_like_any_write(system):
    with recording(by=system):
        copy_site("77")
    site = factories.SiteFactory._meta.model.objects.get(code="77")
    assert site.events.get().pgh_context["actor"] == "system"


def test_copy_without_actor_is_refused(system):
    refused = psycopg.errors.InsufficientPrivilege  # COPY speaks to the driver directly
    with pytest.raises(refused, match="no actor"), transaction.atomic():
        copy_site("77")


def test_an_ended_recording_attributes_nothing_more(system):
    row = factories.SiteFactory()
    with recording(by=system, reason="First"):
        touch(row)
    with pytest.raises(REFUSED, match="no actor"), transaction.atomic():
        touch(row)


def test_a_failed_recording_takes_its_actor_back(system):
    row = factories.SiteFactory()
    with pytest.raises(ValueError), recording(by=system, reason="First"):
        raise ValueError
    with pytest.raises(REFUSED, match="no actor"), transaction.atomic():
        touch(row)


def test_recordings_nest_and_the_outer_one_returns(system, nurse_a, site_01):
    with recording(by=system, reason="Outer"):
        with recording(by=nurse_a, reason="Inner"):
            touch(site_01)
        touch(site_01)
    said = [e.pgh_context for e in site_01.events.order_by("pgh_id")[1:]]
    assert [(c["actor"], c["reason"]) for c in said] == [("nurse_a", "Inner"), ("system", "Outer")]


@pytest.mark.django_db(transaction=True)
def test_a_committed_test_leaves_a_clean_house_with_its_system_user():
    factories.SiteFactory(code="committed")


@pytest.mark.django_db(transaction=True)
def test_after_a_committed_test_nothing_is_left_of_it(system):
    assert not factories.SiteFactory._meta.model.objects.filter(code="committed").exists()
