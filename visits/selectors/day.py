"""What was measured on the day of a visit."""

from django.db.models import QuerySet

from visits.models import LabResult, Visit


def labs_of_visit(visit: Visit) -> QuerySet[LabResult]:
    """The results of its day, unless another visit took place on that day too: then they may be of that one."""
    day = visit.occurred_on
    if day is None:
        return LabResult.objects.none()
    same_day = Visit.objects.filter(patient=visit.patient_id, occurred_on=day).exclude(pk=visit.pk)
    found = LabResult.objects.filter(patient=visit.patient_id, collected_on=day)
    return found.none() if same_day.exists() else found


def was_recorded_at(visit: Visit, revision: int | None) -> bool:
    """Had the visit taken place already when it stood at that revision?"""
    trail = visit.events  # type: ignore[attr-defined]
    return bool(trail.filter(revision=revision, occurred_on__isnull=False).exists())
