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
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from protocol.versions import available_versions
from reminders.facts import Facts
from reminders.mails import TEMPLATE_VERSION, language_of, reminder_mail
from reminders.models import Attempt, Reminder, ReminderQuerySet, Verdict
from reminders.postman import Answer, Postman
from reminders.rules.due import SendHours, is_send_time, parse_send_hours, send_hours
from reminders.rules.plan import reason_not_to_send
from reminders.rules.reasons import Reason
from reminders.rules.retries import pause_before_next, pause_while_unreachable
from reminders.rules.states import SKIPPED, SUPERSEDED, ReminderState
from reminders.services.planning import as_planned
from reminders.turns import only_sender
from visits.models import Visit

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
        while rows := claim_due(at):
            if not _Round(rows, postman, at, report).send():
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


@transaction.atomic
def take_back_expired_claims() -> int:
    """Rows whose worker did not finish in time. What it had handed over may have arrived: the row says so."""
    expired = Reminder.objects.filter(state=ReminderState.CLAIMED, claimed_until__lt=Now())
    handed = expired.filter(handed_at__isnull=False)
    lost = list(handed.select_for_update(skip_locked=True).values_list("pk", "handed_at"))
    Attempt.objects.bulk_create(
        [Attempt(reminder_id=pk, at=handed_at, verdict=Verdict.LOST) for pk, handed_at in lost if handed_at]
    )
    return handed.filter(pk__in=[pk for pk, _at in lost]).transition(
        ReminderState.PLANNED, maybe_sent=True, attempts=F("attempts") + 1
    ) + expired.filter(handed_at=None).transition(ReminderState.PLANNED)


@transaction.atomic(durable=True)
def claim_due(at: datetime) -> list[Reminder]:
    """Up to ROWS_A_CLAIM due rows for this worker alone; rows another worker is looking at are passed over."""
    waiting = Q(next_attempt_at=None) | Q(next_attempt_at__lte=at)
    due = Reminder.objects.filter(waiting, state=ReminderState.PLANNED, due_at__lte=at)
    rows = due.select_for_update(skip_locked=True).order_by("due_at", "pk")[:ROWS_A_CLAIM]
    pks = [row.pk for row in rows]
    token = uuid.uuid4()
    Reminder.objects.filter(pk__in=pks).transition(
        ReminderState.CLAIMED, claim_token=token, claimed_at=Now(), claimed_until=Now() + _lease()
    )
    claimed = Reminder.objects.filter(claim_token=token).annotate(later_one_is_due=_later_one_is_due(at))
    return list(claimed.order_by("due_at", "pk"))


def _lease() -> timedelta:
    return timedelta(seconds=settings.REMINDER_CLAIM_SECONDS)


def _later_one_is_due(at: datetime) -> Exists:
    """Another message about the same visit, to the same address, is due by now or has been sent."""
    counts = [ReminderState.PLANNED, ReminderState.CLAIMED, ReminderState.SENT]
    later = Q(due_at__gt=OuterRef("due_at"), due_at__lte=at, state__in=counts)
    return Exists(Reminder.objects.filter(later, visit=OuterRef("visit"), recipient=OuterRef("recipient")))


class _Round:
    """The rows of one claim, with the facts as they are now."""

    def __init__(self, rows: list[Any], postman: Postman, at: datetime, report: SendReport) -> None:
        self.rows = rows
        self.postman = postman
        self.at = at
        self.report = report
        self.started = time.monotonic()
        visits = Visit.objects.filter(pk__in=[row.visit_id for row in rows])
        self.facts = Facts(visits, on=timezone.localtime(at, settings.CLINIC_ZONE).date())

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
        reason = reason_not_to_send(
            as_planned(row),
            self.facts.of(row.visit_id),
            now=self.at,
            zone=settings.CLINIC_ZONE,
            later_one_is_due=row.later_one_is_due,
        )
        visit = self.facts.visits.get(row.visit_id)
        mail = None if reason or visit is None else self._written(row, visit)
        if mail is None or visit is None:
            self._move(row, (reason or Reason.REFUSED).state, reason=reason or Reason.REFUSED)
            return None
        if not _hand_over(row, visit):
            return None  # the facts have changed since the claim, and the plan with them
        answer = self.postman.deliver(mail)
        self._mark(row, answer)
        return answer.verdict

    def _written(self, row: Reminder, visit: Visit) -> EmailMessage | None:
        """A message that cannot be written fails alone; the others go."""
        try:
            return reminder_mail(row, visit, now=self.at)
        except Exception:
            log.exception("reminder %s cannot be written", row.pk)
            return None

    @transaction.atomic
    def _mark(self, row: Reminder, answer: Answer) -> None:
        attempts = row.attempts + 1
        Attempt.objects.create(
            reminder_id=row.pk, at=timezone.now(), verdict=answer.verdict, answer=answer.text
        )
        told: dict[str, Any] = {
            "attempts": attempts,
            "last_answer": answer.text,
            "maybe_sent": row.maybe_sent or answer.maybe_accepted,
        }
        if answer.verdict is Verdict.ACCEPTED:
            self._move(row, ReminderState.SENT, sent_at=timezone.now(), **told)
            return
        if answer.verdict is Verdict.REFUSED:
            self._move(row, ReminderState.FAILED, reason=Reason.REFUSED, **told)
            return
        pause = _pause(attempts, answer.verdict)
        if pause is None:
            self._move(row, ReminderState.FAILED, reason=Reason.GAVE_UP, **told)
            return
        self._move(row, ReminderState.PLANNED, next_attempt_at=self.at + pause, **told)

    def _move(self, row: Reminder, to: ReminderState, **fields: Any) -> None:
        if _mine(row).transition(to, **fields):
            self.report.count(to)

    def _give_back(self, rows: list[Any]) -> None:
        pks = [row.pk for row in rows]
        mine = Reminder.objects.filter(pk__in=pks, state=ReminderState.CLAIMED, handed_at=None)
        mine.filter(claim_token__in=[row.claim_token for row in rows]).transition(ReminderState.PLANNED)


def _mine(row: Reminder) -> ReminderQuerySet:
    """The row, as long as this worker's claim stands."""
    mine: ReminderQuerySet = Reminder.objects.filter(
        pk=row.pk, state=ReminderState.CLAIMED, claim_token=row.claim_token
    )
    return mine


def _hand_over(row: Reminder, visit: Visit) -> bool:
    """Say in the ledger that the server now gets it: from here on nobody takes the row back but by its lease."""
    handed = _mine(row).filter(handed_at=None)
    return bool(
        handed.update(
            handed_at=Now(),
            claimed_until=Now() + _lease(),
            language=language_of(visit),
            template_version=TEMPLATE_VERSION,
        )
    )


def _pause(attempts: int, verdict: Verdict) -> timedelta | None:
    chance = secrets.SystemRandom().random()
    if verdict is Verdict.UNREACHABLE:
        return pause_while_unreachable(attempts, chance)
    return pause_before_next(attempts, chance)
