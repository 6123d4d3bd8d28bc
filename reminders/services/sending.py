"""Claim a few rows, check each against the facts of this moment, hand it over, mark it: in this order, always.

A row is marked only after the server's answer, so none is lost when a worker is killed. At most the one message
that was in the server's hands at that moment is sent a second time, and its row says so.
"""

import logging
import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from protocol.versions import available_versions
from reminders.mails import TEMPLATE_VERSION
from reminders.models import FINAL, MessageQuerySet, Verdict
from reminders.postman import Answer, Postman
from reminders.rules.due import SendHours, is_send_time, parse_send_hours, send_hours
from reminders.rules.reasons import Reason
from reminders.rules.retries import pause_before_next, pause_while_unreachable
from reminders.rules.states import SKIPPED, SUPERSEDED, ReminderState
from reminders.services.desks import DESKS, PATIENTS, Desk
from reminders.turns import only_sender

log = logging.getLogger(__name__)

ROWS_A_CLAIM = 10
# The facts of a claim are not older than this when a message is handed over.
CLAIM_SECONDS = 5.0


@dataclass
class SendReport:
    """What became of the rows that were due."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    closed: int = 0
    is_complete: bool = True

    def count(self, state: ReminderState) -> None:
        self.sent += state is ReminderState.SENT
        self.failed += state is ReminderState.FAILED
        self.postponed += state is ReminderState.PLANNED
        self.closed += state in {SKIPPED, SUPERSEDED}


def send_reminders(*, at: datetime, seconds: float | None = None) -> SendReport:
    """Send what is due at `at` and not sent yet; several at once do no harm.

    With `seconds` for so long at most, and not at all while somebody else on this machine is sending.
    """
    report = SendReport()
    take_back_expired_claims()
    if not is_send_time(at, hours_for_sending(), settings.CLINIC_ZONE):
        return report
    with only_sender(wait=seconds is None) as is_my_turn:
        if is_my_turn:
            _send_all(at, seconds, report)
    return report


def _send_all(at: datetime, seconds: float | None, report: SendReport) -> None:
    end = None if seconds is None else time.monotonic() + seconds
    with Postman() as postman:
        for desk in DESKS:
            while rows := claim_due(at, desk):
                if not _Round(rows, postman, at, report, desk).send():
                    return  # nobody is there: the rest waits for the next sweep
                if end is not None and time.monotonic() > end:
                    report.is_complete = False
                    return


def hours_for_sending() -> SendHours:
    """The hours that every version of the protocol allows, widened by the operator's."""
    versions = [version.reminders for version in available_versions()]
    hours = send_hours(max(v.earliest for v in versions), min(v.latest for v in versions))
    if not settings.SEND_HOURS:
        return hours
    wider = parse_send_hours(settings.SEND_HOURS)
    return SendHours(min(hours.from_minute, wider.from_minute), max(hours.to_minute, wider.to_minute))


def take_back_expired_claims() -> int:
    """Rows whose worker did not finish in time. What it had handed over may have arrived: the row says so."""
    return sum(_take_back(desk) for desk in DESKS)


@transaction.atomic
def _take_back(desk: Desk) -> int:
    expired = desk.rows().filter(state=ReminderState.CLAIMED, claimed_until__lt=Now())
    handed = expired.filter(handed_at__isnull=False)
    lost = list(handed.select_for_update(skip_locked=True))
    for row in lost:
        desk.note(row, Verdict.LOST, "", at=row.handed_at)
    return handed.filter(pk__in=[row.pk for row in lost]).transition(
        ReminderState.PLANNED, maybe_sent=True, attempts=F("attempts") + 1
    ) + expired.filter(handed_at=None).transition(ReminderState.PLANNED)


@transaction.atomic(durable=True)
def claim_due(at: datetime, desk: Desk = PATIENTS) -> list[Any]:
    """Up to ROWS_A_CLAIM due rows for this worker alone; rows another worker is looking at are passed over."""
    waiting = Q(next_attempt_at=None) | Q(next_attempt_at__lte=at)
    due = desk.rows().filter(waiting, state=ReminderState.PLANNED, due_at__lte=at)
    rows = due.select_for_update(skip_locked=True).order_by("due_at", "pk")[:ROWS_A_CLAIM]
    pks = [row.pk for row in rows]
    token = uuid.uuid4()
    desk.rows().filter(pk__in=pks).transition(
        ReminderState.CLAIMED, claim_token=token, claimed_at=Now(), claimed_until=Now() + _lease()
    )
    return list(desk.claimed(token, at).order_by("due_at", "pk"))


def _lease() -> timedelta:
    return timedelta(seconds=settings.REMINDER_CLAIM_SECONDS)


class _Round:
    """The rows of one claim, with the facts as they are now."""

    def __init__(
        self, rows: list[Any], postman: Postman, at: datetime, report: SendReport, desk: Desk
    ) -> None:
        self.rows = rows
        self.desk = desk
        self.postman = postman
        self.at = at
        self.report = report
        self.started = time.monotonic()
        self.letters = desk.letters(rows, at)

    def send(self) -> bool:
        """False: the mail server cannot be reached."""
        for number, row in enumerate(self.rows):
            if time.monotonic() - self.started > CLAIM_SECONDS:
                self._give_back(self.rows[number:])
                break
            if self._settle(row) is Verdict.UNREACHABLE:
                self._give_back(self.rows[number + 1 :])
                return False
        return True

    def _settle(self, row: Any) -> Verdict | None:
        """Send one row, or say why not; the server's verdict if it was asked."""
        reason = self.letters.reason_against(row)
        mail = None if reason else self._written(row)
        if mail is None:
            self._move(row, (reason or Reason.REFUSED).state, reason=reason or Reason.REFUSED)
            return None
        if not self._hand_over(row):
            return None  # the facts have changed since the claim, and the plan with them
        answer = self.postman.deliver(mail)
        self._mark(row, answer)
        return answer.verdict

    def _written(self, row: Any) -> EmailMessage | None:
        """A message that cannot be written fails alone; the others go."""
        try:
            return self.letters.write(row)
        except Exception:
            log.exception("%s %s cannot be written", self.desk.name, row.pk)
            return None

    @transaction.atomic
    def _mark(self, row: Any, answer: Answer) -> None:
        attempts = row.attempts + 1
        self.desk.note(row, answer.verdict, answer.text, at=timezone.now())
        told: dict[str, Any] = {
            "attempts": attempts,
            "last_answer": answer.text,
            "maybe_sent": row.maybe_sent or answer.maybe_accepted,
        }
        if answer.verdict is Verdict.ACCEPTED:
            self._move(row, ReminderState.SENT, sent_at=timezone.now(), **told)
            return
        if answer.verdict in FINAL:
            self._move(row, ReminderState.FAILED, reason=Reason.REFUSED, **told)
            return
        pause = _pause(attempts, answer.verdict)
        if pause is None:
            self._move(row, ReminderState.FAILED, reason=Reason.GAVE_UP, **told)
            return
        self._move(row, ReminderState.PLANNED, next_attempt_at=self.at + pause, **told)

    def _move(self, row: Any, to: ReminderState, **fields: Any) -> None:
        if self._mine(row).transition(to, **fields):
            self.report.count(to)

    def _give_back(self, rows: list[Any]) -> None:
        pks = [row.pk for row in rows]
        mine = self.desk.rows().filter(pk__in=pks, state=ReminderState.CLAIMED, handed_at=None)
        mine.filter(claim_token__in=[row.claim_token for row in rows]).transition(ReminderState.PLANNED)

    def _mine(self, row: Any) -> MessageQuerySet:
        """The row, as long as this worker's claim stands."""
        return self.desk.rows().filter(pk=row.pk, state=ReminderState.CLAIMED, claim_token=row.claim_token)

    def _hand_over(self, row: Any) -> bool:
        """Say in the ledger that the server now gets it: from here on nobody takes the row back but by its lease."""
        handed = self._mine(row).filter(handed_at=None)
        return bool(
            handed.update(
                handed_at=Now(),
                claimed_until=Now() + _lease(),
                language=self.letters.language_of(row),
                template_version=TEMPLATE_VERSION,
            )
        )


def _pause(attempts: int, verdict: Verdict) -> timedelta | None:
    chance = secrets.SystemRandom().random()
    if verdict is Verdict.UNREACHABLE:
        return pause_while_unreachable(attempts, chance)
    return pause_before_next(attempts, chance)
