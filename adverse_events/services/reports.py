"""Safety reports frozen as they are written, printed, and what was sent of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import Pregnancy, ReportDispatch, ReportFile, SafetyReport, Subject
from adverse_events.models.report import about
from adverse_events.rules.reports import ReportContent
from patients.saving import lock_patient, save_record
from patients.signals import announce


@dataclass(frozen=True, slots=True)
class DispatchValues:
    """What was sent, to whom at once: `report` None = something that was not written here."""

    recipients: Sequence[str]
    sent_at: datetime
    channel: str
    report: SafetyReport | None = None
    is_complete: bool = False
    note: str = ""


@transaction.atomic
def write_safety_report(
    *, by: User, subject: Subject, content: ReportContent, after_version: int
) -> SafetyReport:
    """Freeze the next version; `after_version` is the one the writer had seen, 0 = none."""
    require(by, Permission.WRITE_SAFETY_REPORT, subject.patient.site)
    _check_reportable(subject)
    lock_patient(subject.patient)
    last = subject.safetyreport_set.aggregate(version=Max("version"))["version"] or 0
    if last != after_version:
        raise ValidationError(_("Somebody has written version %(version)s meanwhile.") % {"version": last})
    report = SafetyReport(
        **about(subject),
        version=last + 1,
        content=content.as_dict(),
        written_at=timezone.now(),
        written_by=by,
    )
    save_record(report, by=by)
    announce([subject.patient_id], "safety report")
    return report


@transaction.atomic
def keep_printed(*, by: User, report: SafetyReport, language: str, pdf: bytes) -> ReportFile:
    """The bytes of a report in one language, kept once: whoever prints it again gets the first ones."""
    require(by, Permission.VIEW_PATIENTS, report.patient.site)
    lock_patient(report.patient)
    kept: ReportFile | None = report.files.filter(language=language).first()
    if kept is None:
        digest = hashlib.sha256(pdf).hexdigest()
        kept = ReportFile(report=report, language=language, pdf=pdf, sha256=digest)
        save_record(kept, by=by)
    return kept


@transaction.atomic
def record_dispatches(*, by: User, subject: Subject, values: DispatchValues) -> list[ReportDispatch]:
    """A report has left the site, now or earlier: the clocks it serves end at `sent_at`."""
    require(by, Permission.RECORD_ADVERSE_EVENT, subject.patient.site)
    _check_reportable(subject)
    lock_patient(subject.patient)
    dispatches = [_dispatch(by, subject, recipient, values) for recipient in values.recipients]
    for dispatch in dispatches:
        save_record(dispatch, by=by)
    announce([subject.patient_id], "report sent")
    return dispatches


def _dispatch(by: User, subject: Subject, recipient: str, values: DispatchValues) -> ReportDispatch:
    return ReportDispatch(
        **about(subject),
        report=values.report,
        recipient=recipient,
        sent_at=values.sent_at,
        channel=values.channel,
        is_complete=values.is_complete,
        note=values.note,
        recorded_at=timezone.now(),
        recorded_by=by,
    )


def _check_reportable(subject: Subject) -> None:
    """Reports are of serious events and of pregnancies."""
    if not isinstance(subject, Pregnancy) and not subject.serious:
        raise ValidationError(_("This event is not serious: say first why it is."))
