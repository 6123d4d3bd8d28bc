"""Scans by the schedule: their own window, what fills them, and gaps between two assessments."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import load_protocol
from protocol.days import add_months
from visits.rules.imaging import Gap, ScanState, asks_for_scan, gap_limit_on, gaps, scan_window, scans
from visits.rules.schedule import ProjectedVisit

PROTOCOL = load_protocol()
RULES = PROTOCOL.follow_up
TARGET = date(2025, 7, 6)
ENTRY = date(2025, 1, 6)


def visit(code="M6", target_on=TARGET):
    return ProjectedVisit(code, 80, target_on, target_on, target_on, "FIRST_DOSE")


def test_the_schedule_asks_for_a_scan_every_half_year_and_after_treatment():
    asked = [v.code for v in PROTOCOL.schedule if asks_for_scan(v)]
    assert asked[:6] == ["SCR", "M6", "M12", "M18", "M24", "M30"]
    assert {"M36", "M60", "EOT", "LT3", "LT24", "LT30"} <= set(asked)
    assert {"M3", "M39", "SFU", "CTR", "OS6"}.isdisjoint(asked)


@pytest.mark.parametrize(
    ("seen", "on", "state"),
    [
        ([], TARGET - timedelta(29), ScanState.PLANNED),
        ([], TARGET - timedelta(28), ScanState.DUE),
        ([], TARGET + timedelta(28), ScanState.DUE),
        ([], TARGET + timedelta(29), ScanState.LATE),
        ([TARGET - timedelta(28)], TARGET, ScanState.DONE),
        ([TARGET + timedelta(28)], TARGET + timedelta(28), ScanState.DONE),
        ([TARGET - timedelta(29)], TARGET, ScanState.DUE),
        ([TARGET + timedelta(29)], TARGET + timedelta(29), ScanState.LATE),
        ([TARGET + timedelta(2)], TARGET + timedelta(1), ScanState.DUE),  # not known yet on that day
    ],
)
def test_a_scan_counts_in_its_own_window(seen, on, state):
    (scan,) = scans([visit()], seen, RULES, on=on)
    assert scan.state is state
    assert (scan.opens_on, scan.closes_on) == (TARGET - timedelta(28), TARGET + timedelta(28))


def test_the_nearest_assessment_fills_a_scan():
    days = [TARGET - timedelta(20), TARGET + timedelta(5), TARGET + timedelta(9)]
    (scan,) = scans([visit()], days, RULES, on=date(2026, 1, 1))
    assert scan.seen_on == TARGET + timedelta(5)


@pytest.mark.parametrize(
    ("seen", "until", "on", "expected"),
    [
        ([], None, date(2025, 8, 3), []),  # 6 months + 28 days after entry: the last day in time
        ([], None, date(2025, 8, 4), [Gap(ENTRY, None, date(2025, 8, 3))]),
        ([date(2025, 8, 3)], None, date(2025, 8, 4), []),
        ([date(2025, 8, 4)], None, date(2025, 8, 4), [Gap(ENTRY, date(2025, 8, 4), date(2025, 8, 3))]),
        ([], date(2025, 8, 3), date(2026, 8, 4), []),
        ([date(2025, 6, 1)], date(2025, 6, 1), date(2026, 8, 4), []),
        ([date(2024, 6, 1)], None, date(2025, 8, 3), []),  # before entry nobody had to look
    ],
)
def test_a_gap_is_longer_than_six_months_and_28_days(seen, until, on, expected):
    assert list(gaps(ENTRY, seen, RULES, until=until, on=on)) == expected


@given(
    steps=st.lists(st.integers(1, 400), max_size=12),
    later=st.integers(0, 800),
)
def test_gaps_are_those_a_walk_over_the_days_finds(steps, later):
    days, day = [], ENTRY
    for step in steps:
        day += timedelta(step)
        days.append(day)
    on = day + timedelta(later)
    found = gaps(ENTRY, days, RULES, until=None, on=on)
    edges = [ENTRY, *days, None]
    walked = []
    for before, after in pairwise(edges):
        limit = add_months(before, 6) + timedelta(28)
        if (after or on) > limit:
            walked.append(Gap(before, after, limit))
    assert list(found) == walked


def test_windows_of_scans_on_treatment_never_overlap():
    targets = [add_months(date(2024, 2, 29), months) for months in (6, 12, 18, 24, 30, 36)]
    windows = [scan_window(target, RULES) for target in targets]
    assert all(before[1] < after[0] for before, after in pairwise(windows))
    assert gap_limit_on(date(2024, 8, 31), RULES) == date(2025, 3, 28)
