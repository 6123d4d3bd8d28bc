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
from adverse_events.models import AdverseEvent
from adverse_events.rules.seriousness import RESOLVED, doubt_sentence, event_doubts
from patients.models import Patient
from patients.saving import lock_patient, save_record
from patients.signals import announce
from patients.validation import NeedsConfirmation
from protocol.codes import EventOutcome, OutcomeKind


@dataclass(frozen=True, slots=True)
class EventValues:
    """What is said of an event; the grade is the worst so far, and its history is the trail's."""

    term: str
    started_on: date
    grade: int
    ended_on: date | None = None
    serious: Sequence[str] = ()
    aware_at: datetime | None = None
    causality: str = ""
    outcome: str = ""
    action_taken: str = ""


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
    save_record(event, by=by)
    announce([patient.pk], "adverse event")
    return event


@transaction.atomic
def change_adverse_event(
    *, by: User, event: AdverseEvent, values: EventValues, reason: str, confirmed: bool = False
) -> AdverseEvent:
    """Other values for a reported event: a new grade, an end, a correction. The trail keeps old and new."""
    require(by, Permission.RECORD_ADVERSE_EVENT, event.patient.site)
    lock_patient(event.patient)
    event = _filled(AdverseEvent.objects.select_related("patient").get(pk=event.pk), values)
    _check(event, confirmed)
    save_record(event, by=by, reason=reason, filling=gettext_noop("Adverse event completed"))
    announce([event.patient_id], "adverse event")
    return event


@transaction.atomic
def change_grade(*, by: User, event: AdverseEvent, grade: int, reason: str) -> AdverseEvent:
    values = replace(values_of(event), grade=grade)
    return change_adverse_event(by=by, event=event, values=values, reason=reason, confirmed=True)


@transaction.atomic
def resolve_adverse_event(
    *, by: User, event: AdverseEvent, ended_on: date, outcome: str = EventOutcome.RECOVERED
) -> AdverseEvent:
    """The event is over: its end and outcome, which is no correction and explains itself."""
    require(by, Permission.RECORD_ADVERSE_EVENT, event.patient.site)
    if outcome not in (*RESOLVED, EventOutcome.FATAL):
        raise ValidationError({"outcome": _("Say how it ended.")})
    values = replace(values_of(event), ended_on=ended_on, outcome=outcome)
    return change_adverse_event(
        by=by, event=event, values=values, reason=gettext_noop("Adverse event resolved"), confirmed=True
    )


def _check(event: AdverseEvent, confirmed: bool) -> None:
    event.full_clean()
    doubts = _doubts(event)
    if doubts and not confirmed:
        raise NeedsConfirmation(doubts)


def doubts_of(patient: Patient, values: EventValues) -> list[str]:
    """What does not fit together in an event as it is being reported, in words."""
    return _doubts(_filled(AdverseEvent(patient=patient, ae_no=0), values))


def _doubts(event: AdverseEvent) -> list[str]:
    death = event.patient.outcomes.filter(kind=OutcomeKind.DEATH).first()
    sentences = [doubt_sentence(doubt) for doubt in event_doubts(event.facts, death.on if death else None)]
    return [_(sentence.message) % sentence.values for sentence in sentences]


def _filled(event: AdverseEvent, values: EventValues) -> AdverseEvent:
    vars(event).update({**asdict(values), "serious": list(values.serious)})
    return event


def values_of(event: AdverseEvent) -> EventValues:
    """The event as it stands, to be changed in part."""
    return EventValues(**{field.name: getattr(event, field.name) for field in fields(EventValues)})
