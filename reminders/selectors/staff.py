"""Who of the staff gets which mail today: by delegation, by what they chose, and on working days of their sites."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import Delegation, User
from accounts.permissions import Role
from accounts.selectors import roles_of
from reminders.models import MailChoice, Notice, NoticeKind
from reminders.rules.reasons import Reason
from reminders.rules.states import ReminderState
from visits.selectors import working_days

MOST_NOTICES = 20
READERS = {NoticeKind.DIGEST: Role.NURSE, NoticeKind.ESCALATION: Role.PI}


def mail_choice(user: User) -> MailChoice:
    """What somebody chose; everything, as long as they have chosen nothing."""
    return MailChoice.objects.filter(user=user).first() or MailChoice(user=user)


def wants(user: User, kind: NoticeKind) -> bool:
    choice = mail_choice(user)
    return choice.digest if kind is NoticeKind.DIGEST else choice.escalations


def kinds_for(user: User) -> list[NoticeKind]:
    """The mails that the roles of `user` get today."""
    roles = roles_of(user)
    return [kind for kind, role in READERS.items() if role in roles]


def readers(kind: NoticeKind, *, on: date) -> list[User]:
    """Everybody with the role at a site on a day, whatever they chose: the ledger says why somebody gets nothing."""
    delegated = _delegations(kind, on).values("user")
    return list(User.objects.filter(pk__in=delegated, is_active=True, is_service=False).order_by("pk"))


def recent_notices(user: User) -> QuerySet[Notice]:
    """The latest mails to staff that `user` may see, those with nothing to say left out."""
    rows: QuerySet[Notice] = Notice.objects.visible_to(user).exclude(reason=Reason.NOTHING_TO_SAY)
    return rows.select_related("user").order_by("-due_at", "-pk")[:MOST_NOTICES]


def undelivered(user: User) -> Notice | None:
    """The latest mail to `user` that was tried, if it did not arrive: who gets none cannot read so in their mail."""
    tried = Notice.objects.filter(user=user, attempts__gt=0).order_by("-due_at", "-pk")
    latest: Notice | None = tried.first()
    return None if latest is None or latest.state == ReminderState.SENT else latest


def notice_with_story(user: User, pk: int) -> Notice | None:
    """One mail with its attempts and what people did to it."""
    rows = Notice.objects.visible_to(user).select_related("user", "patient__site")
    found: Notice | None = rows.prefetch_related("attempt_rows", "acts__by").filter(pk=pk).first()
    return found


def _delegations(kind: NoticeKind, on: date) -> QuerySet[Delegation]:
    in_force = Delegation.objects.filter(role=READERS[kind], from_on__lte=on)
    return in_force.exclude(until_on__lt=on)


def readers_at_work(*, on: date) -> list[User]:
    """Those who get a digest and one of whose clinics is open on a day."""
    sites: dict[int, set[int]] = {}
    for user_id, site_id in _delegations(NoticeKind.DIGEST, on).values_list("user", "site"):
        sites.setdefault(user_id, set()).add(site_id)
    is_open = working_days({site for each in sites.values() for site in each})
    people = readers(NoticeKind.DIGEST, on=on)
    return [user for user in people if any(is_open[site](on) for site in sites[user.pk])]
