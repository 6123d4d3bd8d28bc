"""The schedules of patients: as they are stored, and as the protocol wants them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

from patients.models import Disposition, Outcome, Patient, Screening
from protocol.codes import DispositionRecord, OutcomeKind
from visits.models import UNSCHEDULED, Visit
from visits.rules.schedule import Anchors, ProjectedVisit, project

Stored: TypeAlias = dict[int, dict[str, Visit]]  # by patient, by visit code
Wanted: TypeAlias = dict[int, dict[str, ProjectedVisit]]


def stored_visits(patient_ids: Sequence[int]) -> Stored:
    stored: Stored = defaultdict(dict)
    for visit in Visit.objects.filter(patient_id__in=patient_ids).exclude(visit=UNSCHEDULED):
        stored[visit.patient_id][visit.visit] = visit
    return stored


def wanted_visits(patients: Iterable[Patient], stored: Stored) -> Wanted:
    """What the schedule of each patient should be, under the protocol as the given patient has it."""
    anchors = _anchors(list(patients), stored)
    return {patient.pk: {v.code: v for v in project(patient.protocol, on)} for patient, on in anchors}


def _anchors(patients: Sequence[Patient], stored: Stored) -> list[tuple[Patient, Anchors]]:
    ends = dict(
        Disposition.objects.filter(patient__in=patients, record=DispositionRecord.TREATMENT).values_list(
            "patient_id", "last_dose_on"
        )
    )
    recurrences = dict(
        Outcome.objects.filter(patient__in=patients, kind=OutcomeKind.RECURRENCE)
        .order_by("-on")
        .values_list("patient_id", "on")
    )
    starts = dict(
        Screening.objects.filter(patient__in=patients).values_list("patient_id", "planned_start_on")
    )
    return [
        (
            p,
            _anchors_of(
                p,
                last_dose_on=ends.get(p.pk),
                recurrence_on=recurrences.get(p.pk),
                planned_start_on=starts.get(p.pk),
                visits=stored[p.pk].values(),
            ),
        )
        for p in patients
    ]


def _anchors_of(
    patient: Patient,
    *,
    last_dose_on: date | None,
    recurrence_on: date | None,
    planned_start_on: date | None,
    visits: Iterable[Visit],
) -> Anchors:
    enrolment = getattr(patient, "enrolment", None)
    return Anchors(
        entry_path=patient.entry_path,
        first_dose_on=patient.first_dose_on,
        enrolled_on=enrolment.enrolled_on if enrolment else None,
        treatment_ended_on=last_dose_on,
        recurrence_on=recurrence_on,
        planned_start_on=planned_start_on,
        recorded=frozenset(v.visit for v in visits if v.occurred_on is not None or v.not_done),
    )
