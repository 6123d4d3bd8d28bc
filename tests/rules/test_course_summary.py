"""The course summary: what is left empty, what a day knows, and which visits appear."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from course_walk import back, courses, kit, order, walk_coverage, walk_exposure
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.facts import CourseFacts, cut_off
from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from dosing.rules.exposure import MissedDosesFacts
from patients.rules.facts import OutcomeFacts, PatientFacts
from protocol import load_protocol
from protocol.days import extension_from, planned_end_on, round_half_up
from visits.rules.status import VisitRecord

PROTOCOL = load_protocol()
T0 = date(2022, 9, 7)
PLANNED_END = date(2027, 9, 6)
DAY = timedelta(days=1)
COURSE = CourseFacts(PatientFacts("01-001", "A", enrolled_on=T0, first_dose_on=T0), orders=(order(T0, 400),))


def summary(on, facts=COURSE, **changes):
    return as_dict(course_summary(replace(facts, **changes), PROTOCOL, on))


def codes(course):
    return [visit["visit"] for visit in course["visits"]]


def status(course, code):
    return {visit["visit"]: visit["status"] for visit in course["visits"]}.get(code)


def test_without_a_first_dose_nothing_is_counted():
    patient = PatientFacts("01-001", "A", enrolled_on=T0)
    course = summary(date(2026, 1, 1), patient=patient, last_dose_on=date(2025, 1, 1))
    empty = ("extension_from", "planned_end_on", "treatment_day", "dose", "next_visit", "rfs")
    assert course["phase"] == "PRE"
    assert [course[key] for key in empty] == [None] * 6
    assert course["exposure"] == {"course": None, "standard": None, "extension": None}
    assert (course["flags"], course["visits"]) == ([], [])
    assert course["treatment_ended_on"] == "2025-01-01"


def test_without_a_first_dose_there_is_no_percentage_nor_flag():
    of = kit(T0, 100)
    course = summary(
        date(2026, 1, 1),
        patient=PatientFacts("01-001", "A"),
        orders=(order(T0, 200),),
        kits=(of, kit(T0 + 90 * DAY, 100)),
        returns=(back(of, 10),),
    )
    assert course["adherence"] == {
        "pill_count_percent": None,
        "evaluable_intervals": 1,
        "not_evaluable_intervals": 0,
        "pdc_percent": None,
    }
    assert course["flags"] == []


def test_before_the_first_dose_the_visits_are_planned():
    course = summary(T0 - DAY)
    assert (course["phase"], course["treatment_day"]) == ("PRE", -1)
    assert course["dose"] is course["rfs"] is None
    assert course["exposure"] == {"course": None, "standard": None, "extension": None}
    assert course["next_visit"]["visit"] == "D1"


def test_first_day():
    course = summary(T0)
    assert (course["phase"], course["treatment_day"]) == ("STANDARD", 1)
    assert course["exposure"]["course"]["days"] == 1
    assert course["exposure"]["extension"] is None
    assert course["dose"] == {"pattern_mg": [400], "mean_daily_mg": 400.0, "on_hold": False}
    assert course["rfs"]["days"] == 1


@pytest.mark.parametrize(
    ("on", "standard", "extension"),
    [
        (date(2025, 9, 6), 1096, None),
        (date(2025, 9, 7), 1096, 1),
        (PLANNED_END, 1096, 730),
        (PLANNED_END + DAY, 1096, 730),
    ],
)
def test_scopes_meet_at_the_extension_and_end_as_planned(on, standard, extension):
    exposure = summary(on)["exposure"]
    assert exposure["standard"]["days"] == standard
    assert (exposure["extension"] or {}).get("days") == extension


@pytest.mark.parametrize(
    ("pattern_mg", "expected"),
    [
        ((400, 0), {"pattern_mg": [400, 0], "mean_daily_mg": 200.0, "on_hold": False}),
        ((0,), {"pattern_mg": [0], "mean_daily_mg": 0.0, "on_hold": True}),
        ((400, 400, 300), {"pattern_mg": [400, 400, 300], "mean_daily_mg": 366.7, "on_hold": False}),
    ],
)
def test_dose_in_force(pattern_mg, expected):
    orders = (order(T0, 400), order(T0 + 30 * DAY, *pattern_mg))
    assert summary(T0 + 30 * DAY, orders=orders)["dose"] == expected
    assert summary(T0 + 29 * DAY, orders=orders)["dose"]["pattern_mg"] == [400]


def test_dose_after_the_end_is_that_of_the_last_dose():
    orders = (order(T0, 400), order(T0 + 30 * DAY, 0))
    course = summary(T0 + 90 * DAY, orders=orders, last_dose_on=T0 + 29 * DAY)
    assert course["dose"]["pattern_mg"] == [400]


def test_dose_without_an_order_is_none():
    assert summary(T0, orders=())["dose"] is None


def test_mean_is_written_only_where_a_dose_is_flagged():
    orders = (order(T0, 400, 0), order(T0 + 30 * DAY, 0))
    low, hold = summary(T0 + 70 * DAY, orders=orders)["flags"]
    assert low == {
        "code": "DOSE_BELOW_300",
        "from_on": "2022-09-07",
        "to_on": "2022-10-06",
        "mean_daily_mg": 200.0,
    }
    assert hold == {"code": "HOLD_OVER_28_DAYS", "from_on": "2022-10-07", "to_on": None}


@pytest.mark.parametrize(
    ("on", "last_dose_on", "expected"),
    [
        (date(2024, 1, 1), None, ["M60"]),
        (PLANNED_END, None, ["M60"]),
        (PLANNED_END + DAY, None, ["M60", "SFU"]),
        (date(2024, 1, 1), date(2024, 1, 1), ["M60", "EOT", "SFU"]),
        (date(2024, 1, 1), date(2024, 1, 2), ["M60"]),
        (date(2027, 9, 1), date(2027, 8, 30), ["M60", "SFU"]),
        (date(2027, 9, 1), date(2027, 8, 29), ["M60", "EOT", "SFU"]),
    ],
)
def test_visits_after_the_end_appear_when_it_has_come(on, last_dose_on, expected):
    found = codes(summary(on, last_dose_on=last_dose_on))
    assert found[0] == "D1"
    assert found[found.index("M60") :] == expected


def test_safety_follow_up_hangs_on_the_last_dose_or_the_planned_end():
    for last_dose_on, target_on in ((None, "2027-10-06"), (date(2027, 9, 20), "2027-10-20")):
        course = summary(date(2027, 9, 30), last_dose_on=last_dose_on)
        assert course["visits"][-1]["target_on"] == target_on


def test_early_end_cancels_treatment_visits_only():
    course = summary(date(2024, 1, 10), last_dose_on=date(2024, 1, 5))
    assert [status(course, code) for code in ("M15", "M18", "M60")] == ["MISSED", "CANCELLED", "CANCELLED"]
    assert [status(course, code) for code in ("EOT", "SFU")] == ["DUE", "PLANNED"]
    assert course["next_visit"] == {
        "visit": "EOT",
        "target_on": "2024-01-05",
        "opens_on": "2024-01-05",
        "closes_on": "2024-01-19",
    }


def test_death_cancels_everything_left():
    death = OutcomeFacts("DEATH", date(2024, 1, 5))
    course = summary(date(2024, 1, 10), outcomes=(death,), last_dose_on=date(2024, 1, 5))
    assert status(course, "EOT") == status(course, "SFU") == "CANCELLED"
    assert course["next_visit"] is None
    assert (course["rfs"]["status"], course["rfs"]["on"]) == ("DEATH", "2024-01-05")


@pytest.mark.parametrize(("on", "expected"), [(date(2024, 1, 5), "CANCELLED"), (date(2024, 1, 4), "PLANNED")])
def test_leaving_the_study_counts_from_its_day(on, expected):
    assert status(summary(on, participation_ended_on=date(2024, 1, 5)), "M18") == expected


def test_visit_is_written_with_the_day_it_took_place():
    visits = (VisitRecord("M3", date(2022, 12, 20)), VisitRecord("M6", not_done=True), VisitRecord("UNS", T0))
    course = summary(date(2023, 2, 20), visits=visits)
    found = {visit["visit"]: visit for visit in course["visits"]}
    assert found["M3"]["status"] == "COMPLETED_OUT_OF_WINDOW"
    assert found["M3"]["occurred_on"] == "2022-12-20"
    assert found["M6"]["status"] == "PLANNED"
    assert "UNS" not in found
    assert status(summary(date(2023, 2, 21), visits=visits), "M6") == "NOT_DONE"


def test_prior_orders_decide_eligibility_once_known():
    patient = PatientFacts("01-001", "B", enrolled_on=T0 + 90 * DAY, first_dose_on=T0)
    orders = (order(T0, 400), order(T0 + 30 * DAY, 200, reason="TOXICITY"))
    for on, excluded in ((T0 + 29 * DAY, []), (T0 + 30 * DAY, ["E6"])):
        assert summary(on, patient=patient, orders=orders)["eligibility"]["excluded_by"] == excluded


def test_cut_off_keeps_what_is_dated_to_the_day():
    of = kit(T0, 100)
    later = kit(T0 + 60 * DAY, 100)
    facts = replace(
        COURSE,
        orders=(order(T0, 400), order(T0 + 31 * DAY, 300)),
        missed=(
            MissedDosesFacts(T0 + 30 * DAY, T0 + 50 * DAY, 1),
            MissedDosesFacts(T0 + 31 * DAY, T0 + 50 * DAY, 1),
        ),
        kits=(of, later),
        returns=(back(of, 1, on=T0 + 31 * DAY), back(later, 1, on=T0 + 30 * DAY)),
        visits=(
            VisitRecord("W2", T0 + 30 * DAY),
            VisitRecord("W4", T0 + 31 * DAY),
            VisitRecord("M60", not_done=True),
        ),
        outcomes=(OutcomeFacts("ALIVE", T0 + 30 * DAY), OutcomeFacts("DEATH", T0 + 31 * DAY)),
        last_dose_on=T0 + 31 * DAY,
        participation_ended_on=T0 + 30 * DAY,
    )
    known = cut_off(facts, T0 + 30 * DAY)
    assert [len(rows) for rows in (known.orders, known.missed, known.kits, known.returns)] == [1, 1, 1, 1]
    assert [visit.code for visit in known.visits] == ["W2", "M60"]
    assert [outcome.kind for outcome in known.outcomes] == ["ALIVE"]
    assert (known.last_dose_on, known.participation_ended_on) == (None, T0 + 30 * DAY)


def course_of(start, orders, missed, kits, last_dose_on):
    patient = PatientFacts("01-001", "A", enrolled_on=start, first_dose_on=start)
    return CourseFacts(patient, tuple(orders), tuple(missed), tuple(kits), last_dose_on=last_dose_on)


@given(courses(), st.integers(0, 1500))
def test_exposure_of_both_phases_equals_a_walk_over_days(course, shift):
    """`shift` moves the first dose before the orders, so that the boundary may fall among them."""
    start, orders, missed, kits, last_dose_on, on = course
    first_dose_on = start - shift * DAY
    last_dose_on = last_dose_on if last_dose_on and last_dose_on <= on else None
    found = summary(on, course_of(first_dose_on, orders, missed, kits, last_dose_on))["exposure"]
    known = [one for one in orders if one.from_on <= on]
    rows = [row for row in missed if row.from_on <= on]
    until = min(on, last_dose_on or on, planned_end_on(first_dose_on, PROTOCOL.regimen))
    boundary = extension_from(first_dose_on, PROTOCOL.regimen)
    scopes = {
        "course": (first_dose_on, until),
        "standard": (first_dose_on, min(until, boundary - DAY)),
        "extension": (boundary, until),
    }
    for name, span in scopes.items():
        keys = ("days", "dosing_days", "ordered_mg", "taken_mg")
        counted = tuple(found[name][key] for key in keys) if found[name] else (0, 0, 0, 0)
        assert counted == walk_exposure(known, rows, *span, last_dose_on)


@given(courses())
def test_days_covered_equal_a_walk_over_days(course):
    start, orders, missed, kits, last_dose_on, on = course
    last_dose_on = last_dose_on if last_dose_on and last_dose_on <= on else None
    found = summary(on, course_of(start, orders, missed, kits, last_dose_on))["adherence"]["pdc_percent"]
    known = [one for one in orders if one.from_on <= on]
    given_out = [one for one in kits if one.dispensed_on <= on]
    until = min(on, last_dose_on or on)
    dosing, covered = walk_coverage(known, given_out, until, last_dose_on) if given_out else (0, 0)
    expected = float(round_half_up(Fraction(100 * covered, dosing), 2)) if dosing else None
    assert found == expected


@given(courses())
def test_later_facts_change_no_earlier_summary(course):
    start, orders, missed, kits, last_dose_on, on = course
    facts = course_of(start, orders, missed, kits, last_dose_on)
    assert summary(on, facts) == summary(on, cut_off(facts, on))
