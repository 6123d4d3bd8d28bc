"""One visit, saved as one act: what was seen, counted, reported, ordered, handed out and agreed, or nothing of it."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.context import one_act
from audit.reasons import reason_of
from clinic.services import parts
from clinic.services.doubts import doubts_of_entry
from clinic.services.drafts import discard_draft
from clinic.services.entry import VisitEntry
from patients.models import Patient
from patients.signals import announcing_once
from patients.validation import NeedsConfirmation
from visits.models import UNSCHEDULED, Visit

RESULTS = gettext_noop("Results entered")


@transaction.atomic
def record_visit(*, by: User, patient: Patient, visit: Visit | None, entry: VisitEntry) -> Visit:
    """Save a consultation in the order in which it went; None is a new unscheduled visit."""
    doubts = doubts_of_entry(patient, entry)
    if doubts and not entry.confirmed:
        raise NeedsConfirmation([doubt.sentence for doubt in doubts])
    with announcing_once("consultation"), one_act(_why(visit, entry)):
        saved = parts.record_facts(by, patient, visit, entry)
        parts.record_scan(by, patient, entry)
        reported = parts.record_events(by, patient, saved, entry)
        parts.record_counts(by, patient, entry)
        parts.record_decision(by, patient, entry, reported)
        parts.record_plans(by, patient, entry)
    discard_draft(by=by, patient=patient, code=saved.visit, visit=visit)
    return saved


@transaction.atomic
def record_labs(*, by: User, patient: Patient, visit: Visit, entry: VisitEntry) -> Visit:
    """Save results that came after the patient had gone; of the entry nothing but they and "pending" is new."""
    with announcing_once("results"), one_act(entry.reason or reason_of(RESULTS, visit.visit)):
        return parts.record_facts(by, patient, visit, entry)


def check_visit(*, by: User, patient: Patient, visit: Visit | None, entry: VisitEntry) -> None:
    """Everything `record_visit` would refuse, without saving anything; a reason is asked for when it is saved."""
    tried = replace(entry, confirmed=True, reason=entry.reason or parts.SEEN)
    with transaction.atomic():
        record_visit(by=by, patient=patient, visit=visit, entry=tried)
        transaction.set_rollback(True)


def _why(visit: Visit | None, entry: VisitEntry) -> str:
    """The one reason of the act: why saved values change, and why what looked wrong is right."""
    code = visit.visit if visit else UNSCHEDULED
    said = entry.reason or reason_of(parts.SEEN, code)
    return f"{said}; {entry.doubted}" if entry.doubted else said
