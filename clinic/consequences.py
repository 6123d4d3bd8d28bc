"""What an act will do to what is still to come: the act is done, looked at, and taken back.

So the page that asks for confirmation says exactly what will happen, whatever rules decide it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from clinic.selectors.coming import Coming, open_visits
from patients.models import Patient
from reminders.models import Reminder
from reminders.rules.states import OPEN


@dataclass(frozen=True, slots=True)
class Consequences:
    """Visits that fall, come in addition, move or stay, and mails that will (not) go out.

    What an act dates back into a window that has passed is named like the rest: it is there to be recorded.
    """

    cancelled: tuple[Coming, ...]
    added: tuple[Coming, ...]
    moved: tuple[Coming, ...]
    kept: tuple[Coming, ...]
    reminders_cancelled: int
    reminders_planned: int

    @property
    def bookings(self) -> tuple[Coming, ...]:
        """The appointments that fall with the visits."""
        return tuple(visit for visit in self.cancelled if visit.booked_on is not None)


def consequences_of(patient: Patient, act: Callable[[], object], *, on: date) -> Consequences:
    """Of an act on the records of one patient; raises what the act raises, and leaves nothing behind."""
    visits, mails = open_visits(patient, on=on), _mails(patient)
    with transaction.atomic():
        act()
        visits_after, mails_after = open_visits(patient, on=on), _mails(patient)
        transaction.set_rollback(True)
    before = {visit.code: visit for visit in visits}
    after = {visit.code for visit in visits_after}
    staying = [visit for visit in visits_after if visit.code in before]
    return Consequences(
        cancelled=tuple(visit for visit in visits if visit.code not in after),
        added=tuple(visit for visit in visits_after if visit.code not in before),
        moved=tuple(visit for visit in staying if visit.target_on != before[visit.code].target_on),
        kept=tuple(
            visit
            for visit in staying
            if visit.target_on == before[visit.code].target_on and not visit.is_missed
        ),
        reminders_cancelled=len(mails - mails_after),
        reminders_planned=len(mails_after - mails),
    )


def _mails(patient: Patient) -> set[int]:
    return set(Reminder.objects.filter(patient=patient, state__in=sorted(OPEN)).values_list("pk", flat=True))
