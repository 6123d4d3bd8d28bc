"""Data managers correct an event or a step of its history; the one follows the other."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent, EventGrade
from adverse_events.rules.history import worst_grade
from audit.refusals import refusals_as_validation_errors
from patients.saving import lock_patient, save_record
from patients.signals import announce


@transaction.atomic
def correct_event(*, by: User, event: AdverseEvent, reason: str) -> bool:
    """Save a corrected event, and with it the step of its history that began it; was there anything to save?"""
    _may_correct(by, event, reason)
    steps = list(event.grades.all())
    if steps:
        _begin_with(event, steps[0], is_only=len(steps) == 1)
    if steps and event.grade != worst_grade([step.step for step in steps]):
        raise ValidationError({"grade": _("The worst grade is that of its history: correct the step there.")})
    return _saved(by, event, steps, reason)


@transaction.atomic
def correct_event_grade(*, by: User, step: EventGrade, reason: str) -> bool:
    """Save a corrected step, and the worst grade of its event."""
    event = AdverseEvent.objects.select_related("patient__site").get(pk=step.adverse_event_id)
    _may_correct(by, event, reason)
    stored = list(event.grades.all())
    steps = [step if row.pk == step.pk else row for row in stored]
    if stored[0].pk == step.pk and step.since != event.start:
        raise ValidationError({"from_on": _("The first grade begins with the event: correct the event.")})
    event.grade = worst_grade([row.step for row in steps])
    return _saved(by, event, steps, reason)


def _may_correct(by: User, event: AdverseEvent, reason: str) -> None:
    if not reason.strip():
        raise ValidationError(_("Saved values change: say why."), code="reason")
    require(by, Permission.CORRECT_RECORD, event.patient.site)
    lock_patient(event.patient)


def _begin_with(event: AdverseEvent, first: EventGrade, *, is_only: bool) -> None:
    first.from_on, first.from_precision = event.started_on, event.start_precision
    if is_only and event.grade is not None:
        first.grade = event.grade


def _saved(by: User, event: AdverseEvent, steps: list[EventGrade], reason: str) -> bool:
    with refusals_as_validation_errors():
        saved = [save_record(event, by=by, reason=reason)]
        for step in steps:
            step.adverse_event = event
            saved.append(save_record(step, by=by, reason=reason))
    if any(saved):
        announce([event.patient_id], "correction")
    return any(saved)
