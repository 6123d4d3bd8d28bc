"""What the records of one patient add to the figures: visits, adverse events, ends, delays of entry, completeness."""

from collections.abc import Iterator
from datetime import timedelta

from adverse_events.rules.seriousness import is_related
from courses.rules.facts import CourseFacts
from courses.rules.figures import Figure
from courses.rules.records import CourseRecords, GradedEvent, SeriousReport
from courses.rules.summary import CourseSummary
from courses.rules.visits import CourseVisit
from protocol.codes import VisitStatus
from protocol.definition import Protocol

UNKNOWN = "unknown"
TOOK_PLACE = frozenset({VisitStatus.COMPLETED, VisitStatus.COMPLETED_OUT_OF_WINDOW})
RECORDED = TOOK_PLACE | {VisitStatus.NOT_DONE}
EXPECTED = RECORDED | {VisitStatus.MISSED}
LAB_PROCEDURES = frozenset({"CBC", "CHE"})  # blood count, chemistry
_RELATED = {True: "yes", False: "no", None: UNKNOWN}
_MOST_TELLING = (
    True,
    None,
    False,
)  # of several events of one term, related before not judged before not related


def record_figures(
    facts: CourseFacts, records: CourseRecords, summary: CourseSummary, protocol: Protocol
) -> Iterator[Figure]:
    """Everything of the records; `facts` and `records` are those known on the day of the summary."""
    for visit in summary.visits:
        yield "visits", f"{visit.target_on:%Y-%m}|{visit.status.value}", 1
    yield from _events(records, protocol)
    if summary.treatment_ended_on is not None and records.end_reason:
        yield "end_reason", records.end_reason, 1
    for entry in records.entries:
        yield "entry_delay", str(max((entry.entered_on - entry.occurred_on).days, 0)), 1
    for report in records.reports:
        yield from serious_figures(report)
    yield from (("completeness", key, n) for key, n in _completeness(facts, records, summary, protocol) if n)


def _events(records: CourseRecords, protocol: Protocol) -> Iterator[Figure]:
    """A term once, by its worst grade."""
    by_term: dict[str, list[GradedEvent]] = {}
    for event in records.events:
        by_term.setdefault(event.term, []).append(event)
    counted = protocol.adverse_events.causality_related
    for term, events in by_term.items():
        grade = max((event.grade for event in events if event.grade), default=None)
        judged = {is_related(event.causality, counted) for event in events}
        related = next(answer for answer in _MOST_TELLING if answer in judged)
        yield "events", f"{term}|{grade or UNKNOWN}|{_RELATED[related]}", 1


def serious_figures(report: SeriousReport) -> Iterator[Figure]:
    """How long it took in whole minutes; an hour of awareness that was put later than the entry is no delay."""
    yield "serious_to_entry", str(max(_minutes(report.to_entry), 0)), 1
    if report.is_entered_in_time:
        yield "serious", "entered_in_time", 1
    if report.to_sent is not None:
        yield "serious_to_sent", str(_minutes(report.to_sent)), 1
    if report.is_sent_in_time:
        yield "serious", "sent_in_time", 1


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def _completeness(
    facts: CourseFacts, records: CourseRecords, summary: CourseSummary, protocol: Protocol
) -> Iterator[tuple[str, int]]:
    statuses = [visit.status for visit in summary.visits]
    yield "visits_expected", sum(status in EXPECTED for status in statuses)
    yield "visits_recorded", sum(status in RECORDED for status in statuses)
    sampled = [visit for visit in summary.visits if _takes_blood(visit, protocol)]
    yield "labs_expected", len(sampled)
    yield "labs_recorded", sum(visit.occurred_on in records.lab_days for visit in sampled)
    handed_out = {kit_id for interval in summary.intervals for kit_id in interval.kit_ids}
    yield "returns_expected", len(handed_out)
    yield "returns_recorded", sum(found.kit_id in handed_out for found in facts.returns)
    yield "queries_open", sum(query.closed_on is None for query in records.queries)
    yield "queries_closed", sum(query.closed_on is not None for query in records.queries)


def _takes_blood(visit: CourseVisit, protocol: Protocol) -> bool:
    """A visit that took place and at which everybody's blood is examined."""
    if visit.status not in TOOK_PLACE:
        return False
    procedures = protocol.visit(visit.visit).procedures
    return any(each.code in LAB_PROCEDURES and each.condition is None for each in procedures)
