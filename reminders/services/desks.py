"""The two desks of the mail room: what is peculiar to messages to patients, and to messages to staff.

Claiming, sending, marking and trying again are the same for both (`sending.py`).
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from patients.services import mark_address_refused
from reminders.facts import Facts
from reminders.mails import language_of, reminder_mail
from reminders.models import Attempt, Handing, MessageQuerySet, Notice, NoticeAttempt, Reminder, Verdict
from reminders.rules.plan import reason_not_to_send
from reminders.rules.reasons import Reason
from reminders.rules.states import ReminderState
from reminders.services.planning import as_planned
from reminders.staff import notice_language, notice_mail, reason_against_notice
from visits.models import Visit


class Letters(Protocol):
    """The rows of one claim, with the facts as they are now."""

    def reason_against(self, row: Any) -> Reason | None: ...

    def write(self, row: Any) -> EmailMultiAlternatives: ...

    def language_of(self, row: Any) -> str: ...


class Desk(Protocol):
    @property
    def name(self) -> str:
        """Also of the key by which the attempts point to a row."""

    @property
    def attempts(self) -> type[Handing]:
        """Where every handing to the mail server is kept."""

    def rows(self) -> MessageQuerySet: ...

    def claimed(self, token: uuid.UUID, at: datetime) -> MessageQuerySet:
        """The rows of a claim, with whatever the letters need of other rows."""

    def letters(self, rows: Sequence[Any], at: datetime) -> Letters: ...

    def note(self, row: Any, verdict: Verdict, answer: str, *, at: datetime) -> None:
        """Keep what the server answered to one attempt."""


class _ToPatients:
    name = "reminder"
    attempts: type[Handing] = Attempt

    def rows(self) -> MessageQuerySet:
        rows: MessageQuerySet = Reminder.objects.all()
        return rows

    def claimed(self, token: uuid.UUID, at: datetime) -> MessageQuerySet:
        rows: MessageQuerySet = Reminder.objects.filter(claim_token=token).annotate(
            later_one_is_due=_later_one_is_due(at)
        )
        return rows

    def letters(self, rows: Sequence[Any], at: datetime) -> Letters:
        return _LettersToPatients(rows, at)

    def note(self, row: Any, verdict: Verdict, answer: str, *, at: datetime) -> None:
        Attempt.objects.create(reminder_id=row.pk, at=at, verdict=verdict, answer=answer)
        if verdict is Verdict.NO_MAILBOX:
            system = User.objects.system()
            mark_address_refused(by=system, patient_id=row.patient_id, email=row.recipient, at=at)


def _later_one_is_due(at: datetime) -> Exists:
    """Another message about the same visit, to the same address, is due by now or has been sent."""
    counts = [ReminderState.PLANNED, ReminderState.CLAIMED, ReminderState.SENT]
    later = Q(due_at__gt=OuterRef("due_at"), due_at__lte=at, state__in=counts)
    return Exists(Reminder.objects.filter(later, visit=OuterRef("visit"), recipient=OuterRef("recipient")))


class _LettersToPatients:
    def __init__(self, rows: Sequence[Any], at: datetime) -> None:
        self.at = at
        visits = Visit.objects.filter(pk__in=[row.visit_id for row in rows])
        self.facts = Facts(visits, on=timezone.localtime(at, settings.CLINIC_ZONE).date())

    def reason_against(self, row: Any) -> Reason | None:
        return reason_not_to_send(
            as_planned(row),
            self.facts.of(row.visit_id),
            now=self.at,
            zone=settings.CLINIC_ZONE,
            later_one_is_due=row.later_one_is_due,
        )

    def write(self, row: Any) -> EmailMultiAlternatives:
        return reminder_mail(row, self.facts.visits[row.visit_id], now=self.at)

    def language_of(self, row: Any) -> str:
        return language_of(self.facts.visits[row.visit_id])


class _ToStaff:
    name = "notice"
    attempts: type[Handing] = NoticeAttempt

    def rows(self) -> MessageQuerySet:
        rows: MessageQuerySet = Notice.objects.all()
        return rows

    def claimed(self, token: uuid.UUID, at: datetime) -> MessageQuerySet:
        rows: MessageQuerySet = self.rows().filter(claim_token=token)
        return rows.select_related("user", "patient__site")

    def letters(self, rows: Sequence[Any], at: datetime) -> Letters:
        return _LettersToStaff(at)

    def note(self, row: Any, verdict: Verdict, answer: str, *, at: datetime) -> None:
        NoticeAttempt.objects.create(notice_id=row.pk, at=at, verdict=verdict, answer=answer)


class _LettersToStaff:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def reason_against(self, row: Any) -> Reason | None:
        return reason_against_notice(row, now=self.at)

    def write(self, row: Any) -> EmailMultiAlternatives:
        return notice_mail(row, now=self.at)

    def language_of(self, row: Any) -> str:
        return notice_language(row)


PATIENTS: Desk = _ToPatients()
STAFF: Desk = _ToStaff()
DESKS: tuple[Desk, ...] = (PATIENTS, STAFF)
