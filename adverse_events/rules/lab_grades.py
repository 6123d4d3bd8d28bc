"""CTCAE grades of laboratory results, by the numbers of the version asked for (`lab_criteria`).

All comparisons are exact in the decimals that the
laboratory reported, so that 1.00 and 1.0 are one value and no multiple of a limit is lost to rounding. What
the criteria leave to clinical judgement (life-threatening anaemia) is never graded here.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from adverse_events.rules.ctcae import VERSION
from adverse_events.rules.lab_criteria import CRITERIA, GRADED_UNITS, Criteria, Steps
from protocol.codes import LabTest
from protocol.sentences import Sentence, gettext_noop

__all__ = [
    "GRADED_UNITS",
    "GradeBand",
    "LabGrade",
    "LabValue",
    "grade_bands",
    "has_graded_unit",
    "lab_grade",
    "unit_code",
    "unit_words",
]


@dataclass(frozen=True, slots=True)
class LabValue:
    """A result as the laboratory gave it, with its own limits."""

    test: LabTest
    value: Decimal
    unit: str
    lln: Decimal | None = None
    uln: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LabGrade:
    """Grade 0 to 5 of a term, 0 = not abnormal; None = not graded, and `reason` says why."""

    term: str
    grade: int | None
    reason: Sentence | None = None


def has_graded_unit(lab: LabValue) -> bool:
    """Whether the result is in the unit its limits are written in; nothing is converted."""
    return lab.unit == GRADED_UNITS[lab.test]


def unit_words(unit: str) -> str:
    """A unit as people read it: 10⁹/L is stored as 10^9/L."""
    return unit.replace("10^9", "10⁹")


def unit_code(typed: str) -> str:
    """A unit as it is stored, however the nine was typed."""
    return typed.replace("10⁹", "10^9")


def lab_grade(lab: LabValue, baseline: LabValue | None = None, *, version: str = VERSION) -> LabGrade:
    """The grade of a result in a version of CTCAE; `baseline` is the same test before treatment, if there is one.

    A missing limit leaves a result ungraded only where the grade depends on it.
    """
    criteria = CRITERIA[version]
    term = criteria.terms[lab.test]
    for one in (lab, baseline):
        if one is not None and not has_graded_unit(one):
            return LabGrade(term, None, _unit_not_graded(one))
    is_low = lab.test in criteria.low_limits
    grade = _low_grade(lab, criteria) if is_low else _high_grade(lab, baseline, criteria)
    return LabGrade(term, grade, _limit_missing(lab, is_low=is_low) if grade is None else None)


@dataclass(frozen=True, slots=True)
class GradeBand:
    """The values of a grade by the laboratory's limits alone; `upto` None: without end. Ends as in `lab_grade`."""

    grade: int
    above: Decimal
    upto: Decimal | None


def grade_bands(
    test: LabTest, lln: Decimal | None, uln: Decimal | None, *, version: str = VERSION
) -> tuple[GradeBand, ...]:
    """The bands of a test from the lowest value up; what depends on a missing limit is left out."""
    criteria = CRITERIA[version]
    if test in criteria.low_limits:
        return _low_bands(test, lln, criteria)
    if uln is None:
        return ()
    steps = [(grade, Decimal(multiple) * uln) for grade, multiple in reversed(criteria.high_multiples[test])]
    ends = [*(limit for _grade, limit in steps[1:]), None]
    return tuple(GradeBand(grade, low, high) for (grade, low), high in zip(steps, ends, strict=True))


def _low_bands(test: LabTest, lln: Decimal | None, criteria: Criteria) -> tuple[GradeBand, ...]:
    limits = criteria.low_limits[test]
    edges = [Decimal(0), *(Decimal(limit) for _grade, limit in limits)]
    bands = [
        GradeBand(grade, low, high)
        for (grade, _limit), low, high in zip(limits, edges, edges[1:], strict=False)
    ]
    reaches_up = test in criteria.to_lln and lln is not None and lln > edges[-1]
    return (*bands, GradeBand(1, edges[-1], lln)) if reaches_up else tuple(bands)


def _low_grade(lab: LabValue, criteria: Criteria) -> int | None:
    for grade, limit in criteria.low_limits[lab.test]:
        if lab.value < Decimal(limit):
            return grade
    if lab.test not in criteria.to_lln:
        return 0
    return None if lab.lln is None else int(lab.value < lab.lln)


def _high_grade(lab: LabValue, baseline: LabValue | None, criteria: Criteria) -> int | None:
    value = Fraction(lab.value)
    if baseline is not None and lab.test != LabTest.CREAT and _is_abnormal(baseline, lab.uln):
        return _grade_by_baseline(value, baseline, criteria)
    if lab.uln is None:
        return None
    grade = _grade_above(value, Fraction(lab.uln), criteria.high_multiples[lab.test])
    if baseline is not None and lab.test == LabTest.CREAT and _counts_for_creatinine(baseline, criteria):
        steps = criteria.baseline_multiples[lab.test]
        grade = max(grade, _grade_above(value, Fraction(baseline.value), steps))
    return grade


def _grade_by_baseline(value: Fraction, baseline: LabValue, criteria: Criteria) -> int:
    start = Fraction(baseline.value)
    begins = criteria.from_baseline.get(baseline.test)
    above = _grade_above(value, start, criteria.baseline_multiples[baseline.test])
    return above or int(begins is not None and value >= Fraction(begins) * start)


def _counts_for_creatinine(baseline: LabValue, criteria: Criteria) -> bool:
    """Version 6.0 looks at the baseline only where it was below the lower limit."""
    is_low = baseline.lln is not None and baseline.value < baseline.lln
    return is_low or not criteria.needs_low_creatinine


def _is_abnormal(baseline: LabValue, uln: Decimal | None) -> bool:
    limit = uln if baseline.uln is None else baseline.uln
    return limit is not None and baseline.value > limit


def _grade_above(value: Fraction, unit: Fraction, multiples: Steps) -> int:
    return next((grade for grade, multiple in multiples if value > Fraction(multiple) * unit), 0)


def _unit_not_graded(lab: LabValue) -> Sentence:
    return Sentence(
        gettext_noop("%(test)s is graded in %(expected)s; “%(unit)s” is kept and not graded."),
        {"test": lab.test.value, "expected": unit_words(GRADED_UNITS[lab.test]), "unit": lab.unit},
    )


def _limit_missing(lab: LabValue, *, is_low: bool) -> Sentence:
    if is_low:
        return Sentence(
            gettext_noop("The laboratory's lower limit for %(test)s is missing."), {"test": lab.test.value}
        )
    return Sentence(
        gettext_noop("The laboratory's upper limit for %(test)s is missing."), {"test": lab.test.value}
    )
