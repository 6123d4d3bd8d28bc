"""What somebody should look at twice before a day is agreed with a patient."""

from datetime import date, time

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from visits.models import Visit
from visits.rules.schedule import is_in_window
from visits.selectors import booked_visits, closures


def booking_doubts(visit: Visit, on: date, at: time | None) -> list[str]:
    """Outside the visit's window, on a day the clinic is closed, at the time of another patient."""
    doubts = [_outside(visit, on)] if is_outside_window(visit, on) else []
    closed = closures(visit.patient.site, first=on, last=on).get(on)
    if closed is not None and not closed.is_open:
        doubts.append(
            _("The clinic is closed on %(day)s: %(why)s.") % {"day": date_format(on), "why": closed.why}
        )
    return [*doubts, *_at_the_same_time(visit, on, at)]


def is_outside_window(visit: Visit, on: date) -> bool:
    opens_on, closes_on = visit.opens_on, visit.closes_on
    return opens_on is not None and closes_on is not None and not is_in_window(on, opens_on, closes_on)


def _outside(visit: Visit, on: date) -> str:
    values = {"opens": date_format(visit.opens_on), "closes": date_format(visit.closes_on)}
    return _("%(day)s is outside the window of %(opens)s to %(closes)s.") % {"day": date_format(on), **values}


def _at_the_same_time(visit: Visit, on: date, at: time | None) -> list[str]:
    if at is None:
        return []
    others = booked_visits([visit.patient.site], first=on, last=on).filter(booked_time=at)
    values = {"time": time_format(at)}
    return [
        _("%(subject)s is booked at %(time)s of that day too.")
        % {"subject": other.patient.subject_id, **values}
        for other in others.exclude(patient=visit.patient_id)
    ]
