"""Laboratory tests over time: a small picture each, with the sentence that says what it shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from adverse_events.rules.lab_grades import GRADED_UNITS, LabValue, unit_words
from clinic.selectors.course import Course
from clinic.selectors.lab_lines import LabCell, LabSheet
from courses.rules.picture_labs import LabPicture, ResultFacts, TrendFacts, lab_picture
from patients.words import plain, word_of
from protocol.codes import LabTest
from protocol.definition import Protocol, Threshold


@dataclass(frozen=True, slots=True)
class LabTrend:
    """`in_another_unit`: results that are in the table only; `picture` None: all of them are."""

    test: str
    name: str
    unit: str
    title: str
    picture: LabPicture | None
    in_another_unit: int


def lab_trends(course: Course, sheet: LabSheet) -> tuple[LabTrend, ...]:
    """A trend for every test that was ever done, on one axis of days."""
    return tuple(
        _trend(LabTest(test), results, course, sheet.lines[-1].collected_on)
        for test, results in _by_test(sheet)
        if results
    )


def _by_test(sheet: LabSheet) -> Iterator[tuple[str, list[tuple[date, LabCell]]]]:
    """Each test with its results, the earliest first."""
    for place, column in enumerate(sheet.columns):
        cells = ((line.collected_on, line.cells[place]) for line in reversed(sheet.lines))
        yield column.test, [(on, cell) for on, cell in cells if cell is not None]


def _trend(test: LabTest, cells: list[tuple[date, LabCell]], course: Course, from_on: date) -> LabTrend:
    results = [_result(test, on, cell) for on, cell in cells if cell.is_usual_unit]
    version = course.protocol.adverse_events.dictionary_version
    facts = TrendFacts(test, results, tuple(_hold_when(course.protocol, test)), version)
    unit = unit_words(GRADED_UNITS[test])
    return LabTrend(
        test=test,
        name=word_of(test),
        unit=unit,
        title=_finding(word_of(test), unit, results),
        picture=lab_picture(facts, from_on=from_on, to_on=course.on) if results else None,
        in_another_unit=len(cells) - len(results),
    )


def _result(test: LabTest, on: date, cell: LabCell) -> ResultFacts:
    return ResultFacts(on, LabValue(test, cell.value, cell.unit, cell.lln, cell.uln), cell.grade)


def _hold_when(protocol: Protocol, test: LabTest) -> Iterator[Threshold]:
    for rule in protocol.label_rules:
        yield from (threshold for name, threshold in rule.hold_when if name == test)


def _finding(name: str, unit: str, results: Sequence[ResultFacts]) -> str:
    """What the picture shows, as a sentence: the worst grade, and where it stands now."""
    if not results:
        return _("%(test)s: every result is in another unit, see the table") % {"test": name}
    latest = results[-1]
    worst = max(results, key=lambda result: (result.grade or 0, result.on))
    values = {
        "test": name,
        "value": number_format(plain(latest.lab.value)),
        "unit": unit,
        "grade": worst.grade,
        "day": date_format(worst.on),
    }
    if not worst.grade:
        return _("%(test)s: never abnormal, last %(value)s %(unit)s") % values
    if worst is latest:
        return _("%(test)s: grade %(grade)s now, %(value)s %(unit)s") % values
    return _("%(test)s: grade %(grade)s on %(day)s, last %(value)s %(unit)s") % values
