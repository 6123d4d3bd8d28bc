"""The figures of many patients are sums: counted one patient at a time or all at once, the same comes out."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cohort_folder import read_courses
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.payload import as_dict
from courses.rules.records import AskedQuery, CourseRecords, FirstEntry, GradedEvent, PlannedVisit
from courses.rules.summary import course_summary
from courses.rules.tally import Tallies, as_nested, counted, differences, from_nested
from protocol import load_protocol

SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"
COURSES = read_courses(SAMPLE)
PROTOCOL = load_protocol()
DAYS = [date(2025, 3, 31), date(2026, 11, 22)]
NOTHING = CourseRecords()


def added(course, on, records=NOTHING):
    return counted(course, records, PROTOCOL, on).contributions


def cohort(on):
    total = sum((added(course, on) for course in COURSES), Counter())
    return Tallies.of_rows((*key, n) for key, n in total.items())


def payloads(on):
    return [as_dict(course_summary(course, PROTOCOL, on)) for course in COURSES]


def shown(percent):
    return "none" if percent is None else str(Decimal(str(percent)).quantize(Decimal("0.01")))


@pytest.mark.parametrize("on", DAYS)
def test_percentages_of_the_course_are_those_of_the_export(on):
    found, treated = cohort(on), [p for p in payloads(on) if p["exposure"]["course"]]
    for figure in ("pill_count", "pdc"):
        wanted = Counter(shown(p["adherence"][f"{figure}_percent"]) for p in treated)
        assert found.of(f"{figure}:course") == wanted
    assert found.of("rdi:course") == Counter(shown(p["exposure"]["course"]["rdi_percent"]) for p in treated)


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("part", ["standard", "extension"])
def test_dose_intensity_of_a_part_is_that_of_the_export(on, part):
    parts = [p["exposure"][part] for p in payloads(on) if p["exposure"][part]]
    assert cohort(on).of(f"rdi:{part}") == Counter(shown(found["rdi_percent"]) for found in parts)


@pytest.mark.parametrize("on", DAYS)
def test_patients_are_counted_as_the_export_describes_them(on):
    found, exported = cohort(on), payloads(on)
    treated = [p for p in exported if p["phase"] in ("STANDARD", "EXTENSION") and not p["treatment_ended_on"]]
    low = [p for p in exported if any(f["code"] == "DOSE_BELOW_300" for f in p["flags"])]
    enrolled = [c for c in COURSES if c.patient.enrolled_on and c.patient.enrolled_on <= on]
    assert found.count("patients", "on_treatment") == len(treated)
    assert found.count("patients", "ended") == sum(p["treatment_ended_on"] is not None for p in exported)
    assert found.count("patients", "dose_below_minimum") == len(low)
    assert found.count("patients", "enrolled") == len(enrolled) == sum(found.of("accrual").values())
    assert found.count("patients", "path_a") + found.count("patients", "path_b") == len(enrolled)


@pytest.mark.parametrize("on", DAYS)
def test_visits_are_counted_by_month_and_status(on):
    visits = [visit for p in payloads(on) for visit in p["visits"]]
    assert cohort(on).of("visits") == Counter(f"{v['target_on'][:7]}|{v['status']}" for v in visits)


@pytest.mark.parametrize("on", DAYS)
def test_everybody_comes_under_observation_once_and_leaves_it_once(on):
    found = cohort(on)
    for curve in ("rfs", "persistence"):
        ends = sum(sum(found.of(f"{curve}_{end}").values()) for end in ("event", "censored"))
        assert sum(found.of(f"{curve}_entry").values()) == ends > 0


def test_intervals_of_the_trend_are_those_of_the_summary():
    found, exported = cohort(DAYS[1]), payloads(DAYS[1])
    counts = [p["adherence"] for p in exported]
    assert sum(found.of("trend_intervals").values()) == sum(c["evaluable_intervals"] for c in counts)
    assert sum(found.of("trend_not_evaluable").values()) == sum(c["not_evaluable_intervals"] for c in counts)


@given(st.lists(st.sampled_from(COURSES), max_size=12), st.dates(date(2022, 9, 1), date(2028, 1, 1)))
def test_sums_kept_by_differences_equal_sums_counted_anew(courses, on):
    kept = Counter()
    for course in courses:
        before, after = added(course, on - timedelta(days=91)), added(course, on)
        for step in (differences(Counter(), before), differences(before, after)):
            for key, n in step.items():
                kept[key] += n
    anew = sum((added(course, on) for course in courses), Counter())
    assert {key: n for key, n in kept.items() if n} == {key: n for key, n in anew.items() if n}


@given(st.dates(date(2022, 9, 1), date(2028, 1, 1)))
def test_sums_of_two_halves_are_the_sum_of_all(on):
    half = len(COURSES) // 2
    one, other = (
        Tallies.of_rows((*key, n) for course in part for key, n in added(course, on).items())
        for part in (COURSES[:half], COURSES[half:])
    )
    assert one + other == cohort(on)


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.patient.subject_id)
def test_what_is_stored_reads_back_the_same(course):
    found = +added(course, DAYS[1])
    assert from_nested(as_nested(found)) == found


def test_nothing_is_counted_of_a_figure_nobody_adds_to():
    assert Tallies().count("patients", "enrolled") == 0
    assert Tallies.of_rows([("patients", "enrolled", 1), ("patients", "enrolled", -1)]) == Tallies()


COURSE = next(c for c in COURSES if c.patient.enrolled_on and c.last_dose_on is None and c.kits)
ON = DAYS[1]


@pytest.mark.parametrize(
    ("events", "key"),
    [
        ([(2, "POSSIBLE"), (3, "UNLIKELY")], "Rash|3|yes"),
        ([(1, "NOT_RELATED"), (1, "")], "Rash|1|unknown"),
        ([(None, "NOT_RELATED")], "Rash|unknown|no"),
    ],
)
def test_a_term_counts_once_by_its_worst_grade_and_most_telling_cause(events, key):
    records = CourseRecords(events=tuple(GradedEvent("Rash", ON, grade, cause) for grade, cause in events))
    found = added(COURSE, ON, records)
    assert [k for figure, k in found if figure == "events"] == [key]


def test_a_grade_of_tomorrow_does_not_count_today():
    event = GradedEvent("Rash", ON, 3, "POSSIBLE", steps=((ON, 1), (ON + timedelta(days=1), 3)))
    found = added(COURSE, ON, CourseRecords(events=(event,)))
    assert [k for figure, k in found if figure == "events"] == ["Rash|1|yes"]


def test_an_event_of_tomorrow_is_not_added():
    later = CourseRecords(events=(GradedEvent("Rash", ON + timedelta(days=1), 3),))
    assert not [figure for figure, _ in added(COURSE, ON, later) if figure == "events"]


def test_delays_count_in_whole_days_from_the_visit_to_its_first_entry():
    entries = FirstEntry(ON - timedelta(days=3), ON), FirstEntry(ON, ON + timedelta(days=1))
    found = added(COURSE, ON, CourseRecords(entries=entries))
    assert {key: n for (figure, key), n in found.items() if figure == "entry_delay"} == {"3": 1}


def test_a_query_is_open_until_the_day_it_is_closed():
    records = CourseRecords(queries=(AskedQuery(ON, ON), AskedQuery(ON, ON + timedelta(days=1))))
    found = added(COURSE, ON, records)
    assert (found["completeness", "queries_open"], found["completeness", "queries_closed"]) == (1, 1)


def test_a_passed_booking_is_overdue_until_a_later_visit_takes_place():
    window = ON - timedelta(days=9), ON - timedelta(days=20), ON + timedelta(days=20)
    missed = PlannedVisit("M60", 30, *window, booked_on=ON - timedelta(days=1))
    later = PlannedVisit("SFU", 31, occurred_on=ON)
    assert added(COURSE, ON, CourseRecords(planned=(missed,)))["patients", "overdue"] == 1
    assert added(COURSE, ON, CourseRecords(planned=(missed, later)))["patients", "overdue"] == 0


def test_who_signs_later_is_not_in_screening_yet():
    patient = replace(COURSE.patient, enrolled_on=None, consent_on=ON + timedelta(days=1))
    waiting = replace(COURSE, patient=patient)
    assert added(waiting, ON)["patients", "not_enrolled"] == 0
    assert added(waiting, ON + timedelta(days=1))["patients", "not_enrolled"] == 1


def test_a_flag_waits_until_somebody_has_acknowledged_it():
    flagged = next(c for c in COURSES if counted(c, NOTHING, PROTOCOL, ON).standing.waiting)
    (first, *others) = counted(flagged, NOTHING, PROTOCOL, ON).standing.waiting
    said = CourseRecords(acknowledged={first.key: ON})
    assert sum(n for (figure, _), n in added(flagged, ON, said).items() if figure == "flags_waiting") == len(
        others
    )
