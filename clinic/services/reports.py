"""A report as one act: gathered from the course, frozen, and printed in both languages as far as this server can."""

from accounts.models import User
from adverse_events.models import SafetyReport, Subject
from adverse_events.services import keep_printed, write_safety_report
from courses.printing import CannotPrint
from courses.report_facts import Texts, report_content
from courses.report_files import report_pdf
from protocol.codes import Language


def write_report(*, by: User, subject: Subject, texts: Texts, after_version: int) -> SafetyReport:
    """The next version. It stands also where nothing can be printed: printing is done over when it is opened."""
    content = report_content(subject, texts, by=by)
    report = write_safety_report(by=by, subject=subject, content=content, after_version=after_version)
    for language in Language:
        try:
            printed(by=by, report=report, language=language)
        except CannotPrint:
            break
    return report


def printed(*, by: User, report: SafetyReport, language: str) -> bytes:
    """The kept bytes; drawn and kept now if they were not. Raises CannotPrint."""
    kept = report.files.filter(language=language).first()
    if kept is None:
        kept = keep_printed(by=by, report=report, language=language, pdf=report_pdf(report, language))
    return bytes(kept.pdf)
