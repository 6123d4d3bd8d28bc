"""What a row of a list draws of a course: its doses, its intervals, what happened; of a page of rows, never of all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from adverse_events.models import AdverseEvent
from courses.models import CourseSummary
from courses.rules.picture import OutcomePoint
from courses.rules.swimmer import SevereEvent, SwimmerFacts
from dashboard.rules.events import SEVERE
from dosing.models import DoseOrder, Kit
from dosing.rules.accountability import (
    AccountabilityInterval,
    KitFacts,
    KitReturnFacts,
    accountability_intervals,
)
from dosing.rules.orders import DoseOrderFacts, dose_periods
from patients.models import Outcome
from protocol.codes import OutcomeKind, SupplySource

DECISIVE = (OutcomeKind.RECURRENCE, OutcomeKind.DEATH)
_RETURN = ("returned_on", "tablets_returned", "tablets_lost", "tablets_kept")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row: the summary, the lane of the swimmer plot, the intervals of the tablet count."""

    summary: CourseSummary
    lane: SwimmerFacts
    intervals: tuple[AccountabilityInterval, ...]


@dataclass(slots=True)
class Drawable:
    """What is recorded of one course and drawn in a row; of any day."""

    orders: list[DoseOrderFacts] = field(default_factory=list)
    kits: list[KitFacts] = field(default_factory=list)
    returns: list[KitReturnFacts] = field(default_factory=list)
    events: list[SevereEvent] = field(default_factory=list)
    outcomes: list[OutcomePoint] = field(default_factory=list)


def drawn(rows: Sequence[CourseSummary]) -> list[Drawn]:
    """Each of these courses as of the day of its summary, in a number of queries that does not grow with them.

    Whose courses a person sees was decided with the rows; a course without a first dose cannot be drawn.
    """
    begun = {row.patient_id: row for row in rows if row.first_dose_on is not None}
    found = _drawable(begun)
    return [_drawn(row, found[row.patient_id]) for row in begun.values()]


def _drawable(patient_ids: Iterable[int]) -> dict[int, Drawable]:
    """Only the columns that are drawn: these rows are read for every look at the dashboard."""
    ids, found = list(patient_ids), defaultdict[int, Drawable](Drawable)
    for pk, from_on, pattern, *rest in _of(DoseOrder, ids, "from_on", "pattern_mg", "anchor_on", "reason"):
        found[pk].orders.append(DoseOrderFacts(from_on, tuple(pattern), *rest))
    kit = ("kit_id", "dispensed_on", "source", "strength_mg", "tablets")
    for pk, *columns in _of(Kit, ids, *kit, *(f"kit_return__{column}" for column in _RETURN)):
        found[pk].kits.append(KitFacts(*columns[: len(kit)]))
        if columns[len(kit)] is not None:
            found[pk].returns.append(KitReturnFacts(columns[0], *columns[len(kit) :]))
    severe = _of(AdverseEvent, ids, "term", "grade", "started_on").filter(grade__gte=SEVERE)
    for pk, *columns in severe.order_by("started_on"):
        found[pk].events.append(SevereEvent(*columns))
    for pk, kind, on in _of(Outcome, ids, "kind", "on").filter(kind__in=DECISIVE):
        found[pk].outcomes.append(OutcomePoint(kind, on))
    return found


def _of(model: Any, patient_ids: list[int], *columns: str) -> QuerySet[Any, tuple[Any, ...]]:
    found: QuerySet[Any, tuple[Any, ...]] = (
        model.objects.filter(patient_id__in=patient_ids).order_by().values_list("patient_id", *columns)
    )
    return found


def _drawn(row: CourseSummary, recorded: Drawable) -> Drawn:
    on, last_dose_on = row.as_of, row.treatment_ended_on
    periods = dose_periods([order for order in recorded.orders if order.from_on <= on], last_dose_on)
    kits = [kit for kit in recorded.kits if kit.dispensed_on <= on]
    first_dose_on: date = row.first_dose_on or on
    lane = SwimmerFacts(
        uuid=row.patient.uuid,
        subject_id=row.patient.subject_id,
        first_dose_on=first_dose_on,
        enrolled_on=row.enrolled_on,
        periods=periods,
        until=min(on, last_dose_on or on),
        is_ongoing=row.on_treatment,
        events=[event for event in recorded.events if event.started_on <= on],
        outcomes=tuple(_outcomes(row, recorded, kits)),
        stop_reason=next(iter((row.tallied or {}).get("end_reason", {})), ""),
    )
    returns = [count for count in recorded.returns if count.returned_on <= on]
    return Drawn(row, lane, accountability_intervals(kits, returns, periods, last_dose_on))


def _outcomes(row: CourseSummary, recorded: Drawable, kits: Iterable[KitFacts]) -> Iterator[OutcomePoint]:
    yield from (outcome for outcome in recorded.outcomes if outcome.on <= row.as_of)
    if row.treatment_ended_on is not None:
        yield OutcomePoint("STOP", row.treatment_ended_on)
    study_drug = [kit.dispensed_on for kit in kits if kit.source == SupplySource.IP]
    if study_drug:
        yield OutcomePoint("IP_START", min(study_drug))
