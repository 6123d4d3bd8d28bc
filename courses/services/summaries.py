"""Course summaries: one function builds any of them from the facts, and nothing else writes them.

What a patient counts for in the sums changes in the same transaction: what was counted before stands with the summary.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from courses.models import CourseSummary
from courses.rules.facts import CourseFacts
from courses.rules.payload import as_dict
from courses.rules.records import CourseRecords
from courses.rules.standing import BELOW_MINIMUM, LONG_HOLDS, Standing
from courses.rules.summary import CourseSummary as Course
from courses.rules.tally import as_nested, counted, from_nested
from courses.selectors import course_records, facts_of, with_course
from courses.services.lab_proposals import rebuild_lab_proposals
from courses.services.tallies import Sums, add_to_tallies
from patients.models import Patient
from protocol.days import round_half_up

PATIENTS_A_BATCH = 250
COLUMNS = [field.name for field in CourseSummary._meta.concrete_fields if field.name not in ("id", "patient")]


def built_summary(patient: Patient, facts: CourseFacts, records: CourseRecords, *, on: date) -> CourseSummary:
    """The summary as of a day, not saved: what `rebuild_summaries` stores, so that both can be compared."""
    found = counted(facts, records, patient.protocol, on)
    return CourseSummary(
        patient=patient,
        site_id=patient.site_id,
        as_of=on,
        payload=as_dict(found.course),
        tallied=as_nested(found.contributions),
        **_course_columns(found.course),
        **_percentages(found.course),
        **_standing_columns(found.standing),
    )


def rebuild_summaries(patient_ids: Sequence[int], *, on: date) -> int:
    """Build the summaries of these patients from their facts, in batches; returns how many."""
    ids = sorted(set(patient_ids))
    for start in range(0, len(ids), PATIENTS_A_BATCH):
        _rebuild_batch(ids[start : start + PATIENTS_A_BATCH], on)
    return len(ids)


@transaction.atomic
def _rebuild_batch(patient_ids: Sequence[int], on: date) -> None:
    """The patients are held first: who changes one of them meanwhile builds the summary again afterwards."""
    list(
        Patient.objects.filter(pk__in=patient_ids).order_by("pk").select_for_update(no_key=True).values("pk")
    )
    sums = _counted(patient_ids)
    records = course_records(patient_ids)
    built = [
        built_summary(patient, facts_of(patient), records[patient.pk], on=on)
        for patient in with_course(Patient.objects.filter(pk__in=patient_ids))
    ]
    for summary in built:
        _count(sums, summary.site_id, summary.tallied, 1)
    CourseSummary.objects.bulk_create(
        built, update_conflicts=True, unique_fields=["patient"], update_fields=COLUMNS
    )
    rebuild_lab_proposals(patient_ids)
    add_to_tallies(sums)


def _counted(patient_ids: Sequence[int]) -> Sums:
    """What these patients count for until now, to be taken away."""
    sums: Sums = Counter()
    stored = CourseSummary.objects.filter(patient_id__in=patient_ids, site__isnull=False)
    for site_id, tallied in stored.values_list("site_id", "tallied"):
        _count(sums, site_id, tallied, -1)
    return sums


def _count(sums: Sums, site_id: int | None, tallied: Any, sign: int) -> None:
    for (figure, key), n in from_nested(tallied).items():
        sums[site_id or 0, figure, key] += sign * n


def stale_patient_ids(*, on: date, between: tuple[int, int] | None = None) -> list[int]:
    """Patients whose summary was built for another day, or before there were sums, or never; in order."""
    fresh = CourseSummary.objects.filter(patient=OuterRef("pk"), as_of=on, tallied__isnull=False)
    patients = Patient.objects.filter(~Exists(fresh)).order_by("pk")
    if between is not None:
        patients = patients.filter(pk__range=between)
    return list(patients.values_list("pk", flat=True))


def _course_columns(course: Course) -> dict[str, Any]:
    exposure = course.exposure.course
    return {
        "phase": course.phase.value,
        "on_treatment": course.is_on_treatment,
        "enrolled_on": course.patient.enrolled_on if course.is_enrolled else None,
        "first_dose_on": course.patient.first_dose_on,
        "planned_end_on": course.planned_end_on,
        "treatment_ended_on": course.treatment_ended_on,
        "days_on_treatment": exposure.days if exposure else None,
        "mean_daily_mg": _rounded(course.dose.mean_daily_mg, 1) if course.dose else None,
    }


def _percentages(course: Course) -> dict[str, Decimal | None]:
    """pill_count_percent, pill_count_standard_percent, …"""
    found: dict[str, Decimal | None] = {}
    for part, adherence in course.adherence_by_part.items():
        suffix = "percent" if part == "course" else f"{part}_percent"
        for name in ("pill_count", "pdc", "rdi"):
            found[f"{name}_{suffix}"] = _rounded(getattr(adherence, f"{name}_percent", None))
    return found


def _standing_columns(stands: Standing) -> dict[str, Any]:
    return {
        "has_dose_below_minimum": bool(stands.flagged & BELOW_MINIMUM),
        "has_dose_below_minimum_now": bool(stands.flagged_now & BELOW_MINIMUM),
        "has_long_hold": bool(stands.flagged & LONG_HOLDS),
        "has_long_hold_now": bool(stands.flagged_now & LONG_HOLDS),
        "flags_waiting": len(stands.waiting),
        "waiting_since": stands.waiting[0].from_on if stands.waiting else None,
        "overdue_since": stands.overdue_since,
        "cannot_finish": stands.cannot_finish,
        "worst_grade": stands.worst_grade,
        "state": stands.state.value,
        "next_visit_on": stands.next_visit_on,
        "flagged_now": sorted(code.value for code in stands.flagged_now),
    }


def _rounded(value: Fraction | None, digits: int = 2) -> Decimal | None:
    return None if value is None else round_half_up(value, digits)
