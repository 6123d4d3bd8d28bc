"""The investigator's page: every number is that of the export, and opens the patients behind it."""

import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import quantiles

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from courses.models import CourseSummary
from courses.services import rebuild_summaries
from dashboard.selectors import flags_of
from patients.models import Patient
from tests.factories import DoseOrderFactory, EnrolmentFactory, PatientFactory, VisitFactory

SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"
DAY = "2026-11-22"
PAGE, LIST = "/dashboard/", "/dashboard/patients/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{DAY} 10:00 +0900", tick=False):
        yield


@pytest.fixture
def at(client, pi_a):
    client.force_login(pi_a)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def shown(at):
    """The dashboard over the sample cohort, as a person sees it."""
    call_command("import_cohort", str(SAMPLE), stdout=io.StringIO())
    return at.get(PAGE)


@pytest.fixture
def courses():
    """What the export says of the same cohort on the same day, its site 01."""
    found = json.loads((SAMPLE / f"courses-{DAY}.json").read_text())
    return [course for course in found if course["subject_id"].startswith("01-")]


def figures_of(page):
    shown = page.context["page"]
    return [*shown.headline, *shown.flags, *(row.number for row in shown.visits.numbers)]


def number_of(page, key):
    return next(figure.value for figure in figures_of(page) if figure.measure.key == key)


def histogram(page, key):
    return next(h for h in page.context["page"].histograms if h.key == key)


def statuses(courses):
    return Counter(visit["status"] for course in courses for visit in course["visits"])


def on_treatment(course):
    return course["phase"] in ("STANDARD", "EXTENSION") and course["treatment_ended_on"] is None


def test_accrual_is_counted_against_the_plan(shown, courses):
    assert number_of(shown, "enrolled") == len(courses)
    accrual = shown.context["page"].accrual
    assert accrual.finding == f"{len(courses)} of 35 planned patients are enrolled"
    assert accrual.months[-1].in_all == len(courses)


def test_patients_on_treatment_are_those_of_the_export(shown, courses):
    expected = [course for course in courses if on_treatment(course)]
    assert number_of(shown, "on_treatment") == len(expected)
    assert number_of(shown, "extension") == sum(course["phase"] == "EXTENSION" for course in expected)


@pytest.mark.parametrize(
    ("key", "percent"),
    [
        ("pill_count", lambda course: course["adherence"]["pill_count_percent"]),
        ("pdc", lambda course: course["adherence"]["pdc_percent"]),
        ("rdi", lambda course: course["exposure"]["course"]["rdi_percent"]),
    ],
)
def test_each_distribution_is_that_of_the_export(shown, courses, key, percent):
    drawn, values = histogram(shown, key), [v for v in map(percent, courses) if v is not None]
    low, middle, high = quantiles(values, n=4, method="inclusive")
    quartiles = (drawn.lower_quartile, drawn.median, drawn.upper_quartile)
    assert tuple(map(float, quartiles)) == pytest.approx((low, middle, high))
    assert sum(bar.number.value for bar in drawn.bars) == drawn.evaluable.value == len(values)
    assert drawn.not_evaluable.value == len(courses) - len(values)
    for row in drawn.bands:
        assert row.number.value == sum(_band(value) == row.band for value in values)


def _band(percent):
    return "overuse" if percent >= 120 else "good" if percent >= 90 else "fair" if percent >= 80 else "low"


def test_flags_are_those_of_the_export(shown, courses):
    expected = [
        (course["subject_id"], flag["code"], flag["from_on"])
        for course in courses
        for flag in course["flags"]
        if flag["code"] != "OVERUSE"
    ]
    found = [
        (row.summary.patient.subject_id, flag.code, flag.from_on.isoformat())
        for row in shown.context["flagged"]
        for flag in row.flags
    ]
    assert sorted(found) == sorted(expected)
    assert number_of(shown, "dose_below_minimum") == len(
        {s for s, code, _ in expected if code == "DOSE_BELOW_300"}
    )


def test_overuse_is_a_query_and_no_flag_of_a_dose(site_01):
    flags = [{"code": "OVERUSE", "from_on": "2025-01-06", "to_on": "2025-04-06"}]
    assert list(flags_of(CourseSummary(payload={"flags": flags}))) == []


def test_flags_that_last_are_counted_apart(shown, courses):
    open_low = [
        course["subject_id"]
        for course in courses
        if any(flag["code"] == "DOSE_BELOW_300" and flag["to_on"] is None for flag in course["flags"])
    ]
    assert number_of(shown, "dose_below_minimum_now") == len(open_low)


def test_visits_are_those_of_the_export(shown, courses):
    for status in ("COMPLETED", "COMPLETED_OUT_OF_WINDOW", "MISSED", "NOT_DONE", "DUE"):
        assert number_of(shown, f"visits_{status.lower()}") == statuses(courses)[status]


def test_every_number_opens_the_patients_behind_it(shown, at):
    figures = [figure for figure in figures_of(shown) if not figure.measure.amount]
    for drawn in shown.context["page"].histograms:
        figures += [drawn.evaluable, drawn.not_evaluable]
        figures += [row.number for row in (*drawn.bars, *drawn.bands)]
    for figure in figures:
        assert at.get(figure.path).context["table"].paginator.count == figure.value


@pytest.mark.parametrize(
    "key",
    [
        "enrolled",
        "ended",
        "long_hold",
        "visits_due",
        "pill_count-none",
        "rdi-from-120",
        "pdc-good",
        "overdue",
    ],
)
def test_every_measure_says_what_it_is_and_from_when(at, pi_a, key):
    answer = at.get(f"{LIST}?measure={key}")
    assert answer.context["measure"].definition in answer.text or "&" in answer.text
    assert "No data yet" in answer.text


@pytest.mark.parametrize(
    "query", ["", "?measure=", "?measure=nonsense", "?measure='--", "?measure=pill_count-1-2"]
)
def test_a_measure_that_is_none_is_not_found(at, query):
    assert at.get(LIST + query).status_code == 404


@pytest.mark.parametrize("sort", ["subject_id", "-pdc", "rdi", "nonsense", "'; --", "payload"])
def test_the_list_is_sorted_by_its_columns_and_nothing_else(at, site_01, sort):
    rebuild_summaries([PatientFactory(site=site_01).pk], on=date.fromisoformat(DAY))
    assert at.get(f"{LIST}?measure=pill_count-none&sort={sort}").status_code == 200


def test_visits_are_counted_a_patient(shown, at):
    rows = at.get(f"{LIST}?measure=visits_missed").context["table"].rows
    assert sum(int(row.get_cell("amount")) for row in rows) == number_of(shown, "visits_missed")


def test_an_overdue_visit_is_that_of_the_worklist(at, site_01):
    late, seen = PatientFactory(site=site_01), PatientFactory(site=site_01)
    for patient in (late, seen):
        VisitFactory(patient=patient)
    VisitFactory(patient=seen, visit="M9", visitnum=9, occurred_on=date(2025, 10, 6))
    rebuild_summaries([late.pk, seen.pk], on=date.fromisoformat(DAY))
    assert number_of(at.get(PAGE), "overdue") == 1
    assert late.subject_id in at.get(f"{LIST}?measure=overdue").text


def test_an_investigator_counts_their_own_sites_only(client, shown, person, site_02):
    client.force_login(person("pi_02", Role.PI, site_02))
    other = client.get(PAGE)
    assert number_of(other, "enrolled") == 0
    assert "01-0" not in other.text + client.get(f"{LIST}?measure=enrolled").text


@pytest.mark.parametrize(
    ("cast", "status"), [("nurse_a", 403), ("administrator", 403), ("outsider", 403), ("monitor", 200)]
)
def test_who_may_read_it(client, request, cast, status):
    client.force_login(request.getfixturevalue(cast))
    assert (client.get(PAGE).status_code, client.get(f"{LIST}?measure=enrolled").status_code) == (
        status,
        status,
    )


def test_the_data_cut_off_is_said(shown, at):
    assert "Data cut-off: 22 Nov 2026." in shown.text
    assert "Data cut-off: 22 Nov 2026." in at.get(f"{LIST}?measure=enrolled").text


def test_courses_that_lag_behind_are_mentioned(at, site_01):
    new, old = PatientFactory(site=site_01), PatientFactory(site=site_01)
    rebuild_summaries([new.pk], on=date(2026, 11, 22))
    rebuild_summaries([old.pk], on=date(2026, 11, 21))
    PatientFactory(site=site_01)
    text = at.get(PAGE).text
    assert "Some courses were last put together on 21 Nov 2026" in text
    assert "1 patient is not counted yet" in text


def test_an_empty_study_is_a_page_too(at):
    answer = at.get(PAGE)
    assert "Nobody can be evaluated yet" in answer.text
    assert "No dose is flagged." in answer.text
    assert "No visit has fallen due yet" in answer.text


def test_patients_in_screening_are_counted_apart(at, site_01):
    enrolled, waiting = PatientFactory(site=site_01), PatientFactory(site=site_01, first_dose_on=None)
    EnrolmentFactory(patient=enrolled)
    rebuild_summaries([enrolled.pk, waiting.pk], on=date.fromisoformat(DAY))
    assert number_of(at.get(PAGE), "enrolled") == 1
    assert waiting.subject_id in at.get(f"{LIST}?measure=not_enrolled").text


def test_the_page_costs_the_same_however_many_patients(at, site_01):
    counts = []
    for number in (1, 8):
        patients = [PatientFactory(site=site_01) for _ in range(number)]
        for patient in patients:
            EnrolmentFactory(patient=patient)
            DoseOrderFactory(patient=patient, pattern_mg=[200])
            VisitFactory(patient=patient)
        rebuild_summaries([patient.pk for patient in patients], on=date.fromisoformat(DAY))
        with CaptureQueriesContext(connection) as queries:
            at.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert CourseSummary.objects.count() == Patient.objects.count() == 9


def test_reminders_that_do_not_run_are_told(at):
    assert "Reminders are not running" in at.get(PAGE).text


def test_the_page_is_korean_too(at, site_01):
    at.cookies["django_language"] = "ko"
    answer = at.get(PAGE)
    assert 'lang="ko"' in answer.text and "등록" in answer.text
