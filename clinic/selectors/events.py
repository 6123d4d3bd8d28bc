"""The adverse events of a patient whom the user may see: that was decided by the caller."""

from django.db.models import QuerySet

from adverse_events.models import AdverseEvent
from patients.models import Patient


def events_of(patient: Patient) -> QuerySet[AdverseEvent]:
    return AdverseEvent.objects.filter(patient=patient).select_related("patient__site").order_by("ae_no")
