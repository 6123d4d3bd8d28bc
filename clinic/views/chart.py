"""The chart of one patient: the whole course on one page, and the trail of its records."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from patients.models import Patient


class ChartView(View):
    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        patient = get_object_or_404(Patient.objects.visible_to(request.user), uuid=uuid)
        return render(request, "clinic/patient_chart.html", {"patient": patient})
