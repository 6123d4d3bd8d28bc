"""The numbers by which CTCAE grades laboratory results, each version by its own.

Version 5.0 (NCI, 27 November 2017) and 6.0 (2025, errata of January 2026), the terms named below. What the criteria
leave to clinical judgement (life-threatening anaemia) has no number. Units are those of `GRADED_UNITS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.codes import LabTest

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
Steps = tuple[tuple[int, str], ...]  # (grade, limit), the highest grade first


@dataclass(frozen=True, slots=True)
class Criteria:
    """`low_limits`: below the limit is the grade; grade 1 of a test in `to_lln` reaches up to the laboratory's limit.

    `high_multiples`: above so many times the upper limit is the grade; `baseline_multiples`: of a baseline above it,
    where grade 1 begins at, not above, the multiple in `from_baseline`. Creatinine is held against its baseline
    beside the limit, in version 6.0 only where that was below the lower limit.
    """

    terms: Mapping[LabTest, str]
    low_limits: Mapping[LabTest, Steps]
    to_lln: frozenset[LabTest]
    high_multiples: Mapping[LabTest, Steps]
    baseline_multiples: Mapping[LabTest, Steps]
    from_baseline: Mapping[LabTest, str]
    needs_low_creatinine: bool


_TERMS = {
    LabTest.ANC: "Neutrophil count decreased",
    LabTest.PLT: "Platelet count decreased",
    LabTest.WBC: "White blood cell decreased",
    LabTest.HGB: "Anemia",
    LabTest.BILI: "Blood bilirubin increased",
    LabTest.CREAT: "Creatinine increased",
    LabTest.AST: "Aspartate aminotransferase increased",
    LabTest.ALT: "Alanine aminotransferase increased",
}
_LOW: dict[LabTest, Steps] = {
    LabTest.ANC: ((4, "0.5"), (3, "1.0"), (2, "1.5")),
    LabTest.PLT: ((4, "25"), (3, "50"), (2, "75")),
    LabTest.WBC: ((4, "1.0"), (3, "2.0"), (2, "3.0")),
    LabTest.HGB: ((3, "8.0"), (2, "10.0")),
}
_TRANSAMINASE: Steps = ((4, "20"), (3, "5"), (2, "3"), (1, "1"))
_BILIRUBIN: Steps = ((4, "10"), (3, "3"), (2, "1.5"), (1, "1"))
_HIGH: dict[LabTest, Steps] = {
    LabTest.AST: _TRANSAMINASE,
    LabTest.ALT: _TRANSAMINASE,
    LabTest.BILI: _BILIRUBIN,
    LabTest.CREAT: ((4, "6"), (3, "3"), (2, "1.5"), (1, "1")),
}
_CREATININE_BASELINE: Steps = ((3, "3"), (2, "1.5"))
_TRANSAMINASE_BASELINE_5: Steps = ((4, "20"), (3, "5"), (2, "3"))
_TRANSAMINASE_BASELINE_6: Steps = ((4, "4"), (3, "2"), (2, "1.5"))

CRITERIA = {
    "5.0": Criteria(
        terms=_TERMS,
        low_limits=_LOW,
        to_lln=frozenset(_LOW),
        high_multiples=_HIGH,
        baseline_multiples={
            LabTest.AST: _TRANSAMINASE_BASELINE_5,
            LabTest.ALT: _TRANSAMINASE_BASELINE_5,
            LabTest.BILI: _BILIRUBIN,
            LabTest.CREAT: _CREATININE_BASELINE,
        },
        from_baseline={LabTest.AST: "1.5", LabTest.ALT: "1.5"},
        needs_low_creatinine=False,
    ),
    "6.0": Criteria(
        terms=_TERMS | {LabTest.PLT: "Thrombocytopenia"},
        low_limits=_LOW
        | {
            LabTest.ANC: ((4, "0.1"), (3, "0.5"), (2, "1.0"), (1, "1.5")),
            LabTest.PLT: ((4, "10"), (3, "50"), (2, "75")),
        },
        to_lln=frozenset(_LOW) - {LabTest.ANC},
        high_multiples=_HIGH,
        baseline_multiples={
            LabTest.AST: _TRANSAMINASE_BASELINE_6,
            LabTest.ALT: _TRANSAMINASE_BASELINE_6,
            LabTest.BILI: ((4, "10"), (3, "2.5"), (2, "1.5")),
            LabTest.CREAT: _CREATININE_BASELINE,
        },
        from_baseline={LabTest.AST: "1", LabTest.ALT: "1", LabTest.BILI: "1"},
        needs_low_creatinine=True,
    ),
}
_TESTS = {name: test for criteria in CRITERIA.values() for test, name in criteria.terms.items()}


def lab_test_of(term: str) -> LabTest | None:
    """The laboratory test that a term of any version grades; None of a term that is no such finding."""
    return _TESTS.get(term)
