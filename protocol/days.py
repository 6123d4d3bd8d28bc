"""Arithmetic of days: the one place where months, treatment days and phases are counted.

Clinical dates are days of the clinic's calendar, never instants. Months are calendar months counted from
their origin itself, clipped to the end of a shorter month, never chained. Intervals include both ends.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from protocol.codes import Phase
from protocol.definition import Regimen

ONE_DAY = timedelta(days=1)
_MONTHS_PER_YEAR = 12


def add_months(day: date, months: int) -> date:
    """The day `months` calendar months on (or back), clipped: 31 August + 6 months is 28 or 29 February."""
    index = day.year * _MONTHS_PER_YEAR + day.month - 1 + months
    year, month = divmod(index, _MONTHS_PER_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def treatment_day(first_dose_on: date, day: date) -> int:
    """1 on the day of the first dose, −1 on the day before; there is no day 0 (SDTM study day)."""
    elapsed = (day - first_dose_on).days
    return elapsed + 1 if elapsed >= 0 else elapsed


def days_between(from_on: date, until: date) -> int:
    """Days from `from_on` to `until`, both counted; 0 when `until` lies before."""
    return max((until - from_on).days + 1, 0)


def age_on(birth_date: date, day: date) -> int:
    """Completed years, the birthday included; born on 29 February, it falls on the 28th of other years."""
    years = day.year - birth_date.year
    return years if add_months(birth_date, years * _MONTHS_PER_YEAR) <= day else years - 1


def extension_from(first_dose_on: date, regimen: Regimen) -> date:
    """First day of the extension, whenever the first study drug was really taken."""
    return add_months(first_dose_on, regimen.standard_months)


def planned_end_on(first_dose_on: date, regimen: Regimen) -> date:
    """The last planned dosing day."""
    return add_months(first_dose_on, regimen.total_months) - ONE_DAY


def phase_on(first_dose_on: date | None, day: date, regimen: Regimen) -> Phase:
    """The phase by the calendar alone, whatever was taken; PRE without a first dose."""
    if first_dose_on is None or day < first_dose_on:
        return Phase.PRE
    if day < extension_from(first_dose_on, regimen):
        return Phase.STANDARD
    return Phase.EXTENSION if day <= planned_end_on(first_dose_on, regimen) else Phase.POST


def round_half_up(value: Decimal | Fraction | int, digits: int) -> Decimal:
    """`value` rounded exactly to `digits` decimals, halves away from zero; for the end of a calculation."""
    scaled = Fraction(value) * 10**digits
    rounded = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    # from a text, because arithmetic would round to the precision of the context
    return Decimal(f"{rounded if scaled >= 0 else -rounded}e{-digits}")
