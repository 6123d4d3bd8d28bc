"""Reports as the page lists them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.models import CommitteeReport
from dashboard.rules.making import ReportState


@dataclass(frozen=True, slots=True)
class ReportRow:
    report: CommitteeReport
    language: str
    words: str
    is_unfinished: bool
    is_failed: bool


def report_rows(found: Iterable[CommitteeReport]) -> tuple[ReportRow, ...]:
    return tuple(_row(report) for report in found)


def _row(report: CommitteeReport) -> ReportRow:
    state = ReportState(report.state)
    return ReportRow(
        report=report,
        language=dict(settings.LANGUAGES)[report.language],
        words=_words(report, state),
        is_unfinished=state in (ReportState.WAITING, ReportState.RUNNING),
        is_failed=state is ReportState.FAILED,
    )


def _words(report: CommitteeReport, state: ReportState) -> str:
    if state is ReportState.RUNNING and report.total:
        if report.done < report.total:
            return _("%(done)s of %(total)s courses") % {"done": report.done, "total": report.total}
        return _("being drawn")
    return {
        ReportState.WAITING: _("waiting"),
        ReportState.RUNNING: _("begun"),
        ReportState.DONE: _("done"),
        ReportState.FAILED: _("failed"),
    }[state]
