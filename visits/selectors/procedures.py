"""What is asked about the procedures of a visit, and what of it is recorded."""

from collections.abc import Iterable, Mapping

from patients.models import Patient
from protocol.codes import Sex
from protocol.definition import Procedure, Protocol
from protocol.versions import known_visit
from visits.models import UNSCHEDULED, Visit, VisitProcedure
from visits.rules.procedures import MAY_BE_DONE_ANY_TIME, ConditionFacts


def procedures_at(protocol: Protocol, code: str) -> tuple[Procedure, ...]:
    """What the schedule names at a visit; at an unscheduled one what may be done at any time."""
    return MAY_BE_DONE_ANY_TIME if code == UNSCHEDULED else known_visit(protocol, code).procedures


def condition_facts(patient: Patient) -> ConditionFacts:
    screening = getattr(patient, "screening", None)
    return ConditionFacts(
        can_bear_children=False
        if patient.sex == Sex.MALE
        else getattr(screening, "childbearing_potential", None),
        is_hepatitis_b_carrier=getattr(screening, "stable_hepatitis_b", None),
    )


def recorded_procedures(visits: Iterable[Visit]) -> Mapping[int, Mapping[str, VisitProcedure]]:
    """What is recorded of each visit by its key, each by the code of its procedure."""
    found: dict[int, dict[str, VisitProcedure]] = {}
    for row in VisitProcedure.objects.filter(visit__in=[visit.pk for visit in visits]):
        found.setdefault(row.visit_id, {})[row.procedure] = row
    return found
