"""Laboratory results over time: a line a day, a column a test, each against its own limits and its CTCAE grade."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from adverse_events.rules.lab_grades import GRADED_UNITS, LabValue, lab_grade, unit_words
from clinic.selectors.course import Course
from patients.words import plain, sentence_words, word_of
from protocol.codes import LabTest
from visits.models import LabResult


@dataclass(frozen=True, slots=True)
class LabCell:
    """`grade` 0 = not abnormal; None = not graded, and `why` says so."""

    pk: int
    value: Decimal
    unit: str
    lln: Decimal | None
    uln: Decimal | None
    grade: int | None
    why: str
    is_usual_unit: bool


@dataclass(frozen=True, slots=True)
class LabLine:
    collected_on: date
    cells: tuple[LabCell | None, ...]


@dataclass(frozen=True, slots=True)
class LabColumn:
    test: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class LabSheet:
    columns: tuple[LabColumn, ...]
    lines: tuple[LabLine, ...]


def lab_sheet(course: Course) -> LabSheet:
    """All results up to the day, the latest first; the grade knows the last result before the first dose."""
    rows = list(LabResult.objects.filter(patient=course.patient, collected_on__lte=course.on))
    baselines = _baselines(rows, course.facts.patient.first_dose_on)
    version = course.protocol.adverse_events.dictionary_version
    cells = {(row.collected_on, row.test): _cell(row, baselines, version) for row in rows}
    days = sorted({row.collected_on for row in rows}, reverse=True)
    return LabSheet(
        columns=tuple(LabColumn(test, word_of(test), unit_words(GRADED_UNITS[test])) for test in LabTest),
        lines=tuple(LabLine(day, tuple(cells.get((day, test)) for test in LabTest)) for day in days),
    )


def lab_value(row: LabResult) -> LabValue:
    return LabValue(LabTest(row.test), row.value, row.unit, row.lln, row.uln)


def _baselines(rows: list[LabResult], first_dose_on: date | None) -> dict[str, LabResult]:
    """The latest result of each test before treatment."""
    before = [row for row in rows if first_dose_on is None or row.collected_on < first_dose_on]
    return {row.test: row for row in sorted(before, key=lambda row: row.collected_on)}


def _cell(row: LabResult, baselines: dict[str, LabResult], version: str) -> LabCell:
    before = baselines.get(row.test)
    baseline = lab_value(before) if before is not None and before.collected_on < row.collected_on else None
    grade = lab_grade(lab_value(row), baseline, version=version)
    return LabCell(
        pk=row.pk,
        value=plain(row.value),
        unit=row.unit,
        lln=plain(row.lln),
        uln=plain(row.uln),
        grade=grade.grade,
        why=sentence_words(grade.reason) if grade.reason else "",
        is_usual_unit=row.unit == GRADED_UNITS[LabTest(row.test)],
    )
