"""The schedule on a patient's calendar."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from visits.rules.schedule import Anchors, is_in_window, project

PROTOCOL = load_protocol()
T0 = date(2022, 9, 7)
NEW_START = Anchors("A", first_dose_on=T0, enrolled_on=date(2022, 9, 1))


def windows(anchors):
    return {
        visit.code: (visit.target_on, visit.opens_on, visit.closes_on) for visit in project(PROTOCOL, anchors)
    }


def targets(first_dose_on):
    return {visit.code: visit.target_on for visit in project(PROTOCOL, Anchors("A", first_dose_on))}


def test_targets_are_counted_from_the_first_dose():
    days = targets(date(2023, 8, 31))
    assert days["M2"] == date(2023, 10, 31)
    assert days["M6"] == date(2024, 2, 29)
    assert days["M18"] == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SCR", (date(2022, 9, 6), date(2022, 8, 10), date(2022, 9, 6))),
        ("D1", (T0, T0, T0)),
        ("W2", (date(2022, 9, 21), date(2022, 9, 18), date(2022, 9, 24))),
        ("M3", (date(2022, 12, 7), date(2022, 11, 30), date(2022, 12, 14))),
        ("M6", (date(2023, 3, 7), date(2023, 2, 21), date(2023, 3, 21))),
        ("M60", (date(2027, 9, 7), date(2027, 8, 31), date(2027, 9, 21))),
        ("SFU", (date(2027, 10, 6), date(2027, 10, 4), date(2027, 10, 13))),
        ("CTR", (date(2027, 12, 6), date(2027, 12, 6), date(2027, 12, 20))),
        ("LT3", (date(2027, 12, 6), date(2027, 11, 22), date(2027, 12, 20))),
    ],
)
def test_windows_of_a_new_start(code, expected):
    assert windows(NEW_START)[code] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 11, 22), False),
        (date(2022, 11, 23), True),
        (date(2022, 12, 21), True),
        (date(2022, 12, 22), False),
    ],
)
def test_both_ends_of_a_window_are_inside(day, expected):
    assert is_in_window(day, date(2022, 11, 23), date(2022, 12, 21)) is expected


def test_number_of_visits_of_a_new_start():
    codes = list(windows(NEW_START))
    assert codes[0] == "SCR"
    assert codes.index("SFU") == 25
    assert "EOT" not in codes
    assert not [code for code in codes if code.startswith("OS")]


def test_long_term_visits_stop_at_study_completion():
    codes = windows(NEW_START)
    assert codes["LT30"][0] == date(2030, 3, 6)
    assert "LT36" not in codes
    assert max(opens_on for _, opens_on, _ in codes.values()) <= PROTOCOL.study.completes_on


def test_safety_follow_up_may_lie_beyond_study_completion():
    days = targets(date(2025, 5, 1))
    assert days["SFU"] == date(2030, 5, 30) > PROTOCOL.study.completes_on


def test_early_end_moves_the_visits_after_treatment():
    days = windows(replace(NEW_START, treatment_ended_on=date(2024, 3, 9)))
    assert days["EOT"] == (date(2024, 3, 9), date(2024, 3, 9), date(2024, 3, 23))
    assert days["SFU"][0] == date(2024, 4, 8)
    assert days["LT3"][0] == date(2024, 6, 9)
    assert days["LT72"][0] == date(2030, 3, 9)


def test_recurrence_starts_survival_follow_up_and_ends_imaging():
    ended = replace(NEW_START, treatment_ended_on=date(2024, 3, 9), recurrence_on=date(2024, 9, 20))
    days = windows(ended)
    assert days["OS6"] == (date(2025, 3, 20), date(2025, 2, 20), date(2025, 4, 17))
    assert [code for code in days if code.startswith("LT")] == ["LT3", "LT6"]
    assert "CTR" in days


def test_entry_while_already_treated():
    days = windows(Anchors("B", first_dose_on=date(2023, 3, 15), enrolled_on=date(2025, 9, 15)))
    assert days["SCR"][1:] == (date(2025, 8, 19), date(2025, 9, 15))
    assert days["M30"] == (date(2025, 9, 15), date(2025, 9, 1), date(2025, 9, 29))
    assert days["M33"][1:] == (date(2025, 12, 1), date(2025, 12, 29))
    assert days["M36"] == (date(2026, 3, 15), date(2026, 3, 1), date(2026, 3, 29))
    assert days["M60"] == (date(2028, 3, 15), date(2028, 3, 8), date(2028, 3, 29))


@pytest.mark.parametrize(
    ("anchors", "codes"),
    [
        (Anchors("A"), []),
        (Anchors("B"), []),
        (Anchors("A", enrolled_on=T0), ["SCR"]),
        (Anchors("B", enrolled_on=T0), ["SCR"]),
    ],
)
def test_nothing_is_projected_without_its_anchor(anchors, codes):
    assert list(windows(anchors)) == codes


def overlaps(visits):
    ordered = sorted(visits, key=lambda visit: visit.opens_on)
    return [(one.code, two.code) for one, two in pairwise(ordered) if two.opens_on <= one.closes_on]


def test_windows_never_overlap_for_any_first_dose():
    """The contraception call may be made at the first long-term visit; nothing else coincides."""
    for offset in range((date(2030, 12, 31) - date(2019, 1, 1)).days + 1):
        first_dose_on = date(2019, 1, 1) + timedelta(days=offset)
        visits = project(PROTOCOL, Anchors("A", first_dose_on))
        assert not overlaps(visit for visit in visits if visit.code != "CTR"), first_dose_on


@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.integers(0, 1700))
def test_windows_after_an_early_end_never_overlap(first_dose_on, days):
    anchors = Anchors("A", first_dose_on, treatment_ended_on=first_dose_on + timedelta(days=days))
    visits = [visit for visit in project(PROTOCOL, anchors) if not visit.is_treatment and visit.code != "CTR"]
    assert not overlaps(visit for visit in visits if not visit.is_entry)


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.sampled_from(["A", "B"]))
def test_projection_keeps_schedule_order_and_encloses_targets(first_dose_on, path):
    visits = project(PROTOCOL, Anchors(path, first_dose_on, enrolled_on=first_dose_on))
    assert [visit.number for visit in visits] == sorted({visit.number for visit in visits})
    assert all(is_in_window(visit.target_on, visit.opens_on, visit.closes_on) for visit in visits)
