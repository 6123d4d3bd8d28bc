"""What became of a patient, as the chart lists it: outcomes, and the two ends."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from clinic.selectors.course import Course
from patients.models import Disposition, Outcome, Patient
from patients.rules.facts import OutcomeFacts
from patients.rules.suspicion import is_open_suspicion
from patients.words import word_of
from protocol.codes import DispositionRecord


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """`settlement`: what became of a suspicion as of the day; "" = open, or no suspicion."""

    pk: int
    kind: str
    words: str
    on: date
    comment: str
    is_open: bool
    settlement: str
    settled_on: date | None
    settled_why: str
    first_suspected_on: date | None


@dataclass(frozen=True, slots=True)
class EndLine:
    """`term`: the CDISC term that is submitted."""

    pk: int
    record: str
    words: str
    ended_on: date
    last_dose_on: date | None
    reason: str
    term: str
    ae_no: int | None
    event: str
    comment: str


def outcomes_of(patient: Patient) -> QuerySet[Outcome]:
    """The outcomes of a patient whom the user may see: that was decided by the caller."""
    return Outcome.objects.filter(patient=patient).select_related("patient__site")


def outcome_lines(course: Course) -> tuple[OutcomeLine, ...]:
    """What was seen of the disease by the day, the latest first."""
    rows = Outcome.objects.filter(patient=course.patient, on__lte=course.on).select_related("suspicion")
    return tuple(_outcome_line(row, course.on) for row in rows.order_by("-on", "-pk"))


def end_lines(course: Course) -> tuple[EndLine, ...]:
    """The two ends, as far as they had come by the day: of treatment, then of participation."""
    rows = Disposition.objects.filter(patient=course.patient, ended_on__lte=course.on)
    events = dict(course.patient.adverse_events.values_list("ae_no", "term"))
    lines = [_end_line(row, events) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.record != DispositionRecord.TREATMENT))


def _outcome_line(row: Outcome, on: date) -> OutcomeLine:
    is_open = is_open_suspicion(OutcomeFacts(row.kind, row.on, row.settlement, row.settled_on), on=on)
    is_settled = bool(row.settlement) and not is_open
    return OutcomeLine(
        pk=row.pk,
        kind=row.kind,
        words=word_of(row.kind),
        on=row.on,
        comment=row.comment,
        is_open=is_open,
        settlement=word_of(row.settlement) if is_settled else "",
        settled_on=row.settled_on if is_settled else None,
        settled_why=row.settled_why if is_settled else "",
        first_suspected_on=row.suspicion.on if row.suspicion else None,
    )


def _end_line(row: Disposition, events: dict[int, str]) -> EndLine:
    return EndLine(
        pk=row.pk,
        record=row.record,
        words=word_of(row.record),
        ended_on=row.ended_on,
        last_dose_on=row.last_dose_on,
        reason=word_of(row.reason),
        term=row.reason,
        ae_no=row.ae_no,
        event=events.get(row.ae_no, "") if row.ae_no else "",
        comment=row.comment,
    )
