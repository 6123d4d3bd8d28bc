"""The plan: for every coming visit the rows it calls for, and for every row that no longer fits the reason why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from protocol.versions import available_versions
from reminders.facts import Facts, open_visits, visits_to_write_about
from reminders.models import Reminder, ReminderQuerySet
from reminders.rules.due import longest_lead, planning_horizon_on
from reminders.rules.kinds import Kind
from reminders.rules.notes import planned_notes
from reminders.rules.plan import PlannedReminder, difference, planned_reminders
from reminders.rules.reasons import SETTLED, Reason, reason_against
from reminders.rules.states import OPEN, ReminderState
from visits.models import Visit

PATIENTS_A_BATCH = 500
# Rows stand so long before they are due: a planner that was down for two weeks has missed nothing.
AHEAD_DAYS = 14
_FOLLOWED = ("lead_days", "due_at", "appointment_on", "appointment_time")

Key: TypeAlias = tuple[int, str, str, date]
Wanted: TypeAlias = dict[Key, tuple[int, PlannedReminder]]


@dataclass
class PlanReport:
    """How many rows were written, moved and closed."""

    planned: int = 0
    changed: int = 0
    closed: int = 0

    def __add__(self, other: "PlanReport") -> "PlanReport":
        return PlanReport(
            self.planned + other.planned, self.changed + other.changed, self.closed + other.closed
        )


def plan_reminders(*, on: date, patient_ids: Sequence[int] | None = None) -> PlanReport:
    """Make the ledger say what is to go out for visits from `on` on; idempotent, in batches of patients."""
    report = PlanReport()
    for batch in _batches(patient_ids, on):
        with transaction.atomic():
            report += _plan_batch(batch, on)
    return report


def _batches(patient_ids: Sequence[int] | None, on: date) -> Iterator[Sequence[int]]:
    ids = _patients_to_plan(on) if patient_ids is None else sorted(set(patient_ids))
    for start in range(0, len(ids), PATIENTS_A_BATCH):
        yield ids[start : start + PATIENTS_A_BATCH]


def _horizon(on: date) -> Q:
    last = max(planning_horizon_on(on, v.reminders, AHEAD_DAYS) for v in available_versions())
    return open_visits(first=on, last=last) | visits_to_write_about(on)


def _patients_to_plan(on: date) -> list[int]:
    visited = Visit.objects.filter(_horizon(on)).values_list("patient_id", flat=True)
    waiting = Reminder.objects.filter(state__in=sorted(OPEN)).values_list("patient_id", flat=True)
    return sorted(visited.union(waiting))


def _plan_batch(patient_ids: Sequence[int], on: date) -> PlanReport:
    stored = _stored(patient_ids, on)
    open_rows = [row.visit_id for row in stored.values() if row.state in OPEN and row.visit_id]
    visits = Visit.objects.filter(patient_id__in=patient_ids).filter(_horizon(on) | Q(pk__in=open_rows))
    facts = Facts(visits, on=on)
    wanted = _wanted(facts)
    report = PlanReport(planned=_write(stored, wanted))
    report.changed = _follow(stored, wanted)
    report.closed = _close(_to_close(stored, wanted, facts))
    return report


def _stored(patient_ids: Sequence[int], on: date) -> dict[Key, Reminder]:
    """The rows that may still change, held in one order so that two planners never wait for each other in a ring.

    A row that may be wanted is due at the earliest by the longest lead time before today.
    """
    first_due_on = on - max(longest_lead(version.reminders) for version in available_versions())
    rows = Reminder.objects.filter(patient_id__in=patient_ids).filter(
        Q(state__in=sorted(OPEN)) | Q(due_on__gte=first_due_on)
    )
    return {_key(row): row for row in rows.select_for_update().order_by("pk")}


def _key(row: Reminder) -> Key:
    return (row.visit_id or -row.pk, row.kind, row.recipient, row.due_on)


def _wanted(facts: Facts) -> Wanted:
    wanted: Wanted = {}
    for visit in facts.visits.values():
        known = facts.of(visit.pk)
        if known is None:
            continue
        reminders = visit.patient.protocol.reminders
        zone = settings.CLINIC_ZONE
        leads = planned_reminders(known, reminders, zone, on=facts.on)
        for planned in (*leads, *planned_notes(known, reminders, zone, on=facts.on)):
            key = (visit.pk, planned.kind.value, planned.recipient, planned.due_on)
            wanted[key] = (visit.patient_id, planned)
    return wanted


def _write(stored: dict[Key, Reminder], wanted: Wanted) -> int:
    """Rows that are not there yet; another planner may be quicker, and then its row stands."""
    rows = [_row(key, *wanted[key]) for key in sorted(wanted) if key not in stored]
    if rows:
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _row(key: Key, patient_id: int, planned: PlannedReminder) -> Reminder:
    visit_id, kind, recipient, due_on = key
    return Reminder(
        visit_id=visit_id,
        patient_id=patient_id,
        kind=kind,
        recipient=recipient,
        due_on=due_on,
        state=planned.reason.state if planned.reason else ReminderState.PLANNED,
        reason=planned.reason or "",
        **_what_it_says(planned),
    )


def _what_it_says(planned: PlannedReminder) -> dict[str, object]:
    return {name: getattr(planned, name) for name in _FOLLOWED}


def _follow(stored: dict[Key, Reminder], wanted: Wanted) -> int:
    """Bring rows that stay, or come back, to what they are to say now."""
    pairs = [(stored[key], planned) for key, (_, planned) in wanted.items() if key in stored]
    pairs = [(row, planned) for row, planned in pairs if is_changeable(row)]
    moved = [row for row, planned in pairs if _differs(row, planned)]
    wanted_again = [
        row for row, planned in pairs if planned.reason is None and (row in moved or _may_return(row))
    ]
    for row, planned in pairs:
        vars(row).update(_what_it_says(planned))
    if moved:
        Reminder.objects.bulk_update(moved, _FOLLOWED)
    _changeable([row.pk for row in wanted_again]).transition(ReminderState.PLANNED)
    return len({row.pk for row in (*moved, *wanted_again)})


def _may_return(row: Reminder) -> bool:
    return row.state not in OPEN and row.reason not in SETTLED


def is_changeable(row: Reminder) -> bool:
    is_settled = (
        row.state in {ReminderState.SENT, ReminderState.FAILED} or row.reason == Reason.CANCELLED_BY_HAND
    )
    return not is_settled and row.handed_at is None


def _differs(row: Reminder, planned: PlannedReminder) -> bool:
    return any(getattr(row, name) != getattr(planned, name) for name in _FOLLOWED)


def _to_close(stored: dict[Key, Reminder], wanted: Wanted, facts: Facts) -> Iterable[tuple[Reminder, Reason]]:
    for key, row in stored.items():
        if not is_changeable(row):
            continue
        if key in wanted:
            reason = wanted[key][1].reason
            if reason is not None and (row.state, row.reason) != (reason.state, reason):
                yield row, reason
        elif row.state in OPEN:
            yield row, _why_gone(row, facts)


def _why_gone(row: Reminder, facts: Facts) -> Reason:
    known = facts.of(row.visit_id)
    if known is None:
        return Reason.VISIT_REMOVED
    return reason_against(known) or difference(as_planned(row), known) or Reason.DAY_PASSED


def as_planned(row: Reminder) -> PlannedReminder:
    """A row as the value that the rules compare with the facts."""
    return PlannedReminder(
        kind=Kind(row.kind),
        recipient=row.recipient,
        lead_days=row.lead_days,
        due_on=row.due_on,
        due_at=row.due_at,
        appointment_on=row.appointment_on,
        appointment_time=row.appointment_time,
    )


def _close(closing: Iterable[tuple[Reminder, Reason]]) -> int:
    groups: dict[Reason, list[int]] = defaultdict(list)
    for row, reason in closing:
        groups[reason].append(row.pk)
    return sum(
        _changeable(pks).transition(reason.state, reason=reason) for reason, pks in sorted(groups.items())
    )


def _changeable(pks: Sequence[int]) -> ReminderQuerySet:
    rows: ReminderQuerySet = Reminder.objects.filter(pk__in=pks, handed_at=None)
    return rows
