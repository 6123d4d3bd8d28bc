"""Where things are: the addresses that several pages of the clinic lead to."""

from django.urls import reverse

from patients.models import Patient


def chart_url(patient: Patient) -> str:
    return reverse("clinic:chart", args=[patient.uuid])
