"""The survival curve: by hand, against single patients, and against lifelines over random cohorts."""

import warnings
from collections import Counter
from random import Random

import pytest
from lifelines import KaplanMeierFitter
from lifelines.exceptions import StatError

from dashboard.rules.kaplan_meier import Gap, Median, kaplan_meier

COHORTS = 1000
EXACT = 1e-9


def curve_of(*patients):
    """Of single patients: (entry, day of leaving, had the event)."""
    return kaplan_meier(
        Counter(entry for entry, _, _ in patients),
        Counter(day for _, day, had in patients if had),
        Counter(day for _, day, had in patients if not had),
    )


def cohort(seed):
    """Up to 120 patients over up to 2,000 days, few days or many, so that ties and lone patients both occur."""
    random = Random(seed)
    longest, late = random.choice([12, 90, 2000]), random.choice([0, 0.3, 0.8])
    found = []
    for _ in range(random.randint(1, 120)):
        day = random.randint(1, longest)
        entry = random.randint(0, day - 1) if random.random() < late else 0
        found.append((entry, day, random.random() < 0.4))
    return found


def by_single_patients(patients):
    """{day: survival}, each day asked of each patient again."""
    survival, found = 1.0, {}
    for day in sorted({day for _, day, _ in patients}):
        at_risk = sum(entry < day <= left for entry, left, _ in patients)
        survival *= 1 - sum(had for _, left, had in patients if left == day) / at_risk
        found[day] = survival
    return found


def fitted(patients):
    entries, days, events = zip(*patients, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return KaplanMeierFitter().fit(days, events, entry=entries)


@pytest.mark.parametrize("start", range(0, COHORTS, 100))
def test_it_is_the_curve_of_lifelines(start):
    compared = 0
    for seed in range(start, start + 100):
        patients = cohort(seed)
        curve = curve_of(*patients)
        assert {s.day: s.survival for s in curve.steps} == pytest.approx(
            by_single_patients(patients), abs=EXACT
        )
        try:
            fit = fitted(patients)
        except (
            StatError
        ):  # it gives up where the first ones all have the event; single patients remain the judge
            continue
        compared += 1
        limits = fit.confidence_interval_
        for step in (step for step in curve.steps if step.survival > 0):
            assert step.survival == pytest.approx(fit.survival_function_.loc[step.day].item(), abs=EXACT)
            assert (step.lower, step.upper) == pytest.approx(tuple(limits.loc[step.day]), abs=EXACT)
    assert compared > 50


@pytest.mark.parametrize("seed", range(0, COHORTS, 25))
def test_its_median_is_the_first_day_at_or_below_one_half(seed):
    curve = curve_of(*cohort(seed))
    reached = [step.day for step in curve.steps if round(step.survival, 12) <= 0.5]
    assert curve.median.day == (reached[0] if reached else None)


@pytest.mark.parametrize("seed", range(0, COHORTS, 25))
def test_who_is_at_risk_is_who_has_entered_and_not_left(seed):
    patients = cohort(seed)
    curve = curve_of(*patients)
    for day in (1, 5, 60, 400, 1500):
        assert curve.at_risk(day) == sum(entry < day <= left for entry, left, _ in patients)


def test_a_textbook_curve():
    """Freireich's 21 patients on 6-MP (Blood 1963;21:699): S(10) = 0.753, S(22) = 0.538, the median 23."""
    days = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    events = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    curve = curve_of(*((0, day, bool(had)) for day, had in zip(days, events, strict=True)))
    assert (round(curve.on(10).survival, 3), round(curve.on(22).survival, 3)) == (0.753, 0.538)
    assert curve.median == Median(23, 13, None)
    assert (curve.patients, curve.events, curve.last_day) == (21, 9, 35)


def test_an_event_comes_before_a_censoring_of_the_same_day():
    assert curve_of((0, 5, True), (0, 5, False)).on(5).survival == 0.5


def test_who_enters_on_the_day_of_an_event_is_not_at_risk_yet():
    step = curve_of((0, 5, True), (0, 9, False), (5, 9, False)).on(5)
    assert (step.at_risk, step.survival) == (2, 0.5)


def test_before_the_first_step_everybody_is_free():
    curve = curve_of((0, 5, True), (0, 9, False))
    assert curve.on(4) is None
    assert curve.at_risk(0) == curve.at_risk(1) == 2


def test_nobody_makes_a_curve_without_steps():
    curve = kaplan_meier({}, {}, {})
    assert (curve.steps, curve.patients, curve.last_day, curve.gaps) == ((), 0, 0, ())
    assert curve.median == Median(None, None, None)


def test_days_nobody_was_seen_on_are_said():
    curve = curve_of((2, 4, False), (10, 20, True))
    assert curve.gaps == (Gap(1, 2), Gap(5, 10))
    assert curve.zero_on is None  # the curve ends at 0 with its last patient: nothing is hidden


def test_a_curve_that_fell_to_zero_while_others_were_still_to_enter_says_so():
    curve = curve_of((0, 3, True), (5, 30, False))
    assert (curve.zero_on, curve.gaps) == (3, (Gap(4, 5),))
    assert curve.on(30).survival == 0
    assert (curve.on(30).lower, curve.on(30).upper) == (None, None)


@pytest.mark.parametrize(
    "counts",
    [({0: 1}, {5: 2}, {}), ({9: 1}, {}, {5: 1}), ({0: 2}, {5: 1}, {}), ({7: 1}, {7: 1}, {})],
    ids=["more leave than entered", "left before entry", "one never leaves", "left on the day of entry"],
)
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(ValueError, match=r"leave"):
        kaplan_meier(*counts)
