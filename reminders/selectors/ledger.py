"""The rows of the ledger, and whether they go out."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Site, User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from patients.models import Contact, Patient
from protocol.codes import Language
from reminders.models import Heartbeat, Part, Reminder, ReminderQuerySet
from reminders.rules.states import OPEN, ReminderState
from visits.models import Visit

# Heartbeats come every 15 to 20 seconds; several may be late on a busy machine.
SILENT_AFTER = timedelta(seconds=80)
SITE_LINES = ("name", "place", "phone")


@dataclass(frozen=True, slots=True)
class ReminderHealth:
    """Whether reminders go out. `since`: the last sign of life of the part that is missing longest; None = never."""

    silent: Mapping[str, datetime | None]

    @property
    def is_running(self) -> bool:
        return not self.silent

    @property
    def since(self) -> datetime | None:
        return None if None in self.silent.values() else min(filter(None, self.silent.values()), default=None)


def silent_parts(now: datetime) -> dict[str, datetime | None]:
    """Parts without a sign of life for too long, with the last one."""
    last = dict(Heartbeat.objects.values_list("name", "at"))
    return {part.value: last.get(part) for part in Part if not _is_fresh(last.get(part), now)}


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at <= SILENT_AFTER


def health(now: datetime) -> ReminderHealth:
    """For the notice on ledger, worklist and dashboard."""
    return ReminderHealth(silent_parts(now))


def ledger(user: User) -> ReminderQuerySet:
    """Every row of the sites that `user` sees, with what the page shows of it."""
    rows: ReminderQuerySet = Reminder.objects.visible_to(user).select_related("patient__site", "visit")
    return rows


def count_by_state(rows: QuerySet[Reminder]) -> dict[str, int]:
    """How many rows in each state, every state named."""
    counted = rows.order_by().values_list("state").annotate(rows=Count("pk"))
    return {state.value: 0 for state in ReminderState} | dict(counted)


def going_out(user: User, *, on: date) -> ReminderQuerySet:
    """What is planned to be sent on a day."""
    rows: ReminderQuerySet = ledger(user).filter(due_on=on, state__in=sorted(OPEN))
    return rows


def reminders_of(user: User, patient: Patient) -> ReminderQuerySet:
    """All rows of one patient, the latest first."""
    rows: ReminderQuerySet = ledger(user).filter(patient=patient).order_by("-due_at", "-pk")
    return rows


def reminder_with_story(user: User, pk: int) -> Reminder | None:
    """One row with its attempts and what people did to it."""
    rows = ledger(user).select_related("patient__contact")
    return rows.prefetch_related("attempt_rows", "acts__by").filter(pk=pk).first()


def planned_for(visit: Visit) -> ReminderQuerySet:
    """What will still be said about a visit."""
    rows: ReminderQuerySet = Reminder.objects.filter(visit=visit, state__in=sorted(OPEN))
    return rows


def unsent(user: User, *, on: date) -> ReminderQuerySet:
    """Tried and not sent, failed for good or still being tried, while the appointment is still to come.

    But for what another mail has made good since: to a corrected address, or nearer to the same appointment.
    """
    tried = Q(state=ReminderState.FAILED) | Q(state__in=sorted(OPEN), attempts__gt=0)
    same = Q(visit=OuterRef("visit"), appointment_on=OuterRef("appointment_on"))
    another = Reminder.objects.filter(same, state=ReminderState.SENT, due_at__gte=OuterRef("due_at"))
    rows: ReminderQuerySet = ledger(user).filter(tried, ~Exists(another), appointment_on__gte=on)
    return rows.select_related("patient__site", "patient__contact", "visit")


@dataclass(frozen=True, slots=True)
class MissingLines:
    """A site whose mails lack a line, and which (`place_ko`)."""

    site: Site
    fields: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        """Those lines as the form of a site names them."""
        columns = {column.name: str(column.verbose_name) for column in Site._meta.concrete_fields}
        return [columns[name] for name in self.fields]


def sites_with_missing_lines(user: User) -> list[MissingLines]:
    """Sites of patients who get mails, where a line of the mail is not filled in."""
    readers = Contact.objects.filter(reminders=True).exclude(email="")
    by_site: dict[int, set[str]] = defaultdict(set)
    for site_id, language in readers.values_list("patient__site_id", "language").distinct():
        by_site[site_id].add(language or Language.KOREAN.value)
    sites = sites_visible_to(user, Permission.VIEW_REMINDERS).filter(pk__in=by_site)
    missing = [MissingLines(site, _missing(site, by_site[site.pk])) for site in sites]
    return [each for each in missing if each.fields]


def _missing(site: Site, languages: set[str]) -> tuple[str, ...]:
    names = chain.from_iterable(
        (f"{line}_{language}" for line in SITE_LINES) for language in sorted(languages)
    )
    return tuple(name for name in names if not getattr(site, name).strip())


def tomorrow(now: datetime) -> date:
    return timezone.localtime(now, settings.CLINIC_ZONE).date() + timedelta(days=1)


def contact_with_token(token: UUID) -> Contact | None:
    """Whose link this is. The token is the patient's own key: no user stands behind it."""
    return Contact.objects.filter(opt_out_token=token).first()
