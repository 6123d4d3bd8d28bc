"""What was written and sent about one event or pregnancy. Whom a user may see was decided by the caller."""

from django.db.models import QuerySet

from adverse_events.models import Pregnancy, ReportDispatch, SafetyReport, Subject
from patients.models import Patient


def reports_of(subject: Subject) -> QuerySet[SafetyReport]:
    """Every version, the latest first."""
    rows: QuerySet[SafetyReport] = subject.safetyreport_set.select_related("written_by")
    return rows.order_by("-version")


def previous_of(report: SafetyReport) -> SafetyReport | None:
    """The version that a follow-up follows."""
    return reports_of(report.subject).filter(version=report.version - 1).first()


def dispatches_of(subject: Subject) -> QuerySet[ReportDispatch]:
    """What was sent, the latest first."""
    rows: QuerySet[ReportDispatch] = subject.reportdispatch_set.select_related("report", "recorded_by")
    return rows.order_by("-sent_at", "-pk")


def pregnancies_of(patient: Patient) -> QuerySet[Pregnancy]:
    return Pregnancy.objects.filter(patient=patient).select_related("patient__site").order_by("pregnancy_no")
