"""Tables taken out of the admin site: of one's own sites, as filtered, and without a formula that runs."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import Role
from audit.exports import cell, inert
from tests.factories import (
    AdverseEventFactory,
    ContactFactory,
    DoseOrderFactory,
    PatientFactory,
    TumourFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
CSV, XLSX = "0", "1"
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1"]


@pytest.fixture
def at(client, data_manager):
    client.force_login(data_manager)
    return client


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def export(client, model, query="", format=CSV):
    return client.post(f"/admin/{model}/export/{query}", {"format": format, "resource": ""})


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_never_starts_a_formula_in_csv(at, site_01, text):
    VisitFactory(patient=PatientFactory(site=site_01), reason=text, not_done=True)
    [row] = rows(export(at, "visits/visit"))
    assert row["reason"].startswith("'")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_never_starts_a_formula_in_a_workbook(at, site_01, text):
    PatientFactory(site=site_01, subject_id=text)
    sheet = openpyxl.load_workbook(io.BytesIO(export(at, "patients/patient", format=XLSX).content)).active
    [head, row] = sheet.iter_rows()
    assert head[0].value == "subject_id"
    assert (row[0].data_type, row[0].value[0]) == ("s", "'")
    assert all(each.data_type != "f" for each in row)


def test_a_workbook_takes_no_control_characters(at, site_01):
    PatientFactory(site=site_01, subject_id="a\x01b")
    sheet = openpyxl.load_workbook(io.BytesIO(export(at, "patients/patient", format=XLSX).content)).active
    assert sheet["A2"].value == "a\N{REPLACEMENT CHARACTER}b"


def test_the_subject_comes_first_and_keys_of_the_database_stay_inside(at, site_01):
    order = DoseOrderFactory(patient=PatientFactory(site=site_01, subject_id="01-001"), pattern_mg=[400, 0])
    [row] = rows(export(at, "dosing/doseorder"))
    assert list(row)[:2] == ["subject_id", "ae_no"]
    assert not {"id", "uuid", "patient"} & set(row)
    assert (row["subject_id"], row["pattern_mg"], row["from_on"]) == (
        "01-001",
        "400;0",
        order.from_on.isoformat(),
    )


def test_an_order_says_which_event_it_was_for(at, site_01):
    patient = PatientFactory(site=site_01)
    DoseOrderFactory(patient=patient, adverse_event=AdverseEventFactory(patient=patient, ae_no=7))
    assert rows(export(at, "dosing/doseorder"))[0]["ae_no"] == "7"


def test_measurements_leave_without_the_zeros_of_their_column(at, site_01):
    TumourFactory(patient=PatientFactory(site=site_01), tumour_size_cm=Decimal("10.50"))
    assert rows(export(at, "patients/tumour"))[0]["tumour_size_cm"] == "10.5"


def test_only_records_of_ones_own_sites_leave(client, person, site_01, site_02):
    PatientFactory(site=site_01, subject_id="01-001")
    PatientFactory(site=site_02, subject_id="02-001")
    client.force_login(person("dm_02", Role.DATA_MANAGER, site_02))
    assert [row["subject_id"] for row in rows(export(client, "patients/patient"))] == ["02-001"]
    assert [row["subject_id"] for row in rows(export(client, "patients/patient", "?site=01"))] == []


def test_what_leaves_is_what_the_list_shows(at, site_01):
    PatientFactory(site=site_01, subject_id="01-001", sex="F")
    PatientFactory(site=site_01, subject_id="01-002", sex="M")
    assert [row["subject_id"] for row in rows(export(at, "patients/patient", "?sex__exact=M"))] == ["01-002"]


def test_rows_named_by_the_browser_are_not_a_way_in(client, person, site_01, site_02):
    foreign = PatientFactory(site=site_01, subject_id="01-001")
    client.force_login(person("dm_02", Role.DATA_MANAGER, site_02))
    sent = {"format": CSV, "resource": "", "export_items": [foreign.pk]}
    assert "01-001" not in client.post("/admin/patients/patient/export/", sent).getvalue().decode()


def test_how_patients_are_reached_is_not_exported(at, site_01):
    ContactFactory(patient=PatientFactory(site=site_01))
    assert export(at, "patients/contact").status_code == 403


def test_an_impossible_filter_leads_back_to_the_form(at, db):
    assert export(at, "patients/patient", "?nonsense=1").status_code == 302


def test_a_workbook_too_long_for_one_piece_is_refused_in_words(at, site_01, monkeypatch):
    monkeypatch.setattr("patients.record_export.MOST_ROWS_OF_A_WORKBOOK", 1)
    for _ in range(2):
        PatientFactory(site=site_01)
    at.cookies["django_language"] = "en"
    assert "narrow the list, or take CSV" in export(at, "patients/patient", format=XLSX).text
    assert len(rows(export(at, "patients/patient"))) == 2


def test_a_format_that_is_none_is_asked_for_again(at, db):
    assert export(at, "patients/patient", format="9").status_code == 200


def test_an_export_is_logged_without_a_patient(at, site_01, caplog):
    PatientFactory(site=site_01, subject_id="01-001")
    export(at, "patients/patient")
    assert "export: data_manager took patients.Patient" in caplog.text
    assert "01-001" not in caplog.text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (date(2025, 1, 6), "2025-01-06"),
        (datetime(2025, 1, 6, 1, tzinfo=UTC), "2025-01-06T01:00:00+00:00"),
        (Decimal("3.500"), "3.5"),
        (Decimal("-2"), "'-2"),
        (["R1", "N2"], "R1;N2"),
        (["=1"], "'=1"),
        (400, 400),
        ("text", "text"),
    ],
)
def test_a_value_as_a_cell(value, written):
    assert cell(value) == written


@given(text=st.text(max_size=30))
def test_no_text_at_all_starts_a_formula(text):
    assert inert(text)[:1] not in set("=+-@\t\r\n＝＋－＠")
