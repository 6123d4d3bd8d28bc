"""Course summaries: one function builds any of them from the facts, and nothing else writes them."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from courses.models import CourseSummary
from courses.rules.facts import CourseFacts
from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from courses.selectors import facts_of, with_course
from patients.models import Patient
from protocol.codes import FlagCode, Phase

PATIENTS_A_BATCH = 250
_BELOW_MINIMUM = {FlagCode.DOSE_BELOW_300}
_LONG_HOLD = {FlagCode.HOLD_OVER_28_DAYS, FlagCode.HOLD_OVER_90_DAYS}
_COLUMNS = [
    field.name for field in CourseSummary._meta.concrete_fields if field.name not in ("id", "patient")
]


def built_summary(patient: Patient, facts: CourseFacts, *, on: date) -> CourseSummary:
    """The summary as of a day, not saved: what `rebuild_summaries` stores, so that both can be compared."""
    payload = as_dict(course_summary(facts, patient.protocol, on))
    codes = {flag["code"] for flag in payload["flags"]}
    course = payload["exposure"]["course"] or {}
    return CourseSummary(
        patient=patient,
        as_of=on,
        payload=payload,
        phase=payload["phase"],
        on_treatment=payload["phase"] in (Phase.STANDARD, Phase.EXTENSION)
        and payload["treatment_ended_on"] is None,
        pill_count_percent=payload["adherence"]["pill_count_percent"],
        pdc_percent=payload["adherence"]["pdc_percent"],
        rdi_percent=course.get("rdi_percent"),
        mean_daily_mg=payload["dose"]["mean_daily_mg"] if payload["dose"] else None,
        has_dose_below_minimum=bool(codes & _BELOW_MINIMUM),
        has_long_hold=bool(codes & _LONG_HOLD),
    )


def rebuild_summaries(patient_ids: Sequence[int], *, on: date) -> int:
    """Build the summaries of these patients from their facts, in batches; returns how many."""
    for start in range(0, len(patient_ids), PATIENTS_A_BATCH):
        _rebuild_batch(patient_ids[start : start + PATIENTS_A_BATCH], on)
    return len(patient_ids)


@transaction.atomic
def _rebuild_batch(patient_ids: Sequence[int], on: date) -> None:
    patients = with_course(Patient.objects.filter(pk__in=patient_ids))
    CourseSummary.objects.bulk_create(
        [built_summary(patient, facts_of(patient), on=on) for patient in patients],
        update_conflicts=True,
        unique_fields=["patient"],
        update_fields=_COLUMNS,
    )


def stale_patient_ids(*, on: date) -> list[int]:
    """Patients whose summary was built for another day, or never."""
    fresh = CourseSummary.objects.filter(as_of=on).values("patient_id")
    return list(Patient.objects.exclude(pk__in=fresh).order_by("pk").values_list("pk", flat=True))
