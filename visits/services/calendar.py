"""The days on which a site is closed, or open although it would be closed."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import Site, User
from accounts.permissions import Permission
from audit import recording
from patients.saving import save_record
from patients.signals import announce
from visits.models import SiteCalendarDay, Visit

CHANGED = gettext_noop("Calendar of the site changed")
TAKEN_OUT = gettext_noop("Taken out of the calendar of the site")
LONGEST_DAYS = 92  # a range typed with the wrong year is caught by this


@transaction.atomic
def set_calendar_days(
    *, by: User, site: Site, first: date, last: date, is_open: bool, note: str = ""
) -> None:
    """Close (or open) every day from `first` to `last`, both inside; what the calendar said of them is replaced."""
    require(by, Permission.RECORD_VISIT, site)
    _check_range(first, last)
    stored = {day.on: day for day in SiteCalendarDay.objects.filter(site=site, on__range=(first, last))}
    for number in range((last - first).days + 1):
        on = first + timedelta(days=number)
        day = stored.get(on) or SiteCalendarDay(site=site, on=on)
        day.is_open, day.note = is_open, note.strip()
        save_record(day, by=by, reason=CHANGED)
    _announce(site, first, last)


@transaction.atomic
def clear_calendar_day(*, by: User, day: SiteCalendarDay) -> None:
    """Take an entry out: the public calendar decides again."""
    require(by, Permission.RECORD_VISIT, day.site)
    with recording(by=by, reason=TAKEN_OUT):
        day.delete()
    _announce(day.site, day.on, day.on)


def _check_range(first: date, last: date) -> None:
    if last < first:
        raise ValidationError({"last": _("The last day lies before the first one.")})
    if (last - first).days >= LONGEST_DAYS:
        raise ValidationError(
            {"last": _("At most %(days)s days at once: check the year.") % {"days": LONGEST_DAYS}}
        )


def _announce(site: Site, first: date, last: date) -> None:
    """Days are suggested around the calendar: the plans of patients expected then may change."""
    expected = Visit.objects.filter(
        patient__site=site, occurred_on=None, not_done=False, opens_on__lte=last, closes_on__gte=first
    )
    if patients := sorted(set(expected.values_list("patient_id", flat=True))):
        announce(patients, "calendar")
