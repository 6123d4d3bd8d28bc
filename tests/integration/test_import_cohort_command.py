"""`import_cohort` at the terminal: counts, faults, exit status, actor, a bar where somebody watches."""

import io
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import Site
from patients.models import Patient
from tests.cohort_maker import make_cohort
from tests.small_cohort import TODAY, SmallCohort

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-23 10:00 +0900", tick=False):
        yield TODAY


@pytest.fixture
def cohort(tmp_path):
    folder = tmp_path / "cohort"
    folder.mkdir()
    return SmallCohort(folder)


def run(*arguments, **options):
    """(output, errors) of the command; a CommandError is the last of its errors."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_cohort", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        assert error.returncode == 1
        err.write(str(error))
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_the_sample_comes_in_with_a_count_for_every_file(settings):
    settings.DEMO = True
    out, err = run(SAMPLE)
    assert err == []
    assert "labs.csv: 843 created, 0 changed, 0 unchanged" in out
    assert out[-1] == "total: 1440 created, 0 changed, 0 unchanged"
    assert "courses-2025-03-31.json: ignored, it is not a CSV file" in out


def test_a_second_time_nothing_is_created_or_changed(settings):
    settings.DEMO = True
    run(SAMPLE)
    assert run(SAMPLE)[0][-1] == "total: 0 created, 0 changed, 1440 unchanged"


def test_new_sites_are_made_and_wait_for_a_name(settings):
    settings.DEMO = True
    run(SAMPLE)
    assert [str(site) for site in Site.objects.all()] == ["Clinic 01"]


def test_every_fault_is_a_line_and_nothing_is_written(cohort, settings):
    settings.DEMO = True
    cohort.set("patients.csv", 2, sex="?").set("labs.csv", 3, value="")
    out, err = run(cohort.write())
    assert err == [
        'patients.csv:2:sex: "?" is not known, expected one of M, F',
        "labs.csv:3:value: is blank, expected a value",
        "2 faults: nothing was written.",
    ]
    assert (out, Patient.objects.count()) == ([], 0)


def test_a_dry_run_says_the_same_and_writes_nothing(cohort, settings):
    settings.DEMO = True
    out, _ = run(cohort.write(), "--dry-run")
    assert out[-1].endswith("created, 0 changed, 0 unchanged (dry run: nothing was written)")
    assert Patient.objects.count() == 0
    assert run(cohort.set("labs.csv", 3, value="").write(), "--dry-run") == run(cohort.folder)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--update"], "--update needs --reason: it goes into the trail."),
        (["--update", "--reason", " "], "--update needs --reason: it goes into the trail."),
        (["--by", "nobody"], "There is no active user 'nobody'."),
        ([], "Name who imports: --by USERNAME."),
    ],
)
def test_what_is_missing_is_said(cohort, settings, arguments, error):
    settings.DEMO = False
    assert run(cohort.write(), *arguments) == ([], [error])


def test_a_folder_that_is_not_there_is_said(settings, tmp_path):
    settings.DEMO = True
    assert "cannot be read as a folder" in run(tmp_path / "nowhere")[1][0]


def test_the_actor_stands_in_the_trail(cohort, data_manager, settings):
    settings.DEMO = False
    run(cohort.write(), "--by", "data_manager")
    contexts = Patient.pgh_event_model.objects.values_list("pgh_context", flat=True)
    assert {(context["actor"], context["reason"]) for context in contexts} == {
        ("data_manager", "Import of a cohort")
    }


@pytest.mark.parametrize("who", ["nurse_a", "pi_a", "monitor"])
def test_only_data_managers_may(cohort, request, who):
    user = request.getfixturevalue(who)
    assert "Your role does not allow this" in run(cohort.write(), "--by", user.username)[1][0]


def test_words_are_the_same_in_every_language(cohort, settings):
    settings.DEMO, settings.LANGUAGE_CODE = True, "ko"
    assert run(cohort.write())[0][-1].startswith("total: ")


def test_an_update_with_its_reason(cohort, settings):
    settings.DEMO = True
    run(cohort.write())
    cohort.set("labs.csv", 2, value="9").write()
    assert "differs from what is stored" in run(cohort.folder)[1][0]
    assert (
        "labs.csv: 0 created, 1 changed, 1 unchanged" in run(cohort.folder, "--update", "--reason", "Typo")[0]
    )


def test_a_larger_cohort_of_every_kind_comes_in_and_is_unchanged_after(settings, tmp_path):
    settings.DEMO = True
    folder = make_cohort(tmp_path / "many", patients=60, today=TODAY)
    rows = sum(len(path.read_text().splitlines()) - 1 for path in folder.iterdir())
    assert run(folder)[0][-1] == f"total: {rows} created, 0 changed, 0 unchanged"
    assert run(folder)[0][-1] == f"total: 0 created, 0 changed, {rows} unchanged"
