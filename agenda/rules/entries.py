"""What is to be done about one patient on a day: under which headings of the worklist they stand.

The rules are those of the rooms below; this one puts them side by side for a patient whose facts are all at hand, so
that the worklist need not judge everybody anew at every look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from agenda.rules.facts import AgendaFacts, VisitFacts, is_by
from dosing.rules.orders import dose_periods
from dosing.rules.outlook import AHEAD, REMEMBERED, NextVisit, Outlook
from patients.rules.consents import consents_due
from protocol.days import ONE_DAY
from visits.rules.agenda import Section, last_day_of_week_ahead, visit_section
from visits.rules.contacts import contact_due_on
from visits.rules.imaging import LOOK_BACK, WITHOUT_SCAN, asks_for_scan, scan_window
from visits.rules.overdue import LONGEST_OVERDUE, OPEN, is_overdue
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import visit_status


class Part(StrEnum):
    """The parts of the worklist that ask for a judgement; those of visits are the sections of `visits.rules`."""

    OVERDUE = Section.OVERDUE.value
    TODAY = Section.TODAY.value
    THIS_WEEK = Section.THIS_WEEK.value
    WINDOW_CLOSING = Section.WINDOW_CLOSING.value
    SUPPLY = "SUPPLY"
    TRANSITION = "TRANSITION"
    BEGINNING = "BEGINNING"
    CALLS = "CALLS"
    IMAGING = "IMAGING"
    CONSENTS = "CONSENTS"
    REPORTS = "REPORTS"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: `code` is the visit, purpose or report it is about; `on` and `at` are what a part is ordered by."""

    part: Part
    on: date
    code: str = ""
    at: time | None = None


def entries_on(facts: AgendaFacts, on: date) -> tuple[Entry, ...]:
    """Every row of a patient, by what is recorded and dated up to that day."""
    reports = tuple(_reports(facts, on))
    if facts.has_left(on):
        return reports
    expected = tuple(_expected(facts, on))
    visits = (*_overdue(facts, expected, on), *_upcoming(facts, expected, on))
    found = [*reports, *visits, *_supply(facts, on), *_imaging(facts, on), *_consents(facts, on)]
    return (*found, *_beginning(facts, on, is_expected=bool(visits)))


def _reports(facts: AgendaFacts, on: date) -> Iterator[Entry]:
    """Owed until they are sent, also of who has left or died."""
    for report in facts.reports:
        if is_by(report.aware_on, on):
            yield Entry(Part.REPORTS, report.due_on, report.code, report.due_time)


def _expected(facts: AgendaFacts, on: date) -> Iterator[tuple[VisitFacts, ProjectedVisit]]:
    """Visits nothing is recorded of that are still to be done and are not far off."""
    context, last = facts.context(on), last_day_of_week_ahead(on)
    for visit in facts.visits:
        window = visit.window
        if window is None or visit.is_recorded or (visit.booked_on or window.opens_on) > last:
            continue
        if visit_status(window, None, context, on=on) in OPEN:
            yield visit, window


def _overdue(
    facts: AgendaFacts, expected: tuple[tuple[VisitFacts, ProjectedVisit], ...], on: date
) -> Iterator[Entry]:
    """The latest overdue visit, and the call it asks for once somebody was waited for or called in vain."""
    came_to = max((v.number for v in facts.visits if is_by(v.record.occurred_on, on)), default=-1)
    late = [
        (visit, visit.booked_on or window.closes_on)
        for visit, window in expected
        if is_overdue(
            visit_status(window, None, facts.context(on), on=on),
            closes_on=window.closes_on,
            booked_on=visit.booked_on,
            later_visit_took_place=came_to > visit.number,
            on=on,
        )
        and on - LONGEST_OVERDUE <= (visit.booked_on or window.closes_on)
    ]
    if late:
        visit, missed_on = late[-1]
        yield Entry(Part.OVERDUE, missed_on, visit.record.code)
        yield from _call(facts, visit, missed_on, on)


def _call(facts: AgendaFacts, visit: VisitFacts, missed_on: date, on: date) -> Iterator[Entry]:
    attempts = [attempt for attempt in facts.attempts if attempt.on <= on]
    seen = [day for day in facts.seen if day <= on]
    due_on = contact_due_on(attempts, missed_on, seen, facts.is_working_day)
    if due_on is not None and due_on <= on and (attempts or visit.did_not_come):
        yield Entry(Part.CALLS, due_on, visit.record.code)


def _upcoming(
    facts: AgendaFacts, expected: tuple[tuple[VisitFacts, ProjectedVisit], ...], on: date
) -> Iterator[Entry]:
    for visit, window in expected:
        if (visit.booked_on or window.closes_on) < on:
            continue
        place = visit_section(
            target_on=window.target_on,
            opens_on=window.opens_on,
            closes_on=window.closes_on,
            booked_on=visit.booked_on,
            on=on,
            is_working_day=facts.is_working_day,
            closing_working_days=facts.protocol.reminders.closing_window_working_days,
        )
        if place:
            yield Entry(Part(place[0]), place[1], visit.record.code, visit.booked_time)


def outlook_on(facts: AgendaFacts, on: date) -> Outlook | None:
    """The tablets of a patient on treatment; None of anybody else, and where no kit is known."""
    begun = facts.is_enrolled(on) and is_by(facts.first_dose_on, on)
    kits = [kit for kit in facts.kits if on - REMEMBERED <= kit.dispensed_on <= on]
    if not begun or not kits or facts.first_dose_on is None or is_by(facts.treatment_ended_on, on):
        return None
    held = {kit.kit_id for kit in kits}
    returns = [row for row in facts.returns if row.returned_on <= on and row.kit_id in held]
    periods = dose_periods(facts.orders, None)
    return Outlook(facts.protocol, facts.first_dose_on, _next_visit(facts, on), periods, kits, returns, on)


def _supply(facts: AgendaFacts, on: date) -> Iterator[Entry]:
    """One row at most: who stands at the change of supply is found there."""
    outlook = outlook_on(facts, on)
    if outlook is None:
        return
    long = outlook.long_gap(max((day for day in facts.seen if day <= on), default=None))
    if long is not None:
        yield Entry(Part.TRANSITION, long.from_on)
    elif outlook.gap_to_come is not None:
        yield Entry(Part.TRANSITION, outlook.gap_to_come.on)
    elif outlook.at_risk is not None:
        yield Entry(Part.SUPPLY, outlook.at_risk.on)


def _next_visit(facts: AgendaFacts, on: date) -> NextVisit | None:
    for visit in facts.visits:
        window = visit.window
        if window is None or visit.record.code not in facts.about_tablets or _is_recorded_by(visit, on):
            continue
        after_entry = facts.starts_with_study or is_by(facts.enrolled_on, window.opens_on - ONE_DAY)
        if after_entry and on <= window.closes_on <= on + AHEAD:
            return NextVisit(visit.record.code, window.closes_on, visit.booked_on)
    return None


def _is_recorded_by(visit: VisitFacts, on: date) -> bool:
    """A "not done" counts from the day the window opens."""
    is_not_done = visit.record.not_done and visit.window is not None and visit.window.opens_on <= on
    return is_not_done or is_by(visit.record.occurred_on, on)


def _imaging(facts: AgendaFacts, on: date) -> Iterator[Entry]:
    """The latest scan whose target has passed and since which nobody has looked."""
    if is_by(facts.recurrence_on, on):
        return
    last_on = max((day for day in facts.assessed_on if day <= on), default=None)
    late = None
    for visit in facts.visits:
        window = visit.window
        if window is None or not on - LOOK_BACK <= window.target_on < on or not _asks_for_scan(facts, window):
            continue
        if visit_status(window, visit.record, facts.context(on), on=on) in WITHOUT_SCAN:
            continue
        opens_on, _closes_on = scan_window(window.target_on, facts.protocol.follow_up)
        if last_on is None or last_on < opens_on:
            late = window
    if late is not None:
        yield Entry(Part.IMAGING, late.target_on, late.code)


def _asks_for_scan(facts: AgendaFacts, window: ProjectedVisit) -> bool:
    """Nobody looks before entry; the scan at entry is part of the screening."""
    enrolled_on = facts.enrolled_on
    is_before = not facts.starts_with_study and enrolled_on is not None and window.closes_on < enrolled_on
    return not is_before and not window.is_entry and asks_for_scan(facts.protocol.visit(window.code))


def _consents(facts: AgendaFacts, on: date) -> Iterator[Entry]:
    if facts.enrolled_on is None or not facts.is_enrolled(on):
        return
    due = consents_due(
        facts.consents,
        facts.forms,
        enrolled_on=facts.enrolled_on,
        first_dose_on=facts.first_dose_on,
        treatment_ended_on=facts.treatment_ended_on,
        regimen=facts.protocol.regimen,
        on=on,
    )
    for each in due:
        yield Entry(Part.CONSENTS, each.due_on, each.purpose)


def _beginning(facts: AgendaFacts, on: date, *, is_expected: bool) -> Iterator[Entry]:
    """Who is not enrolled stands first; a first dose without a day last, and not if its visit is expected anyway."""
    if is_by(facts.treatment_closed_on, on):
        return
    if facts.enrolled_on is None:
        yield Entry(Part.BEGINNING, date.min)
    elif facts.is_enrolled(on) and not facts.orders and not is_expected:
        begins_on = facts.first_dose_on or facts.planned_start_on
        if begins_on is None or begins_on <= on:
            yield Entry(Part.BEGINNING, begins_on or date.max)
