"""Addresses of the pages about the reports of one event or one pregnancy."""

from django.urls import reverse

from adverse_events.models import Pregnancy, SafetyReport, Subject


def write_path(subject: Subject) -> str:
    return _path("clinic:write_{}_report", subject)


def dispatch_path(subject: Subject) -> str:
    return _path("clinic:record_{}_dispatch", subject)


def change_path(subject: Subject) -> str:
    if isinstance(subject, Pregnancy):
        return _path("clinic:change_{}", subject)
    return reverse("clinic:change_adverse_event", args=[subject.patient.uuid, subject.ae_no])


def pdf_path(report: SafetyReport, language: str) -> str:
    return _path("clinic:{}_report_pdf", report.subject, report.version, language)


def _path(name: str, subject: Subject, *more: object) -> str:
    is_pregnancy = isinstance(subject, Pregnancy)
    number = subject.pregnancy_no if isinstance(subject, Pregnancy) else subject.ae_no
    return reverse(
        name.format("pregnancy" if is_pregnancy else "event"), args=[subject.patient.uuid, number, *more]
    )
