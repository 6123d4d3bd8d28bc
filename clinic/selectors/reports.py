"""The reports of one event or pregnancy: its clocks, what was written, what was sent when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adverse_events.models import ReportDispatch, SafetyReport, Subject
from adverse_events.selectors import clocks_of, dispatches_of, reports_of
from adverse_events.words import ClockWords, clock_words, span_words, subject_words
from clinic.report_paths import change_path, dispatch_path, pdf_path, write_path
from patients.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class PrintedIn:
    language: str
    code: str
    path: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    report: SafetyReport
    files: tuple[PrintedIn, ...]


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """`entered_after`: how long after sending it was recorded, in words; "" if at once."""

    dispatch: ReportDispatch
    entered_after: str


@dataclass(frozen=True, slots=True)
class ReportsPage:
    title: str
    clocks: tuple[ClockWords, ...]
    reports: tuple[ReportLine, ...]
    dispatches: tuple[DispatchLine, ...]
    write_path: str
    dispatch_path: str
    change_path: str


def reports_page(subject: Subject, *, at: datetime) -> ReportsPage:
    """Whom a user may see was decided by the caller."""
    return ReportsPage(
        title=subject_words(subject),
        clocks=tuple(clock_words(clock, at) for clock in clocks_of(subject)),
        reports=tuple(ReportLine(row, tuple(_files(row))) for row in reports_of(subject)),
        dispatches=tuple(_dispatch(row) for row in dispatches_of(subject)),
        write_path=write_path(subject),
        dispatch_path=dispatch_path(subject),
        change_path=change_path(subject),
    )


def _files(report: SafetyReport) -> Iterator[PrintedIn]:
    for code, language in LANGUAGES.items():
        yield PrintedIn(str(language), code, pdf_path(report, code))


def _dispatch(row: ReportDispatch) -> DispatchLine:
    delay = row.recorded_at - row.sent_at
    return DispatchLine(row, span_words(delay) if delay.total_seconds() >= 60 else "")
