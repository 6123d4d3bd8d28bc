"""The lines of the preview in the words people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from reminders.models import Notice, NoticeKind
from reminders.rules.reasons import Reason
from reminders.selectors import PreviewLine
from reminders.words import REASONS, STATES, StateMark, masked, reason_words, state_mark
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


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A mail to somebody of the staff; `told`: why it was not sent, or what the mail server said."""

    pk: int
    due_at: datetime
    reader: str
    kind: str
    mark: StateMark
    told: str


def notice_rows(notices: Iterable[Notice]) -> list[NoticeRow]:
    return [
        NoticeRow(
            pk=each.pk,
            due_at=each.due_at,
            reader=each.user.get_username(),
            kind=str(NoticeKind(each.kind).label),
            mark=state_mark(each),
            told=" · ".join(filter(None, (reason_words(each), each.last_answer))),
        )
        for each in notices
    ]


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
