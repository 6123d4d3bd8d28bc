"""The morning of a nurse in numbers: what the worklist will show, counted."""

from collections import Counter
from dataclasses import astuple, dataclass
from datetime import date, datetime

from django.conf import settings

from accounts.models import User
from accounts.permissions import Permission
from adverse_events.selectors import report_clocks
from dosing.selectors import supply_outlook
from patients.selectors import consents_due
from reminders.selectors.concerns import dose_concerns
from visits.rules.agenda import Section
from visits.selectors import Scope, contacts_due, visit_items


@dataclass(frozen=True, slots=True)
class Digest:
    """Counts only: a mail names nobody."""

    overdue: int = 0
    today: int = 0
    this_week: int = 0
    window_closing: int = 0
    calls: int = 0
    supply: int = 0
    consents: int = 0
    clocks: int = 0
    flags: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(astuple(self))


def digest(user: User, *, now: datetime) -> Digest:
    on = now.astimezone(settings.CLINIC_ZONE).date()
    visits = Counter(item.section for item in visit_items(user, Scope(on=on, today=on)))
    return Digest(
        overdue=visits[Section.OVERDUE],
        today=visits[Section.TODAY],
        this_week=visits[Section.THIS_WEEK],
        window_closing=visits[Section.WINDOW_CLOSING],
        calls=sum(due.is_to_call for due in contacts_due(user, on=on)),
        supply=_short_of_tablets(user, on),
        consents=len(consents_due(user, on=on)),
        clocks=len(report_clocks(user, Permission.VIEW_WORKLIST, at=now)),
        flags=sum(1 for _ in dose_concerns(user, on)),
    )


def _short_of_tablets(user: User, on: date) -> int:
    """Patients, each counted once: who waits for the study drug may run out as well."""
    outlook = supply_outlook(user, on=on)
    return len({row.patient.pk for row in outlook.at_risk} | {gap.patient.pk for gap in outlook.gaps})
