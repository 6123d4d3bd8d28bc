"""A month of a clinic as a leaf of a wall calendar: closed days, what is booked, and where a visit belongs."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Site
from protocol.days import ONE_DAY, add_months
from visits.models import Visit
from visits.rules.schedule import is_in_window
from visits.selectors import Closure, booked_visits, closures

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit belongs; `chosen_on`: the day somebody is looking at."""

    visit: Visit | None = None
    suggested_on: date | None = None
    chosen_on: date | None = None


@dataclass(frozen=True, slots=True)
class MonthDay:
    on: date
    is_of_month: bool
    is_past: bool
    is_today: bool
    is_closed: bool
    why: str
    bookings: int
    is_in_window: bool
    is_target: bool
    is_suggested: bool
    is_booked: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    before: date
    after: date
    weeks: tuple[tuple[MonthDay, ...], ...]

    @property
    def week_days(self) -> tuple[date, ...]:
        return tuple(day.on for day in self.weeks[0])


def month_of(site: Site, around: date, *, on: date, place: Place = Place()) -> Month:
    """The weeks, from Sunday, that hold the month of a day. Two statements, however much is booked."""
    first = around.replace(day=1)
    after = add_months(first, 1)
    begins = first - timedelta(days=first.isoweekday() % DAYS_A_WEEK)
    ends = after - ONE_DAY
    ends += timedelta(days=DAYS_A_WEEK - 1 - ends.isoweekday() % DAYS_A_WEEK)
    closed = closures(site, first=begins, last=ends)
    booked = Counter(booked_visits([site], first=begins, last=ends).values_list("booked_on", flat=True))
    days = [
        _day(begins + timedelta(days=number), first, on, closed, booked, place)
        for number in range((ends - begins).days + 1)
    ]
    weeks = tuple(tuple(days[start : start + DAYS_A_WEEK]) for start in range(0, len(days), DAYS_A_WEEK))
    return Month(first, add_months(first, -1), after, weeks)


def _day(
    day: date,
    first: date,
    on: date,
    closed: dict[date, Closure],
    booked: "Counter[date | None]",
    place: Place,
) -> MonthDay:
    closure, visit = closed.get(day), place.visit
    has_window = visit is not None and visit.opens_on is not None and visit.closes_on is not None
    return MonthDay(
        on=day,
        is_of_month=(day.year, day.month) == (first.year, first.month),
        is_past=day < on,
        is_today=day == on,
        is_closed=closure is not None and not closure.is_open,
        why=closure.why if closure else "",
        bookings=booked[day],
        is_in_window=has_window and is_in_window(day, visit.opens_on, visit.closes_on),  # type: ignore[union-attr,arg-type]
        is_target=visit is not None and day == visit.target_on,
        is_suggested=day == place.suggested_on,
        is_booked=visit is not None and day == visit.booked_on,
        is_chosen=day == place.chosen_on,
    )
