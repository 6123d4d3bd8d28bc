"""Mails to staff: the digests of a morning and the escalations that are due, as rows; and what people choose."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from protocol.definition import Reminders
from protocol.versions import available_versions
from reminders.models import MailChoice, Notice, NoticeKind
from reminders.rules.escalation import is_to_escalate
from reminders.rules.reasons import Reason
from reminders.rules.states import OPEN, ReminderState
from reminders.selectors.concerns import concerns
from reminders.selectors.staff import mail_choice, readers, readers_at_work

# What a person has decided about a mail, or about such mails, stands for as long as a mail would.
_AS_GOOD_AS_TOLD = (Reason.CANCELLED_BY_HAND, Reason.NOT_WANTED)


@transaction.atomic
def plan_notices(*, now: datetime) -> int:
    """Rows for today's digests and for every open concern; idempotent. How many rows there are to write."""
    on = now.astimezone(settings.CLINIC_ZONE).date()
    rows = [*_digests(on), *_escalations(now, on)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _values() -> Reminders:
    """The newest version of the protocol decides when staff is written to."""
    return available_versions()[-1].reminders


def _digests(on: date) -> Iterator[Notice]:
    due_at = datetime.combine(on, _values().staff_digest_at, settings.CLINIC_ZONE)
    there = set(Notice.objects.filter(kind=NoticeKind.DIGEST, due_on=on).values_list("user", flat=True))
    for user in readers_at_work(on=on):
        if user.pk not in there:
            yield Notice(user=user, kind=NoticeKind.DIGEST, due_on=on, due_at=due_at)


def _escalations(now: datetime, on: date) -> Iterator[Notice]:
    repeat = timedelta(days=_values().escalation_repeat_days)
    for user in readers(NoticeKind.ESCALATION, on=on):
        last = _last_escalations(user)
        for each in concerns(user, now=now):
            if is_to_escalate(last.get((each.patient.pk, each.key)), repeat, on=on):
                yield Notice(
                    user=user,
                    kind=NoticeKind.ESCALATION,
                    patient=each.patient,
                    concern=each.key,
                    due_on=on,
                    due_at=now,
                )


def _last_escalations(user: User) -> dict[tuple[int | None, str], date]:
    """When `user` was last told of a matter, or is about to be. A mail that failed, that had nowhere to go or that came
    too late for what was settled, and has begun anew, has told nobody."""
    told = Q(state__in=sorted(OPEN | {ReminderState.SENT})) | Q(reason__in=_AS_GOOD_AS_TOLD)
    rows = Notice.objects.filter(told, user=user, kind=NoticeKind.ESCALATION).order_by("due_on")
    return {(row.patient_id, row.concern): row.due_on for row in rows}


@transaction.atomic
def choose_mails(*, by: User, digest: bool, escalations: bool) -> MailChoice:
    """What somebody wants to get; it counts from the next mail on."""
    choice = mail_choice(by)
    choice.digest, choice.escalations = digest, escalations
    choice.save()
    return choice
