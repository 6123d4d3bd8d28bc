"""Survival from every origin, taken out by a command and through the browser."""

import csv
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from exchange import views
from tests.factories import EnrolmentFactory, OutcomeFactory, PatientFactory, TumourFactory

pytestmark = pytest.mark.django_db
PATH = "/exports/survival/"


@pytest.fixture
def patient(site_01):
    """Path B of the domain's vector: on imatinib since March 2023, enrolled 915 days later, recurrence on day 1,420."""
    patient = PatientFactory(
        subject_id="01-002", site=site_01, entry_path="B", first_dose_on=date(2023, 3, 15)
    )
    EnrolmentFactory(patient=patient, enrolled_on=date(2025, 9, 15))
    TumourFactory(patient=patient, surgery_on=None)
    OutcomeFactory(patient=patient, kind="RECURRENCE", on=date(2027, 2, 1))
    return patient


def export(*arguments):
    out = io.StringIO()
    call_command("export_survival", *map(str, arguments), stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_one_row_per_patient_and_origin(patient):
    rows = {row["origin"]: row for row in export("--as-of", "2027-06-01")}
    assert list(rows) == ["FIRST_DOSE", "SURGERY", "ENROLMENT", "EXTENSION"]
    first = rows["FIRST_DOSE"]
    assert (first["protocol_default"], first["entry_day"], first["rfs_days"]) == ("yes", "915", "1420")
    assert (first["rfs_status"], first["rfs_on"]) == ("RECURRENCE", "2027-02-01")
    assert (first["os_status"], first["site_id"]) == ("CENSORED", "01")
    assert [rows[origin]["rfs_days"] for origin in ("ENROLMENT", "EXTENSION")] == ["505", "324"]
    assert rows["SURGERY"]["from_on"] == ""


def test_what_is_dated_later_is_left_out(patient):
    row = export("--as-of", "2027-01-31")[0]
    assert (row["rfs_status"], row["rfs_on"]) == ("CENSORED", "2025-09-15")


def test_a_file_is_whole_or_not_there(patient, tmp_path):
    export("--as-of", "2027-06-01", "--out", tmp_path / "survival.csv")
    assert (tmp_path / "survival.csv").read_text(encoding="utf-8").startswith("subject_id,site_id")
    with pytest.raises(CommandError, match="cannot be written"):
        export("--as-of", "2027-06-01", "--out", tmp_path / "nowhere" / "survival.csv")


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="as-of"):
        export("--as-of", "tomorrow")


def test_a_cell_that_looks_like_a_formula_is_inert(site_01):
    PatientFactory(subject_id="=1+1", site=site_01)
    assert export("--as-of", "2027-06-01")[0]["subject_id"] == "'=1+1"


def test_those_who_may_take_their_own_sites_only(client, pi_a, patient, site_02, monkeypatch):
    said = []
    monkeypatch.setattr(views.log, "info", lambda words, *values: said.append(words % values))
    PatientFactory(subject_id="02-001", site=site_02)
    client.force_login(pi_a)
    answer = client.get(f"{PATH}?as_of=2027-06-01")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert {row["subject_id"] for row in csv.DictReader(io.StringIO(text))} == {"01-002"}
    assert "survival-2027-06-01.csv" in answer.headers["Content-Disposition"]
    assert said == ["export: pi_a took survival"]


def test_without_a_day_it_is_as_of_today(client, pi_a, patient):
    client.force_login(pi_a)
    today = client.get(f"{PATH}?as_of=soon")
    assert f"survival-{date.today().isoformat()}" in today.headers["Content-Disposition"]


def test_a_nurse_takes_nothing_out(client, nurse_a, patient):
    client.force_login(nurse_a)
    assert client.get(PATH).status_code == 403
    assert PATH not in client.get(f"/patients/{patient.uuid}/?tab=outcomes").content.decode()


def test_queries_do_not_grow_with_patients(patient, site_01, django_assert_max_num_queries):
    for _number in range(12):
        EnrolmentFactory(patient=PatientFactory(site=site_01))
    with django_assert_max_num_queries(14):
        export("--as-of", "2027-06-01")


def test_the_chart_shows_every_origin_with_its_definition(client, pi_a, patient):
    client.force_login(pi_a)
    page = client.get(f"/patients/{patient.uuid}/?tab=outcomes", headers={"accept-language": "en"})
    html = page.content.decode()
    assert "by the protocol" in html and "not known, or still to come" in html
    assert "delayed entry" in html and PATH in html
