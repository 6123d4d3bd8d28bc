"""The dashboard on a day: every number is the length of its list and that of the export, today and in the past."""

import csv
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import User
from courses.services import continue_past_tally, rebuild_summaries
from dashboard.measures import measures
from dashboard.presenters.numbers import Links, Numbers
from dashboard.selectors import SORTS, Choice, day_of
from dashboard.spreadsheets import SPREADSHEETS
from tests.factories import AdverseEventFactory, DoseOrderFactory, EnrolmentFactory, PatientFactory

SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"
TODAY, PAST = date(2026, 11, 22), date(2025, 3, 1)
DAYS = [TODAY, PAST]
PAGE = "/dashboard/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 10:00 +0900", tick=False):
        yield


@pytest.fixture
def at(client, pi_a):
    client.force_login(pi_a)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def sample(site_01):
    call_command("import_cohort", str(SAMPLE), stdout=io.StringIO())


@pytest.fixture
def of_day(pi_a):
    return lambda on: day_of(User.objects.get(pk=pi_a.pk), on, today=TODAY)


def exported(on):
    """What the export says of site 01."""
    text = io.StringIO()
    call_command("export_courses", "--as-of", on.isoformat(), stdout=text)
    return [course for course in json.loads(text.getvalue()) if course["subject_id"].startswith("01-")]


def measured(day):
    """Every measure that there is on the day: those known beforehand and those of events and ends."""
    numbers = Numbers(day.figures, day.protocol, Links())
    keys = [*measures(day.protocol), *(f"end_reason|{r}" for r in day.figures.tallies.of("end_reason"))]
    for row in day.figures.events:
        keys += [
            f"event|{row.term}|{g}|{a}"
            for g in ("1", "3", "any", "severe", "unknown")
            for a in ("all", "related")
        ]
    return [numbers.of(key) for key in keys]


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_number_is_the_length_of_its_list(sample, of_day, on):
    day, found = of_day(on), 0
    for number in measured(day):
        rows = list(day.behind(number.measure))
        amounts = [number.measure.counted.of_patient(row.tallied) for row in rows]
        assert (number.measure.key, sum(amounts)) == (number.measure.key, number.value)
        assert 0 not in amounts
        assert number.measure.amount or len(rows) == number.value
        found += number.value > 0
    assert found > 30


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_number_is_that_of_the_export(sample, of_day, on):
    courses, figures = exported(on), of_day(on).figures
    for percentage, percent in {
        "pill_count": lambda course: course["adherence"]["pill_count_percent"],
        "pdc": lambda course: course["adherence"]["pdc_percent"],
        "rdi": lambda course: (course["exposure"]["course"] or {}).get("rdi_percent"),
    }.items():
        values = Counter(percent(course) for course in courses if course["exposure"]["course"])
        shown = figures.distributions[percentage, "course"]
        assert {float(value): n for value, n in shown.values} == {
            v: n for v, n in values.items() if v is not None
        }
        assert shown.not_evaluable == values[None]
    statuses = Counter(visit["status"] for course in courses for visit in course["visits"])
    shown = Counter()
    for key, visits in figures.tallies.of("visits").items():
        shown[key.split("|")[1]] += visits
    assert shown == statuses
    assert figures.tallies.count("patients", "extension") == sum(
        course["phase"] == "EXTENSION" and course["treatment_ended_on"] is None for course in courses
    )


def test_the_past_knows_nothing_of_what_came_later(at, site_01):
    patient = PatientFactory(site=site_01, first_dose_on=date(2025, 6, 2))
    EnrolmentFactory(patient=patient, enrolled_on=date(2025, 6, 2))
    DoseOrderFactory(patient=patient, from_on=date(2025, 6, 2), pattern_mg=[400])
    rebuild_summaries([patient.pk], on=TODAY)
    assert "1<span" in at.get(PAGE).text
    assert patient.subject_id not in at.get(f"{PAGE}?on={PAST}").text
    assert at.get(f"/dashboard/patients/?measure=enrolled&on={PAST}").context["table"].paginator.count == 0


def test_a_past_day_is_said_and_kept_in_every_link(at, sample):
    page = at.get(f"{PAGE}?on={PAST}")
    assert "As of 1 Mar 2025, not today." in page.text
    shown = page.context["page"]
    for number in (*shown.headline, *shown.flags, shown.relapse_free.events, shown.histograms[0].evaluable):
        assert f"on={PAST}" in number.path
    assert "acknowledge/" not in page.text


@pytest.mark.parametrize(
    ("typed", "said"), [("2026-11-23", "This day is still to come."), ("yesterday", "Enter a valid date.")]
)
def test_a_day_that_is_none_is_said_and_today_is_shown(at, typed, said):
    page = at.get(PAGE, {"on": typed})
    assert said in page.text and "<title>Error:" in page.text.replace("\n", "").replace("  ", "")
    assert not page.context["day"].is_past


def test_today_typed_is_today(at):
    assert not at.get(f"{PAGE}?on={TODAY}").context["day"].is_past


@pytest.mark.parametrize("part", ["standard", "extension", "course", "nonsense"])
def test_the_distributions_are_drawn_of_one_part(at, part):
    shown = at.get(f"{PAGE}?part={part}").context["page"]
    assert shown.part == (part if part != "nonsense" else "course")


@pytest.mark.parametrize("name", SPREADSHEETS)
@pytest.mark.parametrize("query", ["", f"?on={PAST}"], ids=["today", "past"])
def test_every_table_is_a_file_too(at, site_01, name, query):
    patient = PatientFactory(site=site_01)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient, pattern_mg=[400])
    rebuild_summaries([patient.pk], on=TODAY)
    answer = at.get(f"/dashboard/tables/{name}.csv{query}")
    header, *rows = csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
    assert {len(row) for row in rows} <= {len(header)}
    assert (PAST if query else TODAY).isoformat() in answer.headers["Content-Disposition"]


def test_a_file_holds_the_numbers_of_its_table(at, sample, of_day):
    answer = b"".join(at.get("/dashboard/tables/adherence.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(answer)))
    percents = [float(row["pill_count_percent"]) for row in rows if row["pill_count_percent"]]
    assert percents == sorted(percents)
    assert len(percents) == of_day(TODAY).figures.distributions["pill_count", "course"].evaluable


def test_a_term_never_starts_a_formula(at, site_01):
    event = AdverseEventFactory(patient__site=site_01, term="=1+1")
    rebuild_summaries([event.patient_id], on=TODAY)
    answer = b"".join(at.get("/dashboard/tables/events.csv")).decode("utf-8-sig")
    assert "'=1+1" in answer
    assert at.get("/dashboard/events/").context["events"].rows[0].term == "=1+1"


@pytest.mark.parametrize("name", ["nonsense", "numbers2"])
def test_a_table_that_is_none_is_not_found(at, name):
    assert at.get(f"/dashboard/tables/{name}.csv").status_code == 404


@pytest.mark.parametrize(
    "key", ["event|Anemia|9|all", "event|Anemia", "end_reason|NOTHING", "|", "event|a|3|maybe"]
)
def test_a_measure_of_nothing_is_not_found(at, key):
    assert at.get("/dashboard/patients/", {"measure": key}).status_code == 404


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("sort", [*SORTS, *(f"-{sort}" for sort in SORTS)])
def test_stored_and_past_rows_stand_in_the_same_order(sample, of_day, on, sort):
    stored, rebuilt = of_day(TODAY), day_of(of_day(TODAY).user, TODAY, today=date(2026, 11, 23))
    subjects = [[row.patient.subject_id for row in day.chosen(Choice(), sort)] for day in (stored, rebuilt)]
    assert subjects[0] == subjects[1] != []


@pytest.fixture
def many(settings, at, site_01):
    """More patients than a person can wait for: one."""
    settings.PAST_PATIENTS_IN_A_REQUEST = 0
    patient = PatientFactory(site=site_01)
    EnrolmentFactory(patient=patient, enrolled_on=patient.first_dose_on)
    DoseOrderFactory(patient=patient, from_on=patient.first_dose_on, pattern_mg=[400])
    rebuild_summaries([patient.pk], on=TODAY)
    return at


def test_a_past_day_of_many_patients_is_built_by_a_worker(
    many, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr("dashboard.views.pages.build_past_tally.delay", asked.append)
    day = date(2026, 3, 1)
    assert "have not been put together yet" in many.get(f"{PAGE}?on={day}").text
    with django_capture_on_commit_callbacks(execute=True):
        assert many.post("/dashboard/past-day/build/", {"on": str(day)}).url == f"{PAGE}?on={day}"
    assert "0 of 1 patients, 0 %" in many.get(f"{PAGE}?on={day}").text
    while continue_past_tally(asked[0]):
        pass
    page = many.get(f"{PAGE}?on={day}")
    assert page.context["page"].headline[0].value == 1
    assert "Lists of single patients are shown for today only" in page.text


@pytest.mark.parametrize(
    "path", ["", "patients/?measure=enrolled", "swimmer/?", "events/?", "tables/trend.csv?"]
)
def test_no_page_of_a_day_that_is_not_built_shows_numbers(many, path):
    answer = many.get(f"/dashboard/{path or '?'}&on={PAST}")
    assert "have not been put together yet" in answer.text


@pytest.mark.parametrize("on", ["", "nonsense", str(TODAY), "2030-01-01"])
def test_only_a_past_day_is_built(at, on):
    assert at.post("/dashboard/past-day/build/", {"on": on}).status_code == 404
