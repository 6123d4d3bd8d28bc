"""The day's work: under which heading a visit stands on a day, if under any."""

from datetime import date, timedelta
from enum import StrEnum

from visits.rules.working_days import IsWorkingDay, add_working_days, suggested_appointment

DAYS_A_WEEK = 7


class Section(StrEnum):
    """The headings of visits, in the order of the work."""

    OVERDUE = "OVERDUE"
    TODAY = "TODAY"
    THIS_WEEK = "THIS_WEEK"
    WINDOW_CLOSING = "WINDOW_CLOSING"


def last_day_of_week_ahead(on: date) -> date:
    return on + timedelta(days=DAYS_A_WEEK - 1)


def visit_section(
    *,
    target_on: date,
    opens_on: date,
    closes_on: date,
    booked_on: date | None,
    on: date,
    is_working_day: IsWorkingDay,
    closing_working_days: int,
) -> tuple[Section, date] | None:
    """The heading of a visit that is expected (due or planned) and not overdue, and the day it stands for.

    A booked visit counts on its day. One that nobody has booked counts on its suggested day; once that has passed, or
    the window closes within `closing_working_days` working days, somebody has to call: its window is closing.
    """
    if booked_on is not None:
        section = _by_day(booked_on, on)
        return (section, booked_on) if section else None
    suggested_on = suggested_appointment(target_on, opens_on, closes_on, is_working_day)
    if suggested_on == on:
        return Section.TODAY, on
    is_closing = closes_on <= add_working_days(on, closing_working_days, is_working_day)
    if opens_on <= on and (is_closing or suggested_on < on):
        return Section.WINDOW_CLOSING, closes_on
    section = _by_day(suggested_on, on)
    return (section, suggested_on) if section else None


def _by_day(day: date, on: date) -> Section | None:
    if day == on:
        return Section.TODAY
    return Section.THIS_WEEK if on < day <= last_day_of_week_ahead(on) else None
