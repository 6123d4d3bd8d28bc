"""Who did not come and is to be called, and what became of the calls so far."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from patients.models import Patient
from visits.models import ContactAttempt, Visit
from visits.rules.contacts import Attempt, contact_due_on, is_lost_proposed
from visits.rules.working_days import IsWorkingDay
from visits.selectors.agenda import Scope, overdue_items
from visits.selectors.status import is_overdue_on, status_on, with_context, working_days


@dataclass(frozen=True, slots=True)
class ContactDue:
    """`visit`: the latest one missed. `due_on`: None once the patient was reached and only the booking is missing."""

    visit: Visit
    due_on: date | None
    attempts: tuple[ContactAttempt, ...]
    is_lost_proposed: bool

    @property
    def is_to_call(self) -> bool:
        """Did not come, or was called before: a visit that is only overdue stands among the overdue ones."""
        return bool(self.attempts) or self.visit.did_not_come


def contacts_due(user: User, *, on: date, among: QuerySet[Patient] | None = None) -> list[ContactDue]:
    """The patients to be called on a day or before, the longest due first; three statements for all of them."""
    scope = Scope(on=on, today=on)
    patients = scope.patients(user) if among is None else among
    missed = [(*item.also, item.visit) for item in overdue_items(patients, scope)]
    due = [each for each in _contacts(missed, on) if each.due_on is not None and each.due_on <= on]
    return sorted(due, key=lambda each: (each.due_on or on, each.visit.patient.subject_id))


def contact_of(patient: Patient, visit: Visit, *, on: date) -> ContactDue:
    """How it stands with one patient who did not come to a visit."""
    rows = with_context(Visit.objects.filter(patient=patient, occurred_on=None, not_done=False), on=on)
    missed = [
        row
        for row in rows.order_by("target_on")
        if row.pk != visit.pk and (status := status_on(row, on=on)) and is_overdue_on(row, status, on=on)
    ]
    return _contacts([(*missed, visit)], on)[0]


def _contacts(missed: Sequence[tuple[Visit, ...]], on: date) -> list[ContactDue]:
    patients = {visits[-1].patient_id for visits in missed}
    attempts: dict[int, list[ContactAttempt]] = defaultdict(list)
    made = ContactAttempt.objects.filter(visit__patient__in=patients, on__lte=on)
    for attempt in made.select_related("visit", "recorded_by").order_by("on", "recorded_at"):
        attempts[attempt.visit.patient_id].append(attempt)
    seen: dict[int, list[date]] = defaultdict(list)
    came = Visit.objects.filter(patient__in=patients, occurred_on__lte=on)
    for patient_id, day in came.values_list("patient_id", "occurred_on"):
        if day is not None:  # for the type: the filter has left the others out
            seen[patient_id].append(day)
    is_open = working_days({visits[-1].patient.site_id for visits in missed})
    return [
        _contact(v, attempts[v[-1].patient_id], seen[v[-1].patient_id], is_open[v[-1].patient.site_id], on)
        for v in missed
    ]


def _contact(
    visits: tuple[Visit, ...],
    made: list[ContactAttempt],
    seen: list[date],
    is_working_day: IsWorkingDay,
    on: date,
) -> ContactDue:
    latest = visits[-1]
    attempts = [Attempt(each.on, each.reached) for each in made]
    missed_on = latest.booked_on or latest.closes_on or on
    return ContactDue(
        visit=latest,
        due_on=contact_due_on(attempts, missed_on, seen, is_working_day),
        attempts=tuple(made),
        is_lost_proposed=is_lost_proposed(
            attempts,
            [each.closes_on for each in visits if each.closes_on],
            seen,
            latest.patient.protocol.follow_up,
            on=on,
        ),
    )
