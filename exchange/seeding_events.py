"""What people of the demo entered just now: a serious event nobody reported yet, one that was, and one to confirm."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from adverse_events.models import AdverseEvent, ReportDispatch
from adverse_events.services import (
    DispatchValues,
    EventValues,
    record_dispatches,
    report_adverse_event,
    write_safety_report,
)
from courses.report_facts import Texts, report_content
from patients.models import Patient
from protocol.codes import ActionTaken, Causality, EventOutcome, Expectedness, SeriousCriterion

LATE, REPORTED, TO_CONFIRM = "01-002", "01-005", "01-006"
NARRATIVE = (
    "Admitted with fever two days after watery stools began. Intravenous fluids; cultures without growth. "
    "Imatinib was continued at the same dose. No other cause was found."
)


@transaction.atomic
def seed_recent_events(*, nurse: User, pi: User, at: datetime) -> None:
    """The demo's events of this instant; a patient who is not there has none."""
    patients = {p.subject_id: p for p in Patient.objects.filter(subject_id__in=(LATE, REPORTED, TO_CONFIRM))}
    if late := patients.get(LATE):
        _enter(nurse, late, _serious("Upper gastrointestinal hemorrhage", at - timedelta(hours=26)))
    if reported := patients.get(REPORTED):
        _report(pi, reported, at)
    if to_confirm := patients.get(TO_CONFIRM):
        _enter(nurse, to_confirm, _event("Muscle cramp", at - timedelta(days=3), grade=2))


def _report(pi: User, patient: Patient, at: datetime) -> None:
    """A serious event of this morning, its report written and sent to the sponsor."""
    values = _serious("Diarrhea", at - timedelta(hours=9), expectedness=Expectedness.EXPECTED)
    event = _enter(pi, patient, values)
    content = report_content(event, Texts(narrative=NARRATIVE), by=pi)
    report = write_safety_report(by=pi, subject=event, content=content, after_version=0)
    sent = DispatchValues(
        recipients=[ReportDispatch.Recipient.SPONSOR],
        sent_at=report.written_at,
        channel=ReportDispatch.Channel.EMAIL,
        report=report,
    )
    record_dispatches(by=pi, subject=event, values=sent)


def _enter(by: User, patient: Patient, values: EventValues) -> AdverseEvent:
    return report_adverse_event(by=by, patient=patient, values=values, confirmed=True)


def _serious(term: str, aware_at: datetime, *, expectedness: str = "") -> EventValues:
    serious, days_before = [SeriousCriterion.HOSPITALISATION], timedelta(days=2)
    return _event(
        term, aware_at - days_before, grade=3, serious=serious, aware_at=aware_at, expectedness=expectedness
    )


def _event(term: str, began: datetime, *, grade: int, **said: object) -> EventValues:
    return EventValues(
        term=term,
        started_on=began.astimezone(settings.CLINIC_ZONE).date(),
        grade=grade,
        causality=Causality.POSSIBLE,
        outcome=EventOutcome.NOT_RECOVERED,
        action_taken=ActionTaken.DOSE_NOT_CHANGED,
        **said,  # type: ignore[arg-type]
    )
