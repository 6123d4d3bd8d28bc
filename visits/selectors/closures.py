"""Why a clinic is closed on a day, in the order in which it is decided: its own calendar, holidays, weekends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import Site
from visits.holidays import SATURDAY, korean_holiday_names
from visits.models import SiteCalendarDay


@dataclass(frozen=True, slots=True)
class Closure:
    """`why`: ready to be read. `own`: the site's own entry, which may also open a day; None = the public calendar."""

    on: date
    is_open: bool
    why: str
    own: SiteCalendarDay | None = None


def closures(site: Site, *, first: date, last: date) -> dict[date, Closure]:
    """Every day from `first` to `last` on which the clinic is closed, or open by its own calendar."""
    own = {day.on: day for day in SiteCalendarDay.objects.filter(site=site, on__range=(first, last))}
    return {found.on: found for day in _days(first, last) if (found := _closure(day, own.get(day)))}


def _closure(day: date, own: SiteCalendarDay | None) -> Closure | None:
    if own is not None:
        usual = pgettext("of a clinic", "open") if own.is_open else pgettext("of a clinic", "closed")
        return Closure(day, own.is_open, own.note or usual, own)
    name = korean_holiday_names(day.year, get_language() or "ko").get(day)
    if name is not None:
        return Closure(day, is_open=False, why=name)
    return Closure(day, is_open=False, why=_("weekend")) if day.weekday() >= SATURDAY else None


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
