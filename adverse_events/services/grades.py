"""The history of an event's grade: each step recorded, corrected, taken back. The event keeps the worst of them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent, EventGrade
from adverse_events.rules.history import grade_on, worst_grade
from audit.context import recording
from patients.saving import lock_patient, save_record
from patients.signals import announce
from protocol.codes import DatePrecision

RECORDED = gettext_noop("Grade recorded")


@transaction.atomic
def record_grade(
    *,
    by: User,
    event: AdverseEvent,
    grade: int,
    from_on: date,
    from_precision: str = DatePrecision.DAY,
    reason: str = "",
) -> EventGrade:
    """Another grade from a day on. One recorded for that very day before is overwritten, with a reason."""
    require(by, Permission.RECORD_ADVERSE_EVENT, event.patient.site)
    event = _held(event)
    if event.grade is not None and not event.grades.exists():
        begin_history(event, event.grade, by=by)
    row = event.grades.filter(from_on=from_on).first()
    if row is None and grade_on(event.history, from_on) == grade:
        raise ValidationError({"grade": _("It has this grade on that day already.")})
    row = row or EventGrade(adverse_event=event, from_on=from_on)
    row.grade, row.from_precision = grade, from_precision
    save_record(row, by=by, reason=reason)
    return _with_worst(row, by, reason or RECORDED)


@transaction.atomic
def correct_grade(
    *, by: User, step: EventGrade, grade: int, from_on: date, from_precision: str, reason: str
) -> EventGrade:
    """Change a later step that was written down wrongly; the first one is changed with its event."""
    require(by, Permission.RECORD_ADVERSE_EVENT, step.adverse_event.patient.site)
    row = _held_step(step)
    row.grade, row.from_on, row.from_precision = grade, from_on, from_precision
    save_record(row, by=by, reason=reason)
    return _with_worst(row, by, reason)


@transaction.atomic
def remove_grade(*, by: User, step: EventGrade, reason: str) -> None:
    """Take back a later step that never was."""
    require(by, Permission.RECORD_ADVERSE_EVENT, step.adverse_event.patient.site)
    row = _held_step(step)
    if not reason.strip():
        raise ValidationError({"reason": _("Saved values change: say why.")})
    with recording(by=by, reason=reason):
        row.delete()
    _with_worst(row, by, reason)


def begin_history(event: AdverseEvent, grade: int, *, by: User) -> None:
    """The first step, from the day the event began."""
    row = EventGrade(
        adverse_event=event, grade=grade, from_on=event.started_on, from_precision=event.start_precision
    )
    save_record(row, by=by)


def _held(event: AdverseEvent) -> AdverseEvent:
    lock_patient(event.patient)
    return AdverseEvent.objects.select_related("patient__site").get(pk=event.pk)


def _held_step(step: EventGrade) -> EventGrade:
    event = _held(step.adverse_event)
    later = event.grades.all()[1:]
    found = next((row for row in later if row.pk == step.pk), None)
    if found is None:
        raise ValidationError(_("The first grade is changed with the event itself."))
    found.adverse_event = event
    return found


def _with_worst(row: EventGrade, by: User, reason: str) -> EventGrade:
    event = row.adverse_event
    event.grade = worst_grade(event.history)
    save_record(event, by=by, reason=reason)
    announce([event.patient_id], "adverse event")
    return row
