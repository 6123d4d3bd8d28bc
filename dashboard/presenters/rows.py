"""Courses as rows: adherence with its little line, and the lanes of the swimmer plot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import CourseSummary
from courses.rules.swimmer import Lane, Swimmer, swimmer
from dashboard.rules.sparkline import Sparkline, sparkline
from dashboard.rules.survival_drawing import DAYS_A_MONTH
from dashboard.selectors import Drawn
from patients.presenters import Band, adherence_band, dose_words
from patients.words import word_of
from protocol.definition import Protocol


@dataclass(frozen=True, slots=True)
class AdherenceRow:
    """`words`: what the line shows, interval by interval."""

    summary: CourseSummary
    band: Band
    line: Sparkline
    words: str


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane of the drawing and the same as a row of the table; `months` on treatment."""

    lane: Lane
    summary: CourseSummary
    words: str
    months: float
    band: Band
    doses: str
    events: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SwimmerPlot:
    finding: str
    drawing: Swimmer
    rows: tuple[LaneRow, ...]


def adherence_rows(rows: Iterable[Drawn]) -> list[AdherenceRow]:
    """Each judged by the bands of the patient's own version."""
    found = []
    for row in rows:
        bands = row.summary.patient.protocol.adherence
        line = sparkline(row.intervals, bands.good_percent)
        band = adherence_band(row.summary.pill_count_percent, bands)
        found.append(AdherenceRow(row.summary, band, line, _line_words(line)))
    return found


def swimmer_plot(rows: Sequence[Drawn], protocol: Protocol, courses: int) -> SwimmerPlot:
    """The lanes in the order of the rows; `courses`: how many there are in all."""
    drawing = swimmer([row.lane for row in rows], protocol.regimen)
    return SwimmerPlot(
        finding=_swimmer_finding(rows, courses),
        drawing=drawing,
        rows=tuple(_lane_row(lane, row.summary) for lane, row in zip(drawing.lanes, rows, strict=True)),
    )


def _line_words(line: Sparkline) -> str:
    """ "3 intervals: 98.1 %, not evaluable, 96 %"."""
    values = [
        _("not evaluable") if p.percent is None else f"{number_format(p.percent)} %" for p in line.points
    ]
    sentence = ngettext("%(count)s interval: %(values)s", "%(count)s intervals: %(values)s", len(values))
    return sentence % {"count": len(values), "values": ", ".join(values)}


def _swimmer_finding(rows: Sequence[Drawn], courses: int) -> str:
    if not rows:
        return _("No course to show")
    going = sum(row.lane.is_ongoing for row in rows)
    if len(rows) == courses:
        return _("%(going)s of %(courses)s courses go on") % {"going": going, "courses": courses}
    values = {"going": going, "shown": len(rows), "courses": number_format(courses)}
    return _("%(going)s of the %(shown)s courses shown go on; there are %(courses)s") % values


def _lane_row(lane: Lane, summary: CourseSummary) -> LaneRow:
    months = (summary.days_on_treatment or 0) / DAYS_A_MONTH
    band = adherence_band(summary.pill_count_percent, summary.patient.protocol.adherence)
    outcome = "; ".join(_mark_words(mark.kind, date_format(mark.on), lane) for mark in lane.marks)
    state = outcome or (_("on treatment") if lane.facts.is_ongoing else _("not on treatment"))
    values = {
        "subject": lane.facts.subject_id,
        "months": number_format(months, 1),
        "state": state,
        "events": len(lane.ticks),
    }
    return LaneRow(
        lane=lane,
        summary=summary,
        words=_("%(subject)s: %(months)s months; %(state)s; adverse events of grade 3 or worse: %(events)s")
        % values,
        months=months,
        band=band,
        doses=_doses(lane),
        events=_events(lane),
        outcome=state,
    )


def _doses(lane: Lane) -> str:
    """ "400 mg → On hold → 300 mg"."""
    return " → ".join(dose_words(bar.pattern_mg) for bar in lane.bars)


def _events(lane: Lane) -> str:
    named = [
        _("%(term)s, grade %(grade)s, %(day)s")
        % {"term": each.event.term, "grade": each.event.grade, "day": date_format(each.event.started_on)}
        for each in lane.ticks
    ]
    return "; ".join(named)


def _mark_words(kind: str, day: str, lane: Lane) -> str:
    values = {"what": word_of(kind), "day": day}
    if kind == "STOP" and lane.facts.stop_reason:
        values["reason"] = word_of(lane.facts.stop_reason)
        return _("%(what)s on %(day)s (%(reason)s)") % values
    return _("%(what)s on %(day)s") % values
