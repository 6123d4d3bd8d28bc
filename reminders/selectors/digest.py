"""The morning of a nurse in numbers: what the worklist will show, counted."""

from collections import Counter
from dataclasses import astuple, dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import User
from dosing.selectors import ip_gaps, supply_at_risk
from reminders.selectors.concerns import report_clocks
from visits.rules.agenda import Section
from visits.selectors import Scope, visit_items


@dataclass(frozen=True, slots=True)
class Digest:
    """Counts only: a mail names nobody."""

    overdue: int = 0
    today: int = 0
    this_week: int = 0
    window_closing: int = 0
    supply: int = 0
    clocks: int = 0

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
        supply=len(supply_at_risk(user, on=on)) + len(ip_gaps(user, on=on)),
        clocks=len(report_clocks(user, now=now)),
    )
