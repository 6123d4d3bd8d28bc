"""A round: the rows of one claim, each looked at, handed over and marked in its turn.

A row is marked only after the server's answer, so none is lost when a worker is killed. At most the one message
that was in the server's hands at that moment is sent a second time, and its row says so.
"""

import logging
import secrets
import time
from collections import deque
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from reminders.models import FINAL, MessageQuerySet, Verdict
from reminders.postman import Answer, Letter, Postman, letter_of
from reminders.rules.reasons import Reason
from reminders.rules.retries import pause_before_next, pause_while_unreachable
from reminders.rules.states import SKIPPED, SUPERSEDED, ReminderState
from reminders.services.desks import Desk
from reminders.services.marks import Sent, turn

log = logging.getLogger(__name__)

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
    pause: timedelta | None = None  # no more mails before, by the limit of a minute

    @property
    def tried(self) -> int:
        return self.sent + self.postponed + self.failed

    def count(self, state: ReminderState) -> None:
        self.sent += state is ReminderState.SENT
        self.failed += state is ReminderState.FAILED
        self.postponed += state is ReminderState.PLANNED
        self.closed += state in {SKIPPED, SUPERSEDED}


@dataclass(frozen=True, slots=True)
class Looked:
    """A row with its letter, or with the reason why it has none."""

    row: Any
    reason: Reason | None = None
    letter: Letter | None = None
    language: str = ""


class Round:
    def __init__(
        self, rows: Iterable[Any], postman: Postman, at: datetime, report: SendReport, desk: Desk
    ) -> None:
        self.waiting = deque(rows)
        self.desk = desk
        self.postman = postman
        self.at = at
        self.report = report
        self.started = time.monotonic()
        self.letters = desk.letters(self.waiting, at)
        self._sent: Sent | None = None  # taken by the server, not marked yet
        self._looked: Looked | None = None

    def send(self) -> bool:
        """False: the mail server cannot be reached."""
        try:
            while self.waiting and time.monotonic() - self.started <= CLAIM_SECONDS:
                if self._settle(self._look_at_next()) is Verdict.UNREACHABLE:
                    return False
            return True
        finally:
            self._mark_sent()
            self._give_back(self.waiting)

    def _look_at_next(self) -> Looked:
        looked = self._looked or self._look_at(self.waiting[0])
        self.waiting.popleft()
        self._looked = None
        return looked

    def _look_ahead(self) -> None:
        """While the server reads. What goes wrong here goes wrong again, and aloud, when the row has its turn."""
        with suppress(Exception):
            self._looked = self._look_at(self.waiting[0]) if self.waiting else None

    def _look_at(self, row: Any) -> Looked:
        reason = self.letters.reason_against(row)
        if reason is not None:
            return Looked(row, reason)
        try:
            return Looked(row, None, letter_of(self.letters.write(row)), self.letters.language_of(row))
        except Exception:  # a message that cannot be written fails alone; the others go
            log.exception("%s %s cannot be written", self.desk.name, row.pk)
            return Looked(row, Reason.REFUSED)

    def _settle(self, looked: Looked) -> Verdict | None:
        """Send one row, or say why not; the server's verdict if it was asked."""
        if looked.letter is None:
            self._mark_sent()
            reason = looked.reason or Reason.REFUSED
            self._move(looked.row, reason.state, reason=reason)
            return None
        if not self._may_go(looked):
            self._give_back([looked.row])
            return None
        answer = self.postman.deliver(looked.letter, self._look_ahead)
        if answer.verdict is Verdict.ACCEPTED:
            self._sent = Sent(looked.row, timezone.now())
        else:
            self._mark(looked.row, answer)
        return answer.verdict

    def _may_go(self, looked: Looked) -> bool:
        marked, may_go = turn(self.desk, self._sent, looked.row, looked.language)
        self._count_sent(marked)
        return may_go

    def _mark_sent(self) -> None:
        if self._sent is not None:
            self._count_sent(turn(self.desk, self._sent).is_marked)

    def _count_sent(self, is_marked: bool) -> None:
        self._sent = None
        if is_marked:
            self.report.count(ReminderState.SENT)

    @transaction.atomic
    def _mark(self, row: Any, answer: Answer) -> None:
        """What the server said when it did not take the message."""
        attempts = row.attempts + 1
        self.desk.note(row, answer.verdict, answer.text, at=timezone.now())
        told: dict[str, Any] = {
            "attempts": attempts,
            "last_answer": answer.text,
            "maybe_sent": row.maybe_sent or answer.maybe_accepted,
        }
        pause = _pause(attempts, answer.verdict)
        if answer.verdict in FINAL:
            self._move(row, ReminderState.FAILED, reason=Reason.REFUSED, **told)
        elif pause is None:
            self._move(row, ReminderState.FAILED, reason=Reason.GAVE_UP, **told)
        else:
            self._move(row, ReminderState.PLANNED, next_attempt_at=self.at + pause, **told)

    def _move(self, row: Any, to: ReminderState, **fields: Any) -> None:
        if self._mine([row]).transition(to, **fields):
            self.report.count(to)

    def _give_back(self, rows: Collection[Any]) -> None:
        """Rows that were not handed over: the next claim looks at them anew."""
        if rows:
            self._mine(rows).filter(handed_at=None).transition(ReminderState.PLANNED)

    def _mine(self, rows: Collection[Any]) -> MessageQuerySet:
        """The rows, as long as this worker's claim stands."""
        pks, tokens = [row.pk for row in rows], {row.claim_token for row in rows}
        return self.desk.rows().filter(pk__in=pks, state=ReminderState.CLAIMED, claim_token__in=tokens)


def _pause(attempts: int, verdict: Verdict) -> timedelta | None:
    chance = secrets.SystemRandom().random()
    if verdict is Verdict.UNREACHABLE:
        return pause_while_unreachable(attempts, chance)
    return pause_before_next(attempts, chance)
