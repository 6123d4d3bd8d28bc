"""`export_courses`: the sample's summaries, to the byte; to the terminal, or to a file that is whole or not there."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exchange.output import write_whole
from exchange.services import import_cohort
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"


@pytest.fixture
def sample(system):
    import_cohort(by=system, folder=SAMPLE, on=date(2026, 11, 23))


def export(*arguments):
    out = io.StringIO()
    call_command("export_courses", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("day", ["2025-03-31", "2026-11-22"])
def test_the_export_of_the_sample_equals_its_summaries(sample, day):
    expected = (SAMPLE / f"courses-{day}.json").read_text(encoding="utf-8")
    exported = export("--as-of", day)
    for ours, theirs in zip(json.loads(exported), json.loads(expected), strict=True):
        assert ours == theirs
    assert exported == expected


def test_one_subject_alone_is_still_an_array(sample):
    (course,) = json.loads(export("--as-of", "2026-11-22", "--subject", "01-004"))
    assert course["subject_id"] == "01-004"


def test_patients_stand_in_order_of_their_characters(system):
    for subject_id in ("b", "a", "B", "01-010", "01-9", "서"):
        PatientFactory(subject_id=subject_id)
    assert [course["subject_id"] for course in json.loads(export("--as-of", "2025-01-01"))] == [
        "01-010",
        "01-9",
        "B",
        "a",
        "b",
        "서",
    ]


def test_a_patient_without_a_first_dose_has_empty_places(system):
    PatientFactory(first_dose_on=None)
    (course,) = json.loads(export("--as-of", "2025-01-01"))
    empty = (
        "extension_from",
        "planned_end_on",
        "treatment_day",
        "dose",
        "next_visit",
        "rfs",
        "treatment_ended_on",
    )
    assert {course[key] for key in empty} == {None}
    assert (course["phase"], course["flags"], course["visits"]) == ("PRE", [], [])
    assert course["exposure"] == {"course": None, "standard": None, "extension": None}


def test_no_patients_are_an_empty_array(system):
    assert json.loads(export("--as-of", "2025-01-01")) == []


def test_the_export_goes_to_a_file(sample, tmp_path):
    out = tmp_path / "courses.json"
    assert export("--as-of", "2025-03-31", "--out", out) == ""
    assert out.read_bytes() == (SAMPLE / "courses-2025-03-31.json").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["courses.json"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--as-of", "31.03.2025"], "not a date"),
        (["--as-of", "2025-02-29"], "not a date"),
        (["--as-of", "2025-03-31", "--subject", "99"], "no subject '99'"),
        (["--as-of", "2025-03-31", "--out", "/nowhere/x.json"], "cannot be written"),
        ([], "--as-of"),
    ],
)
def test_what_cannot_be_exported_is_said(system, arguments, error):
    with pytest.raises(CommandError, match=error):
        export(*arguments)


def test_a_file_that_could_not_be_finished_stays_as_it_was(tmp_path):
    def pieces():
        yield "half"
        raise RuntimeError

    path = tmp_path / "courses.json"
    path.write_text("before")
    with pytest.raises(RuntimeError):
        write_whole(path, pieces())
    assert (path.read_text(), list(tmp_path.iterdir())) == ("before", [path])
