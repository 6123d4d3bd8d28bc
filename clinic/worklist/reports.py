"""Rows of the safety reports that are owed: what, by when, and how much time there is."""

from django.conf import settings
from django.utils.translation import gettext as _

from adverse_events.rules.clocks import ClockState
from adverse_events.selectors import DueReport
from adverse_events.words import (
    DUTIES,
    left_words,
    recipients_words,
    subject_path,
    subject_words,
    unjudged_words,
)
from clinic.worklist.asked import Asked
from clinic.worklist.rows import Row


def report_row(due: DueReport, asked: Asked) -> Row:
    clock = due.clock
    state, due_at = clock.state(asked.at), clock.due_at.astimezone(settings.CLINIC_ZONE)
    waiting = _("not sent to: %(recipients)s") % {"recipients": recipients_words(clock)}
    why = [left_words(clock, asked.at), subject_words(due.subject), waiting, unjudged_words(clock)]
    return Row(
        name=f"report-{clock.duty}-{due.which}-{due.patient.pk}",
        patient=due.patient,
        verb=_("Report: %(duty)s") % {"duty": DUTIES[clock.duty]},
        url=subject_path(due.subject),
        on=due_at.date(),
        at=None if clock.is_in_days else due_at.time(),
        status=state,
        why=tuple(filter(None, why)),
        is_alarming=state is ClockState.OVERDUE,
    )
