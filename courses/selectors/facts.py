"""The facts of many courses at once, in a number of queries that does not grow with them."""

from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet

from courses.models import CourseSummary
from courses.rules.facts import CourseFacts
from dosing.models import DoseOrder, Kit, MissedDoses
from dosing.rules.accountability import KitFacts, KitReturnFacts
from dosing.rules.exposure import MissedDosesFacts
from dosing.rules.orders import DoseOrderFacts
from patients.facts import patient_facts
from patients.models import Outcome, Patient
from patients.rules.facts import OutcomeFacts
from protocol.codes import DispositionReason, DispositionRecord
from visits.models import UNSCHEDULED, Visit
from visits.rules.status import VisitRecord

_SAID = Q(occurred_on__isnull=False) | Q(not_done=True)


def course_facts(patient_ids: Sequence[int]) -> dict[int, CourseFacts]:
    """Everything recorded of each patient, by primary key. Whom a user may see was decided by the caller."""
    return {
        patient.pk: facts_of(patient) for patient in with_course(Patient.objects.filter(pk__in=patient_ids))
    }


def with_course(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """These patients with every row that `facts_of` reads."""
    said = Visit.objects.filter(_SAID).exclude(visit=UNSCHEDULED)
    return patients.select_related("enrolment", "tumour", "screening").prefetch_related(
        "consents",
        "outcomes",
        "dispositions",
        Prefetch("dose_orders", DoseOrder.objects.select_related("adverse_event")),
        Prefetch("missed_doses", MissedDoses.objects.all()),
        Prefetch("kits", Kit.objects.select_related("kit_return")),
        Prefetch("visits", said, to_attr="visits_with_records"),
    )


def facts_of(patient: Patient) -> CourseFacts:
    """One patient of `with_course` as the values that the rules take."""
    ends = {end.record: end for end in patient.dispositions.all()}
    treatment = ends.get(DispositionRecord.TREATMENT)
    participation = ends.get(DispositionRecord.PARTICIPATION)
    kits = list(patient.kits.all())
    return CourseFacts(
        patient=patient_facts(patient),
        orders=tuple(map(_order, patient.dose_orders.all())),
        missed=tuple(
            MissedDosesFacts(row.from_on, row.to_on, row.doses_missed) for row in patient.missed_doses.all()
        ),
        kits=tuple(_kit(kit) for kit in kits),
        returns=tuple(_return(kit) for kit in kits if hasattr(kit, "kit_return")),
        visits=_records(patient),
        outcomes=tuple(map(_outcome, patient.outcomes.all())),
        last_dose_on=treatment.last_dose_on if treatment else None,
        participation_ended_on=participation.ended_on if participation else None,
        is_screen_failure=participation is not None
        and participation.reason == DispositionReason.SCREEN_FAILURE,
    )


def summary_of(patient: Patient) -> CourseSummary | None:
    """The stored summary, or None for a patient none was built for yet."""
    return CourseSummary.objects.filter(patient=patient).first()


def _records(patient: Patient) -> tuple[VisitRecord, ...]:
    visits: list[Visit] = patient.visits_with_records  # type: ignore[attr-defined]  # set by with_course
    return tuple(VisitRecord(visit.visit, visit.occurred_on, visit.not_done) for visit in visits)


def _order(row: DoseOrder) -> DoseOrderFacts:
    event = row.adverse_event
    return DoseOrderFacts(
        row.from_on, tuple(row.pattern_mg), row.anchor_on, row.reason, event.ae_no if event else None
    )


def _outcome(row: Outcome) -> OutcomeFacts:
    return OutcomeFacts(row.kind, row.on, row.settlement, row.settled_on)


def _kit(row: Kit) -> KitFacts:
    return KitFacts(row.kit_id, row.dispensed_on, row.source, row.strength_mg, row.tablets)


def _return(kit: Kit) -> KitReturnFacts:
    row = kit.kit_return
    return KitReturnFacts(
        kit.kit_id, row.returned_on, row.tablets_returned, row.tablets_lost, row.tablets_kept
    )
