"""The agenda of a patient over days to come: it changes on few of them, and those are known in advance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agenda.rules.entries import Entry, entries_on
from agenda.rules.facts import AgendaFacts, VisitFacts
from dosing.rules.outlook import AHEAD, REMEMBERED, change_of_supply_opens_on
from patients.rules.consents import extension_consent_on
from protocol.codes import SupplySource
from protocol.days import ONE_DAY
from visits.rules.agenda import DAYS_A_WEEK
from visits.rules.contacts import contact_due_on
from visits.rules.imaging import LOOK_BACK
from visits.rules.overdue import LONGEST_OVERDUE
from visits.rules.schedule import ProjectedVisit
from visits.rules.working_days import add_working_days, suggested_appointment

WEEK_AHEAD = timedelta(days=DAYS_A_WEEK - 1)


@dataclass(frozen=True, slots=True)
class Span:
    """An entry and the days on which it stands, both ends inside."""

    entry: Entry
    from_on: date
    to_on: date


def agenda(facts: AgendaFacts, from_on: date, to_on: date) -> tuple[Span, ...]:
    """Every entry between two days, both inside: on each of them what `entries_on` says of it."""
    open_: dict[Entry, date] = {}
    found: list[Span] = []
    for day in sorted(_turning_days(facts, from_on, to_on)):
        entries = entries_on(facts, day)
        found += [
            Span(entry, open_.pop(entry), day - ONE_DAY) for entry in list(open_) if entry not in entries
        ]
        open_ |= {entry: day for entry in entries if entry not in open_}
    return (*found, *(Span(entry, since, to_on) for entry, since in open_.items()))


def _turning_days(facts: AgendaFacts, from_on: date, to_on: date) -> set[date]:
    """Every day on which some judgement may become another one; days too many only cost time."""
    days = {day for day in (*_of_patient(facts), *_of_tablets(facts)) if day is not None}
    for visit in facts.visits:
        if visit.window is not None:
            days.update(_of_visit(facts, visit, visit.window, from_on, to_on))
    gap = _days_of_a_gap(facts, from_on, to_on)
    return {from_on, *gap, *(day for day in days if from_on < day <= to_on)}


def _of_patient(facts: AgendaFacts) -> Iterator[date | None]:
    yield from (facts.enrolled_on, facts.first_dose_on, facts.planned_start_on, facts.recurrence_on)
    yield from (facts.treatment_closed_on, facts.treatment_ended_on)
    yield from (facts.participation_ended_on, facts.died_on)
    yield from (*facts.seen, *facts.assessed_on)
    yield from (attempt.on for attempt in facts.attempts)
    yield from (form.in_force_on for form in facts.forms)
    yield from (report.aware_on for report in facts.reports)
    yield extension_consent_on(facts.first_dose_on, facts.treatment_ended_on, facts.protocol.regimen)


def _of_tablets(facts: AgendaFacts) -> Iterator[date]:
    for kit in facts.kits:
        yield kit.dispensed_on
        yield kit.dispensed_on + REMEMBERED + ONE_DAY
    yield from (row.returned_on for row in facts.returns)


def _of_visit(
    facts: AgendaFacts, visit: VisitFacts, window: ProjectedVisit, from_on: date, to_on: date
) -> Iterator[date]:
    yield window.opens_on
    yield window.closes_on + ONE_DAY
    yield window.closes_on - AHEAD
    yield window.target_on + ONE_DAY
    yield window.target_on + LOOK_BACK + ONE_DAY
    if visit.is_recorded:
        return
    missed_on = visit.booked_on or window.closes_on
    yield missed_on + ONE_DAY
    yield missed_on + LONGEST_OVERDUE + ONE_DAY
    is_near = (visit.booked_on or window.opens_on) - WEEK_AHEAD <= to_on
    if is_near and missed_on >= from_on - LONGEST_OVERDUE:
        call_on = contact_due_on(facts.attempts, missed_on, facts.seen, facts.is_working_day)
        yield from (day for day in (call_on,) if day is not None)
        yield from _of_place(facts, visit, window)


def _of_place(facts: AgendaFacts, visit: VisitFacts, window: ProjectedVisit) -> Iterator[date]:
    """The days between the headings of a visit to come."""
    stands_on = visit.booked_on or suggested_appointment(
        window.target_on, window.opens_on, window.closes_on, facts.is_working_day
    )
    yield stands_on - WEEK_AHEAD
    yield stands_on
    yield stands_on + ONE_DAY
    closing_days = facts.protocol.reminders.closing_window_working_days
    yield add_working_days(window.closes_on, -closing_days, facts.is_working_day)


def _days_of_a_gap(facts: AgendaFacts, from_on: date, to_on: date) -> Iterator[date]:
    """A gap at the change of supply grows every day until study drug is handed out."""
    if facts.first_dose_on is None or facts.treatment_ended_on is not None or not facts.kits:
        return
    if any(kit.source == SupplySource.IP for kit in facts.kits):
        return
    opens_on = change_of_supply_opens_on(facts.first_dose_on, facts.protocol)
    if opens_on <= to_on:
        first = max(opens_on, from_on)
        yield from (first + timedelta(days=number) for number in range((to_on - first).days + 1))
