"""Adverse events of many patients as a table: each patient once a term, at the worst grade it ever had."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

GRADES = (1, 2, 3, 4, 5)
SEVERE = 3  # grades from here on are told apart (CTCAE: severe or medically significant)
RELATED = "yes"


@dataclass(frozen=True, slots=True)
class GradeCount:
    """Patients, and those of them whose event at that grade is judged related."""

    patients: int = 0
    related: int = 0

    def __add__(self, other: "GradeCount") -> "GradeCount":
        return GradeCount(self.patients + other.patients, self.related + other.related)


@dataclass(frozen=True, slots=True)
class TermRow:
    """`grades`: one count for each of the five grades; `ungraded`: no grade was recorded."""

    term: str
    grades: tuple[GradeCount, ...]
    ungraded: GradeCount

    @property
    def any_grade(self) -> GradeCount:
        return sum(self.grades, self.ungraded)

    @property
    def severe(self) -> GradeCount:
        return sum(self.grades[SEVERE - 1 :], GradeCount())


def event_rows(counts: Mapping[str, int]) -> tuple[TermRow, ...]:
    """From "term|worst grade|related" counts; the term with the most patients first, then by name."""
    found: dict[str, dict[str, GradeCount]] = defaultdict(lambda: defaultdict(GradeCount))
    for key, patients in counts.items():
        term, grade, related = key.rsplit("|", 2)
        found[term][grade] += GradeCount(patients, patients if related == RELATED else 0)
    rows = [_row(term, by_grade) for term, by_grade in found.items()]
    shown = [row for row in rows if row.any_grade.patients]
    return tuple(sorted(shown, key=lambda row: (-row.any_grade.patients, -row.severe.patients, row.term)))


def _row(term: str, by_grade: Mapping[str, GradeCount]) -> TermRow:
    graded = tuple(by_grade.get(str(grade), GradeCount()) for grade in GRADES)
    known = {str(grade) for grade in GRADES}
    rest = (count for grade, count in by_grade.items() if grade not in known)
    return TermRow(term, graded, sum(rest, GradeCount()))
