"""A second import: nothing for the same folder, a fault for a row that differs, a change where one is meant."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Site
from accounts.permissions import Role
from adverse_events.models import AdverseEvent, EventGrade
from audit import recording
from dosing.models import DoseOrder, Kit
from exchange.services import import_cohort
from patients.models import Consent, Contact, Enrolment, Patient
from tests.small_cohort import ROWS, TODAY
from visits.models import LabResult, Visit
from visits.services import project_visits

pytestmark = pytest.mark.django_db

EVENT_TABLES = [Patient, Contact, DoseOrder, Kit, LabResult, Visit]
ROW_COUNT = sum(len(rows) for rows in ROWS.values())
# file, row, column, value: what a correction at the site may change
DIFFERENT = [
    ("patients.csv", 2, "site_id", "03"),
    ("patients.csv", 2, "sex", "M"),
    ("patients.csv", 2, "birth_date", ""),
    ("patients.csv", 2, "consent_on", "2025-01-03"),
    ("patients.csv", 2, "consent_on", ""),
    ("patients.csv", 2, "enrolled_on", "2025-01-06"),
    ("patients.csv", 2, "enrolled_on", ""),
    ("patients.csv", 3, "enrolled_on", "2025-01-06"),
    ("patients.csv", 2, "first_dose_on", "2025-01-07"),
    ("patients.csv", 2, "tumour_size_cm", "11.25"),
    ("patients.csv", 2, "rupture", ""),
    ("patients.csv", 3, "rupture", "N1"),
    ("patients.csv", 2, "pdgfra_d842v", ""),
    ("patients.csv", 2, "email", "new@example.org"),
    ("patients.csv", 2, "reminders", "no"),
    ("screening.csv", 2, "anc", "3.6"),
    ("screening.csv", 2, "cardiovascular_event_on", "2024-12-01"),
    ("screening.csv", 3, "cardiovascular_event_on", ""),
    ("dose_orders.csv", 3, "pattern_mg", "300"),
    ("dose_orders.csv", 3, "anchor_on", ""),
    ("dose_orders.csv", 3, "ae_no", ""),
    ("missed_doses.csv", 2, "doses_missed", "3"),
    ("dispensing.csv", 2, "tablets", "61"),
    ("returns.csv", 2, "tablets_lost", "1"),
    ("visits.csv", 2, "occurred_on", "2025-01-21"),
    ("visits.csv", 2, "reason", "late"),
    ("visits.csv", 4, "reason", "a fall"),
    ("bookings.csv", 2, "booked_for", "2026-12-07"),
    ("labs.csv", 2, "value", "3.51"),
    ("labs.csv", 3, "unit", "10^9/L"),
    ("adverse_events.csv", 2, "serious", ""),
    ("adverse_events.csv", 2, "aware_at", "2025-02-21T00:30:01Z"),
    ("disposition.csv", 3, "reason", "OTHER"),
]
SAME = [
    ("patients.csv", 2, "rupture", "N2;R1"),
    ("patients.csv", 2, "tumour_size_cm", "011.20"),
    ("dose_orders.csv", 2, "anchor_on", "2025-01-06"),
    ("dose_orders.csv", 3, "ae_no", "01"),
    ("returns.csv", 2, "tablets_lost", "0"),
    ("labs.csv", 2, "value", "3.5"),
    ("adverse_events.csv", 2, "serious", "DISABILITY;HOSPITALISATION"),
    ("adverse_events.csv", 2, "aware_at", "2025-02-21T00:30:00Z"),
]


def events():
    return [model.pgh_event_model.objects.count() for model in EVENT_TABLES]


def test_the_same_folder_changes_nothing_and_says_so(stored, system, heard):
    before = events()
    result = stored.import_(system)
    assert result.total.numbers == (0, 0, ROW_COUNT)
    assert (events(), heard) == (before, [])


@pytest.mark.parametrize(("file", "row", "column", "value"), SAME)
def test_another_way_of_writing_the_same_is_no_difference(stored, system, file, row, column, value):
    assert stored.set(file, row, **{column: value}).import_(system).total.numbers == (0, 0, ROW_COUNT)


@pytest.mark.parametrize(("file", "row", "column", "value"), DIFFERENT)
def test_a_row_that_differs_is_reported_at_the_column_that_differs(stored, system, file, row, column, value):
    stored.set(file, row, **{column: value})
    assert stored.faults(system) == [(file, row, column)]


@pytest.mark.parametrize(("file", "row", "column", "value"), DIFFERENT)
def test_an_update_changes_the_row_and_leaves_the_same_folder_unchanged(
    stored, system, file, row, column, value
):
    stored.set(file, row, **{column: value})
    assert stored.import_(system, update=True, reason="Source data checked").total.numbers == (
        0,
        1,
        ROW_COUNT - 1,
    )
    assert stored.import_(system).total.numbers == (0, 0, ROW_COUNT)


def test_a_difference_is_told_with_what_is_stored_and_what_is_given(stored, system):
    stored.set("labs.csv", 2, value="4.1", unit="G/L").set("patients.csv", 2, pdgfra_d842v="yes", rupture="")
    messages = {fault.column: fault.message for fault in stored.reported(system)}
    assert messages["value"] == 'differs from what is stored, expected "3.5", not "4.1" (or --update)'
    assert 'expected "R1;N2", not blank' in messages["rupture"]


def test_an_update_carries_its_reason_into_the_trail_of_the_changed_row_alone(stored, system):
    before = events()
    stored.set("labs.csv", 2, value="4.1").import_(system, update=True, reason="Transcription")
    assert events() == [*before[:4], before[4] + 1, before[5]]
    event = LabResult.pgh_event_model.objects.latest("pgh_id")
    assert (event.pgh_label, event.pgh_context["actor"], event.pgh_context["reason"]) == (
        "update",
        "system",
        "Transcription",
    )


def test_an_update_without_a_reason_is_refused(stored, system):
    with pytest.raises(ValueError, match="reason"):
        stored.import_(system, update=True, reason=" ")


def test_rows_that_are_not_in_the_folder_stay(stored, system):
    stored.rows["labs.csv"].clear()
    stored.import_(system, update=True, reason="Less")
    assert LabResult.objects.count() == 2


def test_a_part_of_the_folder_refers_to_what_is_stored(stored, system):
    stored.only("patients.csv", "returns.csv", "dose_orders.csv").rows["patients.csv"].clear()
    stored.set("dose_orders.csv", 2, from_on="2025-02-15", reason="OTHER", ae_no="1")
    assert stored.import_(system).total.numbers == (1, 0, 3)


def test_only_new_rows_of_a_grown_folder_are_written(stored, system, heard):
    stored.add("labs.csv", subject_id="02-001", collected_on="2025-02-01", test="ANC", value="1")
    assert stored.import_(system).total.numbers == (1, 0, ROW_COUNT)
    assert heard == [("import", [Patient.objects.get(subject_id="02-001").pk])]


def test_what_the_product_itself_writes_disturbs_nothing(stored, system):
    patient = Patient.objects.get(subject_id="01-001")
    project_visits(by=system, patient_ids=[patient.pk])
    with recording(by=system, reason="The patient's own word"):
        Contact.objects.filter(patient=patient).update(
            opted_out_at=timezone.now(), opted_in_on=date(2025, 1, 2), form_version="2"
        )
        Visit.objects.filter(patient=patient, visit="M2").update(did_not_come=True)
    assert stored.import_(system).total.numbers == (0, 0, ROW_COUNT)


def test_a_consent_signed_in_the_product_counts_as_the_one_of_the_folder(stored, system):
    with recording(by=system, reason="Version of the form known"):
        Consent.objects.filter(purpose="STUDY").update(version="3.1")
    assert (
        stored.set("patients.csv", 2, sex="M").import_(system, update=True, reason="Typo").total.changed == 1
    )
    assert Consent.objects.filter(purpose="STUDY").count() == 1


@pytest.mark.parametrize(("column", "model"), [("consent_on", Consent), ("enrolled_on", Enrolment)])
def test_a_day_taken_back_takes_its_record_back_and_the_trail_keeps_it(stored, system, column, model):
    stored.set("patients.csv", 2, **{column: ""}).import_(system, update=True, reason="Not signed")
    assert not model.objects.exists()
    assert list(model.pgh_event_model.objects.values_list("pgh_label", flat=True)) == ["insert", "delete"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("patients.csv", 2, {"enrolled_on": "2026-02-02"}), ("patients.csv", 2, "enrolled_on")),
        (("dispensing.csv", 3, {"dispensed_on": "2025-04-02"}), ("dispensing.csv", 3, "dispensed_on")),
        (("dispensing.csv", 2, {"tablets": "8"}), ("dispensing.csv", 2, "tablets")),
        (("disposition.csv", 2, {"last_dose_on": "2025-02-28"}), ("disposition.csv", 2, "last_dose_on")),
    ],
)
def test_a_change_that_contradicts_rows_stored_before_is_reported(stored, system, change, fault):
    file, row, cells = change
    stored.only(file).set(file, row, **cells)
    if file != "patients.csv":
        stored.rows["patients.csv"] = []
    assert stored.faults(system, update=True, reason="Correction") == [fault]


def test_a_kit_stored_for_somebody_else_is_reported_where_it_is_named(stored, system):
    stored.only("patients.csv", "dispensing.csv").set("dispensing.csv", 2, subject_id="02-001")
    assert stored.faults(system, update=True, reason="?") == [("dispensing.csv", 2, "kit_id")]


def test_a_dry_run_counts_and_writes_nothing(cohort, system, heard):
    assert cohort.import_(system, dry_run=True).total.numbers == (ROW_COUNT, 0, 0)
    assert (Patient.objects.count(), heard) == (0, [])


def test_a_fault_anywhere_leaves_nothing_behind(cohort, system, heard):
    assert cohort.set("labs.csv", 3, value="?").faults(system)
    assert (Patient.objects.count(), heard) == (0, [])


def test_an_import_needs_a_data_manager(cohort, nurse_a, data_manager):
    with pytest.raises(PermissionDenied):
        import_cohort(by=nurse_a, folder=cohort.write(), on=TODAY)
    assert cohort.import_(data_manager).total.created == ROW_COUNT


@pytest.fixture
def manager_of_02(stored, person):
    person("manager_a", Role.DATA_MANAGER, Site.objects.get(code="01"))
    return person("manager_b", Role.DATA_MANAGER, Site.objects.get(code="02"))


def test_nobody_imports_for_a_site_of_others(stored, manager_of_02):
    with pytest.raises(PermissionDenied, match="01"):
        import_cohort(by=manager_of_02, folder=stored.write(), on=TODAY)


def test_rows_of_a_stored_patient_of_others_are_refused_too(stored, manager_of_02):
    stored.only("labs.csv")
    with pytest.raises(PermissionDenied, match="01"):
        import_cohort(by=manager_of_02, folder=stored.write(), on=TODAY)


def test_a_site_that_is_nobodys_yet_can_be_imported_again(cohort, data_manager):
    cohort.set("patients.csv", 3, site_id="new")
    assert cohort.import_(data_manager).total.created == ROW_COUNT
    assert cohort.import_(data_manager).total.numbers == (0, 0, ROW_COUNT)


def test_a_day_known_in_part_stays_so_until_the_folder_says_another(stored, system):
    event = AdverseEvent.objects.get()
    with recording(by=system, reason="Day unknown"):
        AdverseEvent.objects.update(started_on=date(2025, 2, 1), start_precision="MONTH")
    stored.set("adverse_events.csv", 2, started_on="2025-02-01").import_(system)
    event.refresh_from_db()
    assert str(event.start) == "2025-02"
    stored.set("adverse_events.csv", 2, started_on="2025-02-03").import_(system, update=True, reason="Found")
    event.refresh_from_db()
    assert str(event.start) == "2025-02-03"


@pytest.mark.parametrize(("column", "value"), [("grade", "4"), ("started_on", "2025-02-21")])
def test_what_a_history_of_grades_says_is_not_overruled(stored, system, column, value):
    event = AdverseEvent.objects.get()
    with recording(by=system, reason="Visit"):
        EventGrade.objects.create(adverse_event=event, grade=3, from_on=event.started_on)
    stored.set("adverse_events.csv", 2, **{column: value})
    assert stored.faults(system, update=True, reason="Found") == [("adverse_events.csv", 2, column)]
