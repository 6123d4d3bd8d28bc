"""Working days: where an appointment is suggested, and when a task for the staff falls due.

What a working day is belongs to the caller (weekends, public holidays, the clinic's own calendar).
"""

from collections.abc import Callable
from datetime import date, timedelta

from protocol.days import ONE_DAY

IsWorkingDay = Callable[[date], bool]
_LONGEST_CLOSURE_DAYS = 366


def suggested_appointment(
    target_on: date, opens_on: date, closes_on: date, is_working_day: IsWorkingDay
) -> date:
    """The working day of the window nearest to the target, the later of two; the target if there is none."""
    furthest = max((target_on - opens_on).days, (closes_on - target_on).days)
    for distance in range(furthest + 1):
        for day in (target_on + timedelta(days=distance), target_on - timedelta(days=distance)):
            if opens_on <= day <= closes_on and is_working_day(day):
                return day
    return target_on


def next_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """The first working day after `day`."""
    return _step(day, ONE_DAY, is_working_day)


def previous_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """The last working day before `day`."""
    return _step(day, -ONE_DAY, is_working_day)


def working_day_on_or_before(day: date, is_working_day: IsWorkingDay) -> date:
    """`day` itself if it is one, else the working day before: where a task for the staff goes."""
    return day if is_working_day(day) else previous_working_day(day, is_working_day)


def add_working_days(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    """`count` working days after (before, if negative) `day`; 0 leaves it."""
    step = next_working_day if count > 0 else previous_working_day
    for _ in range(abs(count)):
        day = step(day, is_working_day)
    return day


def _step(day: date, step: timedelta, is_working_day: IsWorkingDay) -> date:
    for distance in range(1, _LONGEST_CLOSURE_DAYS + 1):
        if is_working_day(day + distance * step):
            return day + distance * step
    raise ValueError(f"no working day within a year of {day.isoformat()}")
