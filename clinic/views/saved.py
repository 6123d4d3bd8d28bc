"""What the page after a saved visit says: what is recorded, what it amounts to, what comes next."""

from collections.abc import Iterator
from datetime import date

from django.contrib.messages import INFO, SUCCESS, WARNING
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _

from clinic.forms.echo import Echo
from clinic.selectors.consultation import Consultation, reminders_to_come
from clinic.selectors.lab_proposals import proposal_lines
from clinic.services import VisitEntry
from patients.models import Patient
from reminders.words import REASONS
from visits.models import Visit


def say_what_was_saved(
    consultation: Consultation, entry: VisitEntry, echo: Echo, *, on: date
) -> Iterator[tuple[int, str]]:
    values = {"visit": consultation.name, "day": date_format(entry.occurred_on)}
    yield SUCCESS, _("%(visit)s visit of %(day)s is recorded.") % values
    if echo.adherence_percent is not None:
        percent = number_format(echo.adherence_percent, decimal_pos=2)
        yield INFO, _("Adherence by the tablets counted: %(percent)s %%.") % {"percent": percent}
    for sentence in echo.expiring:
        yield WARNING, sentence
    yield from say_what_is_graded(consultation.patient, entry.occurred_on)
    yield INFO, _next_visit(consultation, entry)
    if consultation.next_visit is not None and not entry.is_turning_point:
        yield from _reminders(consultation.next_visit.visit, on)


def say_what_is_graded(patient: Patient, collected_on: date) -> Iterator[tuple[int, str]]:
    """The results of a day that ask whether there was an adverse event."""
    for line in proposal_lines(patient):
        if line.collected_on == collected_on:
            asked = _("%(result)s. Is it an adverse event? It waits on the worklist for an answer.")
            yield INFO, asked % {"result": line.sentence}


def _reminders(visit: Visit, on: date) -> Iterator[tuple[int, str]]:
    """When the patient will be reminded of the next visit, or why not."""
    planned = sorted(reminders_to_come(visit, on=on), key=lambda reminder: reminder.due_on)
    if days := [date_format(reminder.due_on) for reminder in planned if reminder.reason is None]:
        yield INFO, _("Reminders will be sent on: %(days)s.") % {"days": ", ".join(days)}
    elif planned and planned[0].reason is not None:
        yield INFO, _("No reminder will be sent: %(reason)s.") % {"reason": REASONS[planned[0].reason]}


def _next_visit(consultation: Consultation, entry: VisitEntry) -> str:
    coming = consultation.next_visit
    if entry.stop is not None:
        return _("Treatment has ended: book the visits that follow from the chart.")
    if entry.is_turning_point:
        return _("Survival follow-up begins: book its visits from the chart.")
    if coming is None:
        return _("No further visit is planned.")
    day = entry.booking.on if entry.booking else coming.visit.booked_on
    at = entry.booking.at if entry.booking else coming.visit.booked_time
    if day is None:
        values = {"visit": coming.name, "day": date_format(coming.suggested_on)}
        return _("Next visit: %(visit)s, not booked yet; suggested day %(day)s.") % values
    values = {"visit": coming.name, "day": date_format(day), "time": time_format(at) if at else ""}
    if at is None:
        return _("Next visit: %(visit)s on %(day)s.") % values
    return _("Next visit: %(visit)s on %(day)s at %(time)s.") % values
