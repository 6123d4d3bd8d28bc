"""Faults of whole files, headers and rows; and files that are made to do harm."""

import io
import os
import zipfile

import pytest

from exchange.folder import NoFolder
from exchange.services import import_cohort
from tests.small_cohort import TODAY

pytestmark = pytest.mark.django_db

WHOLE_FILE = {
    "empty": b"",
    "only a byte order mark": b"\xef\xbb\xbf",
    "only empty lines": b"\n\n\r\n",
    "a first row that is empty": b"\nsubject_id,kind,on\n",
    "UTF-16": "subject_id,kind,on\n".encode("utf-16"),
    "Latin-1 in the last row": b"subject_id,kind,on\n01-001,DEATH,2026-02-01\n01-001,ALIVE,\xe4\n",
    "a character cut in two": "subject_id,kind,on\n01-001,D,서".encode()[:-1],
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
}


@pytest.mark.parametrize("content", WHOLE_FILE.values(), ids=WHOLE_FILE)
def test_a_file_that_is_no_csv_text_is_one_fault(cohort, system, content):
    assert cohort.write_raw("outcomes.csv", content).faults(system) == [("outcomes.csv", 1, "")]


def test_an_archive_named_csv_is_one_fault(cohort, system):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("labs.csv", b"0" * 10_000_000)
    assert cohort.write_raw("labs.csv", archive.getvalue()).faults(system) == [("labs.csv", 1, "")]


def test_a_folder_without_patients_is_one_fault(cohort, system):
    del cohort.rows["patients.csv"]
    assert cohort.faults(system) == [("patients.csv", 1, "")]


def test_patients_that_cannot_be_read_do_not_make_every_row_a_fault(cohort, system):
    assert cohort.write_raw("patients.csv", b"\xff").faults(system) == [("patients.csv", 1, "")]


@pytest.mark.parametrize("name", ["weights.csv", "LABS.csv", "labs.CSV", ".csv", "~labs.csv"])
def test_an_unknown_csv_file_is_a_fault(cohort, system, name):
    assert cohort.write_raw(name, b"a,b\n").faults(system) == [(name, 1, "")]


def test_other_files_are_passed_over_by_name(cohort, system):
    cohort.write_raw("notes.txt", b"\xff").write_raw("labs.csv.bak", b"")
    assert cohort.import_(system).ignored == ("labs.csv.bak", "notes.txt")


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[2Jb.csv", "\udce4.csv", "서.csv"])
def test_a_fault_is_one_printable_line_whatever_the_file_is_called(cohort, system, name):
    (fault,) = cohort.write_raw(name, b"x").reported(system)
    assert str(fault).isprintable()
    assert str(fault).encode()


def test_only_patients_must_be_there(cohort, system):
    assert cohort.only("patients.csv").import_(system).total.created == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", ""])
def test_a_header_alone_has_no_rows(cohort, system, ending):
    result = cohort.write_raw("outcomes.csv", "subject_id,kind,on" + ending).import_(system)
    assert {count.file: count.created for count in result.counts}["outcomes.csv"] == 0


def test_a_byte_order_mark_and_any_order_of_columns_are_fine(cohort, system):
    content = "﻿on,subject_id,kind\r\n2025-07-01,01-001,DISEASE_FREE\r\n"
    assert cohort.write_raw("outcomes.csv", content).faults(system) == []


@pytest.mark.parametrize(
    ("columns", "faults"),
    [
        ("subject_id,kind", ["on"]),
        ("subject_id,kind,on,comment", ["comment"]),
        ("subject_id,kind,on,kind", ["kind"]),
        ("subject_id,Kind,on", ["kind", "Kind"]),
        ("subject_id,kind,on,", [""]),
        ("subject_id, kind,on", ["kind", " kind"]),
        ("kind,on", ["subject_id"]),
        ("subject_id;kind;on", ["subject_id", "kind", "on", "subject_id;kind;on"]),
    ],
)
def test_a_fault_of_the_header_is_at_row_1_under_its_column(cohort, system, columns, faults):
    row = ",".join({"subject_id": "01-001", "on": "2025-07-01"}.get(c, "ALIVE") for c in columns.split(","))
    cohort.write_raw("outcomes.csv", f"{columns}\n{row}\n")
    assert cohort.faults(system) == [("outcomes.csv", 1, column) for column in faults]


def test_cells_beside_a_faulty_header_are_still_read(cohort, system):
    cohort.write_raw("outcomes.csv", "subject_id,kind,comment\n01-001,BIRTH,x\n")
    assert cohort.faults(system) == [
        ("outcomes.csv", 1, "on"),
        ("outcomes.csv", 1, "comment"),
        ("outcomes.csv", 2, "kind"),
    ]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(cohort, system):
    text = (
        "subject_id,visit,occurred_on,not_done,reason\n"
        '01-001,W2,2025-01-20,,"two\nlines, ""quoted"""\n'
        "\n"
        "01-001,W4,soon,,\n"
        "\r\n"
        "01-001,M2,2025-03-06,\n"
        "01-001,M3,,,"
    )
    assert cohort.write_raw("visits.csv", text).faults(system) == [
        ("visits.csv", 4, "occurred_on"),
        ("visits.csv", 6, ""),
        ("visits.csv", 7, "occurred_on"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "01-001,ALIVE",
        "01-001,ALIVE,2025-07-01,",
        " ",
        '01-001,"ALIVE"x,2025-07-01',
        '"01-001,ALIVE,2025-07-01',
    ],
)
def test_a_row_that_cannot_be_taken_apart_is_a_fault_of_the_whole_row(cohort, system, row):
    cohort.write_raw("outcomes.csv", f"subject_id,kind,on\n01-001,ALIVE,2025-06-01\n{row}\n")
    assert cohort.faults(system) == [("outcomes.csv", 3, "")]


def test_what_a_broken_row_names_is_not_missed_elsewhere(cohort, system):
    lines = cohort.text("patients.csv").split("\n")
    cohort.write_raw("patients.csv", "\n".join([lines[0], lines[1] + ",,", *lines[2:]]))
    kits = cohort.text("dispensing.csv").replace("PRESCRIPTION,400", "PRESCRIPTION,,400")
    events = cohort.text("adverse_events.csv").replace("Anemia", "Anemia,")
    cohort.write_raw("dispensing.csv", kits).write_raw("adverse_events.csv", events)
    places = ("patients.csv", 2, ""), ("dispensing.csv", 3, ""), ("adverse_events.csv", 2, "")
    assert cohort.faults(system) == list(places)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_many_megabytes_is_reported_under_its_column(cohort, system, quote):
    huge = quote + "x" * 5_000_000 + quote
    rows = f"01-001,{huge},2025-07-01\n01-001,ALIVE,soon\n"
    cohort.write_raw("outcomes.csv", f"subject_id,kind,on\n{rows}")
    assert cohort.faults(system) == [("outcomes.csv", 2, "kind"), ("outcomes.csv", 3, "on")]


@pytest.mark.parametrize("rest", [100, 5_000_000])
def test_a_quote_that_is_never_closed_is_one_fault(cohort, system, rest):
    cohort.write_raw(
        "outcomes.csv", 'subject_id,kind,on\n01-001,"ALIVE,2025-07-01\n' + "a,b,c\n" * (rest // 6)
    )
    assert cohort.faults(system) == [("outcomes.csv", 2, "")]


def test_many_fields_in_a_row_are_one_fault(cohort, system):
    cohort.write_raw("outcomes.csv", "subject_id,kind,on\n" + "," * 1_000_000 + "\n")
    assert cohort.faults(system) == [("outcomes.csv", 2, "")]


def test_a_pipe_is_not_waited_for(cohort, system):
    folder = cohort.only("patients.csv").write()
    os.mkfifo(folder / "labs.csv")
    faults = []
    with pytest.raises(Exception, match="1 faults"):
        import_cohort(by=system, folder=folder, on=TODAY, report=faults.append)
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [("labs.csv", 1, "")]


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "missing", "."])
def test_a_link_out_of_the_folder_or_to_no_file_is_a_fault(cohort, system, target):
    folder = cohort.only("patients.csv").write()
    (folder / "labs.csv").symlink_to(target)
    faults = []
    with pytest.raises(Exception, match="1 faults"):
        import_cohort(by=system, folder=folder, on=TODAY, report=faults.append)
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [("labs.csv", 1, "")]


@pytest.mark.parametrize("name", ["nowhere", "patients.csv"])
def test_what_is_no_folder_is_refused(cohort, system, name):
    with pytest.raises(NoFolder):
        import_cohort(by=system, folder=cohort.write() / name, on=TODAY)


@pytest.mark.parametrize(
    "text", ["=cmd()", "+1", "-1", "@x", "'; DROP TABLE patients_patient; --", "%s", "\\N", "서울"]
)
def test_any_text_is_kept_as_it_is(cohort, system, text):
    cohort.set("patients.csv", 2, site_id=text).set("visits.csv", 2, reason=text)
    assert cohort.import_(system).total.created
    assert cohort.import_(system).total.created == 0
