"""What became of the procedures of a visit, saved with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import recording
from patients.saving import ReasonMissing, save_record
from protocol.codes import ProcedureAnswer
from visits.models import Visit, VisitProcedure


@dataclass(frozen=True, slots=True)
class ProcedureValue:
    """`answer`: a ProcedureAnswer; blank takes back what is recorded."""

    procedure: str
    answer: str
    note: str = ""
    done_on: date | None = None


def save_procedures(
    by: User, visit: Visit, values: Sequence[ProcedureValue], *, reason: str, filling: str
) -> None:
    """What stands there already is changed, or taken back, with the reason; a pending result comes in without one.

    The caller holds the visit.
    """
    stored = {row.procedure: row for row in VisitProcedure.objects.filter(visit=visit)}
    for value in values:
        row = stored.get(value.procedure)
        if value.answer:
            row = row or VisitProcedure(visit=visit, procedure=value.procedure)
            comes_in = ("answer", "done_on", "note") if row.answer == ProcedureAnswer.PENDING else ()
            row.answer, row.note, row.done_on = value.answer, value.note.strip(), value.done_on
            save_record(row, by=by, reason=reason, filling=filling, markers=comes_in)
        elif row is not None:
            _take_back(row, by, reason)


def _take_back(row: VisitProcedure, by: User, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Saved values change: say why."), code="reason")
    with recording(by=by, reason=reason):
        row.delete()
