"""Reports, their clocks and recipients by the words people know them by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from adverse_events.models import Pregnancy, ReportDispatch, Subject
from adverse_events.rules.clocks import ClockState, Duty, Judgement, ReportClock

DUTIES: dict[Duty, str | Promise] = {
    Duty.SAE: gettext_lazy("Serious event to the sponsor"),
    Duty.PREGNANCY: gettext_lazy("Pregnancy to the sponsor"),
    Duty.SUSAR: gettext_lazy("Suspected unexpected serious reaction"),
    Duty.SUSAR_COMPLETE: gettext_lazy("Complete report of the reaction"),
}
UNJUDGED: dict[tuple[Judgement, ...], str | Promise] = {
    (Judgement.CAUSALITY, Judgement.EXPECTEDNESS): gettext_lazy(
        "May be an unexpected reaction: judge causality and expectedness."
    ),
    (Judgement.CAUSALITY,): gettext_lazy("May be an unexpected reaction: judge causality."),
    (Judgement.EXPECTEDNESS,): gettext_lazy("May be an unexpected reaction: judge expectedness."),
    (Judgement.CONFIRMATION,): gettext_lazy("May be an unexpected reaction: confirm the assessment."),
}
IN_DAYS = timedelta(days=3)  # from here on the hours no longer matter to the reader


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A clock as pages show it; `state` as `ClockState`, "" for what does not apply."""

    duty: str
    state: str
    due: str
    left: str
    waiting: str
    unjudged: str


def subject_words(subject: Subject) -> str:
    """ "Adverse event 3: Nausea", "Pregnancy 1"."""
    if isinstance(subject, Pregnancy):
        return _("Pregnancy %(number)s") % {"number": subject.pregnancy_no}
    return _("Adverse event %(number)s: %(term)s") % {"number": subject.ae_no, "term": subject.term}


def subject_path(subject: Subject) -> str:
    """The page of its reports; pages are known here by their names alone."""
    if isinstance(subject, Pregnancy):
        return reverse("clinic:pregnancy_reports", args=[subject.patient.uuid, subject.pregnancy_no])
    return reverse("clinic:event_reports", args=[subject.patient.uuid, subject.ae_no])


def clock_words(clock: ReportClock, at: datetime) -> ClockWords:
    return ClockWords(
        duty=str(DUTIES[clock.duty]),
        state=clock.state(at).value,
        due=due_words(clock),
        left=left_words(clock, at),
        waiting=recipients_words(clock),
        unjudged=unjudged_words(clock),
    )


def due_words(clock: ReportClock) -> str:
    """The instant of a clock in hours, the last day of a clock in days; in clinic time."""
    due_at = clock.due_at.astimezone(settings.CLINIC_ZONE)
    return date_format(due_at, "DATE_FORMAT" if clock.is_in_days else "DATETIME_FORMAT")


def left_words(clock: ReportClock, at: datetime) -> str:
    """How long there still is, or how long it is over; of a clock that ended, when it did."""
    state = clock.state(at)
    if clock.met_at is not None:
        when = {"at": date_format(clock.met_at.astimezone(settings.CLINIC_ZONE), "DATETIME_FORMAT")}
        return (_("sent on %(at)s") if state is ClockState.MET else _("sent late, on %(at)s")) % when
    span = {"span": span_words(abs(clock.left(at)))}
    return (_("overdue by %(span)s") if state is ClockState.OVERDUE else _("%(span)s left")) % span


def span_words(span: timedelta) -> str:
    """ "5 days", "26 h 5 min", "40 min": whole days only where hours no longer matter."""
    if span >= IN_DAYS:
        return ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def recipients_words(clock: ReportClock) -> str:
    """Who is still to have it."""
    return ", ".join(str(ReportDispatch.Recipient(each).label) for each in clock.awaiting)


def unjudged_words(clock: ReportClock) -> str:
    """What has to be judged before it is known whether the duty stands; "" if nothing is presumed."""
    return str(UNJUDGED.get(clock.unjudged, ""))
