"""Adverse events as the chart lists them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from adverse_events.models import AdverseEvent
from adverse_events.rules.clocks import sae_report_due_at
from adverse_events.rules.history import grade_on
from clinic.selectors.course import Course
from patients.words import word_of
from protocol.days import treatment_day
from protocol.partial_days import PartialDay


@dataclass(frozen=True, slots=True)
class EventLine:
    pk: int
    ae_no: int
    term: str
    grade: int | None
    current_grade: int | None
    dictionary_version: str
    is_serious: bool
    serious: str
    started_on: date
    start: PartialDay
    ended_on: date | None
    end: PartialDay | None
    onset_day: int | None
    causality: str
    outcome: str
    action_taken: str
    report_due_at: datetime | None
    ordered_on: tuple[date, ...]  # the days of the dose orders that name it
    is_provisional: bool = False


def event_lines(course: Course) -> tuple[EventLine, ...]:
    """Events begun by the day: the ongoing first, then the latest; an end that is still to come is not known yet."""
    rows = AdverseEvent.objects.filter(patient=course.patient, started_on__lte=course.on)
    lines = [_line(row, course) for row in rows.prefetch_related("dose_orders", "grades")]
    lines.sort(key=lambda line: (line.ended_on is not None, -line.started_on.toordinal(), -line.ae_no))
    return tuple(lines)


def _line(row: AdverseEvent, course: Course) -> EventLine:
    first_dose_on = course.facts.patient.first_dose_on
    has_ended = row.ended_on is not None and row.ended_on <= course.on
    return EventLine(
        pk=row.pk,
        ae_no=row.ae_no,
        term=row.term,
        grade=row.grade,
        current_grade=grade_on(row.history, course.on),
        dictionary_version=row.dictionary_version,
        is_serious=bool(row.serious),
        serious=", ".join(word_of(criterion) for criterion in row.serious),
        started_on=row.started_on,
        start=row.start,
        ended_on=row.ended_on if has_ended else None,
        end=row.end if has_ended else None,
        onset_day=treatment_day(first_dose_on, row.started_on)
        if first_dose_on and row.start.is_known
        else None,
        causality=word_of(row.causality),
        outcome=word_of(row.outcome),
        action_taken=word_of(row.action_taken),
        report_due_at=_report_due_at(row, course),
        ordered_on=tuple(order.from_on for order in row.dose_orders.all() if order.from_on <= course.on),
        is_provisional=row.is_provisional,
    )


def _report_due_at(row: AdverseEvent, course: Course) -> datetime | None:
    if not row.serious or row.aware_at is None:
        return None
    aware_at = row.aware_at.astimezone(settings.CLINIC_ZONE)
    return sae_report_due_at(aware_at, course.protocol.adverse_events)
