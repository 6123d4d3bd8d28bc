"""Every benchmark works at the smallest size, and has the same rows on both sides."""

import json
from datetime import UTC, datetime

import pytest
from django.utils.timezone import localdate

from benchmarks import cohort_import, one_visit, pages, reminders, schedules, summaries
from benchmarks.databases import database_copy
from benchmarks.figures import Figure, same, save, table
from patients.models import Patient
from visits.models import Visit

FEW = 3


@pytest.fixture(scope="module")
def measured(django_db_setup, django_db_blocker):
    """The figures of all benchmarks; the connection stays to the database that the import has filled."""
    with django_db_blocker.unblock(), database_copy("bench"):
        yield {
            (figure.benchmark, figure.what): figure.value
            for benchmark in (schedules, reminders, cohort_import, summaries, one_visit, pages)
            for figure in benchmark.measure(FEW, on=localdate(), times=1)
        }


@pytest.mark.django_db
def test_import_stores_a_row_of_the_trail_for_nearly_every_row(measured):
    rows = measured["import", "rows of the folder"]
    assert rows > 20 * FEW
    assert measured["import", "rows stored, trail included"] > 2 * rows


@pytest.mark.django_db
def test_import_stays_in_the_database(measured):
    assert Patient.objects.count() == FEW


@pytest.mark.django_db
def test_memory_of_the_import_is_that_of_its_process(measured):
    assert 0 < measured["import", "memory, before the import"] < measured["import", "memory, at its peak"]


@pytest.mark.django_db
def test_the_ratio_is_that_of_the_speeds(measured):
    speeds = [measured["import", what] for what in ("bare COPY of them", "imported")]
    assert measured["import", "import : bare COPY"] == pytest.approx(speeds[0] / speeds[1])


@pytest.mark.django_db
def test_every_summary_is_rebuilt_in_one_process_and_in_two(measured):
    assert measured["summaries", "summaries rebuilt"] == FEW
    speeds = [measured["summaries", what] for what in ("in 2 processes", "in 1 process")]
    assert measured["summaries", "2 processes : 1 process"] == pytest.approx(speeds[0] / speeds[1])


@pytest.mark.django_db
@pytest.mark.parametrize("name", pages.PAGES)
def test_every_page_is_timed_and_its_queries_counted(measured, name):
    assert measured[name, "queries"] > 2
    assert measured[name, "answer"] > 0


@pytest.mark.django_db
def test_a_visit_is_recorded_beside_a_bare_view_of_the_same_rows(measured):
    assert measured["one visit", "rows of a visit"] == 10  # the visit, what was measured, and eight results
    assert measured["one visit", "recorded : bare view"] > 0


@pytest.mark.django_db
def test_the_slowest_looks_and_the_memory_of_a_page_are_told(measured):
    assert measured["dashboard", "answer, 95 of 100 within"] >= measured["dashboard", "answer"]
    assert measured["dashboard", "memory of one answer, at its peak"] > 0


@pytest.mark.django_db
def test_schedules_are_stored_in_a_copy(measured):
    assert measured["schedules", "visits stored"] >= 15 * FEW
    assert not Visit.objects.filter(patient__subject_id__startswith="01-0000").exists()


@pytest.mark.django_db
def test_every_reminder_is_sent_and_set_beside_the_bare_loop(measured):
    assert measured["reminders", "reminders sent"] == FEW
    speeds = [measured["reminders", what] for what in ("sent", "bare loop")]
    assert measured["reminders", "reminders : bare loop"] == pytest.approx(speeds[0] / speeds[1])


def test_different_rows_are_not_compared():
    with pytest.raises(AssertionError, match="3 and 4"):
        same(3, 4)


def test_the_table_tells_growth():
    figures = [Figure("page", 35, "time", "ms", 20.0), Figure("page", 1000, "time", "ms", 50.0)]
    assert table(figures).splitlines()[2] == "| page      | time | ms   | 20 |    50 |     2.50 × |"


def test_results_say_the_machine(tmp_path):
    path = save([Figure("page", 35, "time", "ms", 20.0)], tmp_path, datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert path.name == "20250102-030405.json"
    assert kept["figures"][0]["value"] == 20.0
    assert kept["machine"]["cores"] >= 1
