"""Everything recorded of one patient's course, as plain frozen values, and what of it is known on a day."""

from dataclasses import dataclass, replace
from datetime import date

from dosing.rules.accountability import KitFacts, KitReturnFacts
from dosing.rules.exposure import MissedDosesFacts
from dosing.rules.orders import DoseOrderFacts
from patients.rules.facts import OutcomeFacts, PatientFacts
from visits.rules.status import VisitRecord


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """`last_dose_on`: of a treatment that has ended. `participation_ended_on`: the patient has left the
    study, `is_screen_failure` before being enrolled."""

    patient: PatientFacts
    orders: tuple[DoseOrderFacts, ...] = ()
    missed: tuple[MissedDosesFacts, ...] = ()
    kits: tuple[KitFacts, ...] = ()
    returns: tuple[KitReturnFacts, ...] = ()
    visits: tuple[VisitRecord, ...] = ()
    outcomes: tuple[OutcomeFacts, ...] = ()
    last_dose_on: date | None = None
    participation_ended_on: date | None = None
    is_screen_failure: bool = False


def cut_off(facts: CourseFacts, as_of: date) -> CourseFacts:
    """The facts dated on or before a day; what stood at entry counts always.

    A visit recorded as not done stays: it has no day of its own and counts from the opening of its window.
    """
    return replace(
        facts,
        orders=tuple(order for order in facts.orders if order.from_on <= as_of),
        missed=tuple(row for row in facts.missed if row.from_on <= as_of),
        kits=tuple(kit for kit in facts.kits if kit.dispensed_on <= as_of),
        returns=tuple(count for count in facts.returns if count.returned_on <= as_of),
        visits=tuple(
            visit for visit in facts.visits if visit.not_done or _is_known(visit.occurred_on, as_of)
        ),
        outcomes=tuple(outcome for outcome in facts.outcomes if outcome.on <= as_of),
        last_dose_on=facts.last_dose_on if _is_known(facts.last_dose_on, as_of) else None,
        participation_ended_on=(
            facts.participation_ended_on if _is_known(facts.participation_ended_on, as_of) else None
        ),
    )


def _is_known(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of
