"""What a number is the sum of, everything made of sums at once, and the little line in a row."""

from datetime import date
from decimal import Decimal

import pytest

from courses.rules.tally import Tallies
from dashboard.rules.bins import Bin
from dashboard.rules.counted import Counted
from dashboard.rules.figures import CutOff, figures_of
from dashboard.rules.sparkline import HEIGHT, MARGIN, WIDTH, sparkline
from dosing.rules.accountability import AccountabilityInterval, StrengthCount

PATIENTS = Counted("patients", ("enrolled",))
MISSED = Counted("visits", ending="|MISSED")
GOOD = Counted("pdc:course", span=Bin(Decimal(90), Decimal(120)))
ANY = Counted("rfs_event")
ONE = {
    "patients": {"enrolled": 1, "ended": 1},
    "visits": {"2026-01|MISSED": 2, "2026-02|MISSED": 1, "2026-02|DUE": 1},
    "pdc:course": {"90.00": 1, "none": 0},
    "rfs_event": {"400": 1},
}


@pytest.mark.parametrize(("counted", "amount"), [(PATIENTS, 1), (MISSED, 3), (GOOD, 1), (ANY, 1)])
def test_a_number_is_asked_of_all_and_of_one_in_the_same_words(counted, amount):
    assert counted.of_patient(ONE) == counted.of(Tallies(ONE)) == amount
    assert counted.of_patient({}) == counted.of(Tallies()) == 0


@pytest.mark.parametrize(
    ("counted", "key", "is_held"),
    [
        (PATIENTS, "enrolled", True),
        (PATIENTS, "ended", False),
        (MISSED, "2026-01|MISSED", True),
        (GOOD, "120.00", False),
        (GOOD, "none", False),
        (ANY, "1", True),
    ],
)
def test_a_key_belongs_or_not(counted, key, is_held):
    assert counted.holds(key) is is_held


def test_everything_is_made_of_the_sums():
    found = figures_of(
        Tallies(
            {
                "as_of": {"2026-01-02": 3, "2026-01-01": 1},
                "pill_count:course": {"98.00": 2, "none": 1},
                "rfs_entry": {"0": 3},
                "rfs_event": {"100": 1},
                "rfs_censored": {"500": 2},
                "entry_delay": {"0": 4, "10": 1},
            }
        )
    )
    assert found.cut_off == CutOff(date(2026, 1, 2), date(2026, 1, 1), 4)
    assert found.distributions["pill_count", "course"].not_evaluable == 1
    assert found.relapse_free.on(100).survival == pytest.approx(2 / 3)
    assert (found.persistence.patients, found.entry_delay.evaluable) == (0, 5)


def test_of_no_patient_there_is_nothing_and_no_error():
    found = figures_of(Tallies())
    assert found.cut_off == CutOff(None, None, 0)
    assert (found.trend, found.events, found.visits, found.relapse_free.steps) == ((), (), (), ())


def interval(percent, *, is_returned=True):
    count = StrengthCount(100, ("K",), 0, percent, 0, 100)
    return AccountabilityInterval(date(2026, 1, 1), date(2026, 1, 31), 10_000, is_returned, (count,))


def test_a_line_breaks_where_nothing_can_be_said():
    line = sparkline([interval(100), interval(90), interval(0, is_returned=False), interval(80)], Decimal(90))
    assert [point.percent for point in line.points] == [100, 90, None, 80]
    assert [len(run.split()) for run in line.lines] == [2, 1]
    assert line.points[1].y == line.good_y


@pytest.mark.parametrize("percent", [0, 20, 130, 900])
def test_nothing_leaves_the_row(percent):
    line = sparkline([interval(percent), interval(100)], Decimal(90))
    assert all(MARGIN <= point.y <= HEIGHT - MARGIN for point in line.points)
    assert line.points[-1].x == WIDTH - MARGIN


def test_without_intervals_there_is_no_line():
    assert sparkline([], Decimal(90)).lines == ()
