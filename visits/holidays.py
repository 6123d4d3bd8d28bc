"""Korean public holidays, and the working days of a clinic that has a calendar of its own on top.

Temporary holidays are decreed late: the package is pinned, and the site's own calendar days stand above it.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

from visits.rules.working_days import IsWorkingDay

_COUNTRY = "KR"
SATURDAY = 5


@lru_cache
def korean_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, substitute and temporary ones and elections included."""
    return frozenset(holidays.country_holidays(_COUNTRY, years=year))


@lru_cache
def korean_holiday_names(year: int, language: str) -> Mapping[date, str]:
    """The public holidays of a year by the names people know them by; `language`: "ko" or "en"."""
    spoken = "ko" if language == "ko" else "en_US"
    return dict(holidays.country_holidays(_COUNTRY, years=year, language=spoken))


def is_korean_working_day(day: date) -> bool:
    """Neither a weekend nor a public holiday."""
    return day.weekday() < SATURDAY and day not in korean_holidays(day.year)


def clinic_working_days(own_days: Mapping[date, bool]) -> IsWorkingDay:
    """Working days of a clinic: its own calendar (day → open?) above the public one."""

    def is_working_day(day: date) -> bool:
        return own_days[day] if day in own_days else is_korean_working_day(day)

    return is_working_day
