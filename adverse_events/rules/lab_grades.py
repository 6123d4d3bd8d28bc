"""CTCAE v5.0 grades of laboratory results.

Criteria of the terms named below (NCI, 27 November 2017). All comparisons are exact in the decimals that the
laboratory reported, so that 1.00 and 1.0 are one value and no multiple of a limit is lost to rounding. What
the criteria leave to clinical judgement (life-threatening anaemia) is never graded here.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from protocol.codes import LabTest
from protocol.sentences import Sentence, gettext_noop

GRADED_UNITS = {
    LabTest.ANC: "10^9/L",
    LabTest.PLT: "10^9/L",
    LabTest.WBC: "10^9/L",
    LabTest.HGB: "g/dL",
    LabTest.BILI: "mg/dL",
    LabTest.CREAT: "mg/dL",
    LabTest.AST: "U/L",
    LabTest.ALT: "U/L",
}

TERMS = {
    LabTest.ANC: "Neutrophil count decreased",
    LabTest.PLT: "Platelet count decreased",
    LabTest.WBC: "White blood cell decreased",
    LabTest.HGB: "Anemia",
    LabTest.BILI: "Blood bilirubin increased",
    LabTest.CREAT: "Creatinine increased",
    LabTest.AST: "Aspartate aminotransferase increased",
    LabTest.ALT: "Alanine aminotransferase increased",
}

# Below the limit is the grade; between the last limit and the laboratory's lower limit is grade 1.
LOW_LIMITS = {
    LabTest.ANC: ((4, "0.5"), (3, "1.0"), (2, "1.5")),
    LabTest.PLT: ((4, "25"), (3, "50"), (2, "75")),
    LabTest.WBC: ((4, "1.0"), (3, "2.0"), (2, "3.0")),
    LabTest.HGB: ((3, "8.0"), (2, "10.0")),
}

# Above the multiple of the laboratory's upper limit, or of an abnormal baseline, is the grade.
HIGH_MULTIPLES = {
    LabTest.AST: ((4, "20"), (3, "5"), (2, "3"), (1, "1")),
    LabTest.ALT: ((4, "20"), (3, "5"), (2, "3"), (1, "1")),
    LabTest.BILI: ((4, "10"), (3, "3"), (2, "1.5"), (1, "1")),
    LabTest.CREAT: ((4, "6"), (3, "3"), (2, "1.5"), (1, "1")),
}

# With abnormal transaminases at baseline, grade 1 begins at, not above, one and a half times the baseline.
TRANSAMINASES = (LabTest.AST, LabTest.ALT)
TRANSAMINASE_GRADE_1_BASELINE = Fraction(3, 2)
# Creatinine is held against any baseline, normal or not, and only for these grades.
CREATININE_BASELINE = ((3, "3"), (2, "1.5"))


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


def lab_grade(lab: LabValue, baseline: LabValue | None = None) -> LabGrade:
    """The grade of a result; `baseline` is the same test before treatment, if there is one.

    A missing limit leaves a result ungraded only where the grade depends on it.
    """
    for one in (lab, baseline):
        if one is not None and not has_graded_unit(one):
            return LabGrade(TERMS[lab.test], None, _unit_not_graded(one))
    grade = _low_grade(lab) if lab.test in LOW_LIMITS else _high_grade(lab, baseline)
    if grade is None:
        return LabGrade(TERMS[lab.test], None, _limit_missing(lab))
    return LabGrade(TERMS[lab.test], grade)


@dataclass(frozen=True, slots=True)
class GradeBand:
    """The values of a grade by the laboratory's limits alone; `upto` None: without end. Ends as in `lab_grade`."""

    grade: int
    above: Decimal
    upto: Decimal | None


def grade_bands(test: LabTest, lln: Decimal | None, uln: Decimal | None) -> tuple[GradeBand, ...]:
    """The bands of a test from the lowest value up; what depends on a missing limit is left out."""
    if test in LOW_LIMITS:
        edges = [Decimal(0), *(Decimal(limit) for _grade, limit in LOW_LIMITS[test])]
        bands = [
            GradeBand(grade, low, high)
            for (grade, _limit), low, high in zip(LOW_LIMITS[test], edges, edges[1:], strict=False)
        ]
        reaches_up = lln is not None and lln > edges[-1]
        return (*bands, GradeBand(1, edges[-1], lln)) if reaches_up else tuple(bands)
    if uln is None:
        return ()
    steps = [(grade, Decimal(multiple) * uln) for grade, multiple in reversed(HIGH_MULTIPLES[test])]
    ends = [*(limit for _grade, limit in steps[1:]), None]
    return tuple(GradeBand(grade, low, high) for (grade, low), high in zip(steps, ends, strict=True))


def _low_grade(lab: LabValue) -> int | None:
    for grade, limit in LOW_LIMITS[lab.test]:
        if lab.value < Decimal(limit):
            return grade
    return None if lab.lln is None else int(lab.value < lab.lln)


def _high_grade(lab: LabValue, baseline: LabValue | None) -> int | None:
    value = Fraction(lab.value)
    if baseline is not None and lab.test != LabTest.CREAT and _is_abnormal(baseline, lab.uln):
        start = Fraction(baseline.value)
        if lab.test in TRANSAMINASES and value <= 3 * start:
            return int(value >= TRANSAMINASE_GRADE_1_BASELINE * start)
        return _grade_above(value, start, HIGH_MULTIPLES[lab.test])
    if lab.uln is None:
        return None
    grade = _grade_above(value, Fraction(lab.uln), HIGH_MULTIPLES[lab.test])
    if baseline is not None and lab.test == LabTest.CREAT:
        grade = max(grade, _grade_above(value, Fraction(baseline.value), CREATININE_BASELINE))
    return grade


def _is_abnormal(baseline: LabValue, uln: Decimal | None) -> bool:
    limit = uln if baseline.uln is None else baseline.uln
    return limit is not None and baseline.value > limit


def _grade_above(value: Fraction, unit: Fraction, multiples: tuple[tuple[int, str], ...]) -> int:
    return next((grade for grade, multiple in multiples if value > Fraction(multiple) * unit), 0)


def _unit_not_graded(lab: LabValue) -> Sentence:
    return Sentence(
        gettext_noop("%(test)s is graded in %(expected)s; “%(unit)s” is kept and not graded."),
        {"test": lab.test.value, "expected": GRADED_UNITS[lab.test], "unit": lab.unit},
    )


def _limit_missing(lab: LabValue) -> Sentence:
    if lab.test in LOW_LIMITS:
        return Sentence(
            gettext_noop("The laboratory's lower limit for %(test)s is missing."), {"test": lab.test.value}
        )
    return Sentence(
        gettext_noop("The laboratory's upper limit for %(test)s is missing."), {"test": lab.test.value}
    )
