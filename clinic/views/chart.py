"""The chart of one patient: the whole course on one page, and the trail of its records."""

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views import View

from clinic.selectors.banner import patient_banner
from clinic.selectors.chart import patient_chart
from clinic.selectors.course import course_of
from clinic.selectors.trail import trail_of
from patients.models import Patient
from patients.selectors import patients_with_summaries

ACTS_A_PAGE = 50
YEARS = range(2000, 2101)


class ChartView(View):
    """`?on=DATE`: the course as of that day, to be read only. `?tab=history`: who changed what, when and why."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        patient = get_object_or_404(patients_with_summaries(request.user), uuid=uuid)
        if request.GET.get("tab") == "history":
            return self.history(request, patient)
        today = timezone.localdate()
        on = _day(request.GET.get("on")) or today
        chart = patient_chart(request.user, patient, on=on, is_today=on == today)
        page = {"chart": chart, "banner": chart.banner, "patient": patient, "on": on, "is_today": on == today}
        return render(request, "clinic/patient_chart.html", page)

    def history(self, request: HttpRequest, patient: Patient) -> HttpResponse:
        course = course_of(patient, on=timezone.localdate())
        acts = Paginator(trail_of(patient), ACTS_A_PAGE).get_page(request.GET.get("page"))
        page = {"banner": patient_banner(request.user, course), "patient": patient, "acts": acts}
        return render(request, "clinic/patient_history.html", page)


def _day(text: str | None) -> date | None:
    """The day asked for; anything that is no day of this century is passed over."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None
