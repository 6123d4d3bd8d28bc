"""The ledger: a row for everything that was to be said to somebody on a day, and what became of it.

The row is the truth, the broker only a wake-up. No text of a mail is kept. The ledger holds no clinical facts and
stands outside the audit trail; what people do to it by hand stands inside.
"""

from reminders.models.attempt import FINAL, Attempt, Handing, LedgerAct, Verdict
from reminders.models.heartbeat import Heartbeat, Part
from reminders.models.message import Message, MessageQuerySet, new_message_id
from reminders.models.notice import MailChoice, Notice, NoticeAct, NoticeAttempt, NoticeKind
from reminders.models.reminder import Reminder, ReminderKind, ReminderQuerySet

__all__ = [
    "FINAL",
    "Attempt",
    "Handing",
    "Heartbeat",
    "LedgerAct",
    "MailChoice",
    "Message",
    "MessageQuerySet",
    "Notice",
    "NoticeAct",
    "NoticeAttempt",
    "NoticeKind",
    "Part",
    "Reminder",
    "ReminderKind",
    "ReminderQuerySet",
    "Verdict",
    "new_message_id",
]
