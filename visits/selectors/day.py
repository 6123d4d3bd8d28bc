"""What was measured on the day of a visit."""

from django.db.models import QuerySet

from visits.models import LabResult, Visit


def labs_of_visit(visit: Visit) -> QuerySet[LabResult]:
    """The results of its day, unless another visit took place on that day too: then they may be of that one."""
    found: QuerySet[LabResult] = LabResult.objects.filter(
        patient=visit.patient_id, collected_on=visit.occurred_on
    )
    same_day = Visit.objects.filter(patient=visit.patient_id, occurred_on=visit.occurred_on).exclude(
        pk=visit.pk
    )
    return found.none() if visit.occurred_on is None or same_day.exists() else found
