"""What became of the procedures of a visit, for those who read: what is missing is said to be missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from patients.words import word_of
from protocol.codes import ProcedureAnswer
from protocol.definition import Protocol
from visits.models import VisitProcedure
from visits.words import procedure_name


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """`answer` in words; blank: not recorded."""

    name: str
    answer: str
    note: str
    done_on: date | None
    is_alarming: bool


@dataclass(frozen=True, slots=True)
class ProcedureSheet:
    lines: tuple[ProcedureLine, ...]

    @property
    def recorded(self) -> int:
        return sum(bool(line.answer) for line in self.lines)

    @property
    def is_alarming(self) -> bool:
        return any(line.is_alarming for line in self.lines)


def procedure_sheet(
    protocol: Protocol, asked: tuple[str, ...], stored: Mapping[str, VisitProcedure]
) -> ProcedureSheet:
    """Those that were asked about in the order of the schedule, then any other that has an answer."""
    codes = (*asked, *(code for code in stored if code not in asked))
    return ProcedureSheet(tuple(_line(protocol, code, stored.get(code)) for code in codes))


def _line(protocol: Protocol, code: str, row: VisitProcedure | None) -> ProcedureLine:
    name = procedure_name(protocol, code)
    if row is None:
        return ProcedureLine(name, "", "", None, is_alarming=False)
    return ProcedureLine(
        name, word_of(row.answer), row.note, row.done_on, row.answer == ProcedureAnswer.POSITIVE
    )
