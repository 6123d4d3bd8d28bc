"""Adverse events reported, changed with a reason, resolved."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent, EventGrade
from adverse_events.rules.history import worst_grade
from adverse_events.rules.seriousness import RESOLVED
from adverse_events.selectors import doubts_about
from adverse_events.services.assessments import judged
from adverse_events.services.grades import begin_history
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce
from patients.validation import NeedsConfirmation
from protocol.codes import DatePrecision, EventOutcome


@dataclass(frozen=True, slots=True)
class EventValues:
    """What is said of an event; the grade is the one it began with. Later ones are steps of its history."""

    term: str
    started_on: date
    grade: int
    start_precision: str = DatePrecision.DAY
    ended_on: date | None = None
    end_precision: str = DatePrecision.DAY
    serious: Sequence[str] = ()
    aware_at: datetime | None = None
    causality: str = ""
    outcome: str = ""
    action_taken: str = ""
    expectedness: str = ""
    treatment: Sequence[str] = ()
    treatment_note: str = ""


@transaction.atomic
def report_adverse_event(
    *, by: User, patient: Patient, values: EventValues, confirmed: bool = False
) -> AdverseEvent:
    """A new event under the patient's next number. What does not fit together needs `confirmed`."""
    require(by, Permission.RECORD_ADVERSE_EVENT, patient.site)
    patient = lock_patient(patient)
    last = AdverseEvent.objects.filter(patient=patient).aggregate(number=Max("ae_no"))["number"] or 0
    dictionary = patient.protocol.adverse_events.dictionary_version
    event = _filled(AdverseEvent(patient=patient, ae_no=last + 1, dictionary_version=dictionary), values)
    _check(event, confirmed)
    judged(event, by)
    save_record(event, by=by)
    begin_history(event, values.grade, by=by)
    announce([patient.pk], "adverse event")
    return event


@transaction.atomic
def change_adverse_event(
    *, by: User, event: AdverseEvent, values: EventValues, reason: str, confirmed: bool = False
) -> AdverseEvent:
    """Other values for a reported event: an end, a judgement, a correction. The trail keeps old and new.

    The dictionary version stays the one it was reported in. Other judgements are provisional or confirmed anew.
    """
    require(by, Permission.RECORD_ADVERSE_EVENT, event.patient.site)
    lock_patient(event.patient)
    event = AdverseEvent.objects.select_related("patient__site").get(pk=event.pk)
    before = event.assessment.mark
    steps = list(event.grades.all())
    event = _filled(event, values, steps)
    _check(event, confirmed)
    if event.assessment.mark != before:
        judged(event, by)
    filling = gettext_noop("Adverse event completed")
    save_record(event, by=by, reason=reason, filling=filling, markers=["is_provisional"])
    for step in steps:
        step.adverse_event = event
        save_record(step, by=by, reason=reason)
    announce([event.patient_id], "adverse event")
    return event


@transaction.atomic
def resolve_adverse_event(
    *,
    by: User,
    event: AdverseEvent,
    ended_on: date,
    outcome: str = EventOutcome.RECOVERED,
    end_precision: str = DatePrecision.DAY,
) -> AdverseEvent:
    """The event is over: its end and outcome, which is no correction and explains itself."""
    require(by, Permission.RECORD_ADVERSE_EVENT, event.patient.site)
    if outcome not in (*RESOLVED, EventOutcome.FATAL):
        raise ValidationError({"outcome": _("Say how it ended.")})
    values = replace(values_of(event), ended_on=ended_on, end_precision=end_precision, outcome=outcome)
    return change_adverse_event(
        by=by, event=event, values=values, reason=gettext_noop("Adverse event resolved"), confirmed=True
    )


def _check(event: AdverseEvent, confirmed: bool) -> None:
    event.full_clean()
    doubts = doubts_about(event)
    if doubts and not confirmed:
        raise NeedsConfirmation(doubts)


def doubts_of(patient: Patient, values: EventValues, event: AdverseEvent | None = None) -> list[str]:
    """What does not fit together in an event as it is being reported, or changed, in words."""
    steps = list(event.grades.all()) if event else []
    return doubts_about(_filled(AdverseEvent(patient=patient, ae_no=0), values, steps))


def _filled(event: AdverseEvent, values: EventValues, steps: Sequence[EventGrade] = ()) -> AdverseEvent:
    """The event with these values, and the first of its steps with it."""
    said = {**asdict(values), "serious": list(values.serious), "treatment": list(values.treatment)}
    vars(event).update(said)
    if steps:
        first = steps[0]
        first.grade = values.grade
        first.from_on, first.from_precision = values.started_on, values.start_precision
        event.grade = worst_grade([step.step for step in steps])
    return event


def values_of(event: AdverseEvent) -> EventValues:
    """The event as it stands, to be changed in part."""
    said = {field.name: getattr(event, field.name) for field in fields(EventValues)}
    first = event.grades.first()
    return EventValues(**said | {"grade": first.grade if first else event.grade})
