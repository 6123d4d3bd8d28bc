"""What every page about one patient does first: find the patient for this person, and ask what they may."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views import View

from accounts.access import require
from accounts.permissions import Permission
from clinic.selectors.banner import patient_banner
from clinic.selectors.course import course_of
from patients.models import Patient
from patients.selectors import patients_with_summaries
from protocol.days import ONE_DAY


class PatientPage(View):
    """Another site's patient is not found; one's own needs the permission."""

    permission: ClassVar[Permission]
    template_name: ClassVar[str]
    patient: Patient

    def dispatch(self, request: HttpRequest, *args: Any, uuid: UUID, **kwargs: Any) -> HttpResponse:
        self.patient = get_object_or_404(patients_with_summaries(request.user), uuid=uuid)
        require(request.user, self.permission, self.patient.site)
        self.on = timezone.localdate()
        return super().dispatch(request, *args, **kwargs)

    def show(self, template: str | None = None, *, status: int = 200, **context: Any) -> HttpResponse:
        banner = patient_banner(self.request.user, course_of(self.patient, on=self.on))
        page = {
            "patient": self.patient,
            "banner": banner,
            "today": self.on,
            "yesterday": self.on - ONE_DAY,
            **context,
        }
        return render(self.request, template or self.template_name, page, status=status)


def day_of(text: str | None) -> date | None:
    """The day asked for in an address; anything that is none is passed over."""
    try:
        return parse_date(text or "")
    except ValueError:
        return None
