"""The lines of the preview in the words people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from reminders.rules.reasons import Reason
from reminders.selectors import PreviewLine
from reminders.words import REASONS, STATES, StateMark, masked
from visits.words import visit_name


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """`why`: the reason against sending; "" = it goes out. `reminder_pk`: None while the ledger has no row."""

    subject_id: str
    patient_uuid: object
    visit: str
    to: str
    due_at: datetime
    appointment_on: date
    appointment_time: time | None
    is_booked: bool
    mark: StateMark
    why: str
    reminder_pk: int | None


def preview_lines(lines: Iterable[PreviewLine]) -> list[PreviewRow]:
    return [_row(line) for line in lines]


def _row(line: PreviewLine) -> PreviewRow:
    return PreviewRow(
        subject_id=line.patient.subject_id,
        patient_uuid=line.patient.uuid,
        visit=visit_name(line.patient.protocol, line.visit_code) if line.visit_code else "–",
        to=masked(line.recipient) or "–",
        due_at=line.due_at,
        appointment_on=line.appointment_on,
        appointment_time=line.appointment_time,
        is_booked=line.is_booked,
        mark=STATES[line.state],
        why=str(REASONS[Reason(line.reason)]) if line.reason else "",
        reminder_pk=line.reminder.pk if line.reminder else None,
    )
