"""What a row of a list draws of a course: its doses, its intervals, what happened; of a page of rows, never of all."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from adverse_events.models import AdverseEvent
from courses.models import CourseSummary
from courses.rules.facts import CourseFacts, cut_off
from courses.rules.picture import OutcomePoint
from courses.rules.swimmer import SevereEvent, SwimmerFacts
from courses.selectors import course_facts
from dashboard.rules.events import SEVERE
from dosing.rules.accountability import AccountabilityInterval, accountability_intervals
from dosing.rules.orders import dose_periods
from protocol.codes import OutcomeKind, SupplySource

DECISIVE = {OutcomeKind.RECURRENCE, OutcomeKind.DEATH}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row: the summary, the lane of the swimmer plot, the intervals of the tablet count."""

    summary: CourseSummary
    lane: SwimmerFacts
    intervals: tuple[AccountabilityInterval, ...]


def drawn(rows: Sequence[CourseSummary]) -> list[Drawn]:
    """Each of these courses as of the day of its summary, in a number of queries that does not grow with them.

    Whose courses a person sees was decided with the rows; a course without a first dose cannot be drawn.
    """
    begun = [row for row in rows if row.first_dose_on is not None]
    ids = [row.patient_id for row in begun]
    facts, events = course_facts(ids), _severe_events(ids)
    return [_drawn(row, cut_off(facts[row.patient_id], row.as_of), events[row.patient_id]) for row in begun]


def _severe_events(patient_ids: Sequence[int]) -> dict[int, list[SevereEvent]]:
    found: dict[int, list[SevereEvent]] = defaultdict(list)
    rows = AdverseEvent.objects.filter(patient_id__in=patient_ids, grade__gte=SEVERE).order_by("started_on")
    for event in rows:
        found[event.patient_id].append(SevereEvent(event.term, event.grade or 0, event.started_on))
    return found


def _drawn(row: CourseSummary, known: CourseFacts, events: Sequence[SevereEvent]) -> Drawn:
    periods = dose_periods(known.orders, known.last_dose_on)
    first_dose_on: date = row.first_dose_on or row.as_of
    lane = SwimmerFacts(
        uuid=row.patient.uuid,
        subject_id=row.patient.subject_id,
        first_dose_on=first_dose_on,
        enrolled_on=known.patient.enrolled_on,
        periods=periods,
        until=min(row.as_of, known.last_dose_on or row.as_of),
        is_ongoing=row.on_treatment,
        events=[event for event in events if event.started_on <= row.as_of],
        outcomes=tuple(_outcomes(known)),
        stop_reason=next(iter((row.tallied or {}).get("end_reason", {})), ""),
    )
    intervals = accountability_intervals(known.kits, known.returns, periods, known.last_dose_on)
    return Drawn(row, lane, intervals)


def _outcomes(known: CourseFacts) -> Iterator[OutcomePoint]:
    for outcome in known.outcomes:
        if outcome.kind in DECISIVE:
            yield OutcomePoint(outcome.kind, outcome.on)
    if known.last_dose_on is not None:
        yield OutcomePoint("STOP", known.last_dose_on)
    study_drug = [kit.dispensed_on for kit in known.kits if kit.source == SupplySource.IP]
    if study_drug:
        yield OutcomePoint("IP_START", min(study_drug))
