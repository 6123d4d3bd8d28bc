"""Where things are: the addresses that several pages of the clinic lead to."""

from django.urls import reverse

from adverse_events.models import AdverseEvent
from patients.models import Patient


def chart_url(patient: Patient) -> str:
    return reverse("clinic:chart", args=[patient.uuid])


def event_url(event: AdverseEvent) -> str:
    return reverse("clinic:adverse_event", args=[event.patient.uuid, event.ae_no])
