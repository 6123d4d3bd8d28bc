"""Safety reports in print: drawn from the kept content alone, so that they can be drawn again at any time."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from adverse_events.models import SafetyReport
from adverse_events.rules.reports import ReportContent
from adverse_events.selectors import previous_of
from courses.printing import pdf_of
from courses.report_words import report_sections


def report_pdf(report: SafetyReport, language: str) -> bytes:
    """The bytes of a report in one language: equal for equal reports. Raises CannotPrint."""
    with override(language):
        content = report.facts
        heading = _("Pregnancy report") if content.is_pregnancy else _("Serious adverse event report")
        number = f"{content.subject_id}-{'P' if content.is_pregnancy else ''}{content.number}"
        title = f"{heading} {number} v{report.version}"
        page = {
            "report": report,
            "heading": heading,
            "number": number,
            "title": title,
            "language": language,
            "sections": report_sections(content, _facts_before(report)),
        }
        return pdf_of(render_to_string("reports/safety_report.html", page), title=title)


def _facts_before(report: SafetyReport) -> ReportContent | None:
    earlier = previous_of(report)
    return earlier.facts if earlier else None
