"""The chart of one patient, a part at a time, and the trail of its records."""

import re
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views import View

from clinic.forms.trail import TrailForm
from clinic.selectors.banner import patient_banner
from clinic.selectors.chart import PARTS, patient_chart
from clinic.selectors.course import course_of
from clinic.selectors.trail import narrowed, trail_of
from patients.models import Patient
from patients.selectors import patients_with_summaries

ACTS_A_PAGE = 50
YEARS = range(2000, 2101)
RECORD = re.compile(r"([a-z]+)-([0-9]{1,9})")
COURSE, HISTORY = "course", "history"


class ChartView(View):
    """`?tab=`: one part of the chart. `?on=DATE`: as of that day, to be read only."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        patient = get_object_or_404(patients_with_summaries(request.user), uuid=uuid)
        tab = request.GET.get("tab", COURSE)
        if tab == HISTORY:
            return self.history(request, patient)
        tab = tab if tab in PARTS else COURSE
        today = timezone.localdate()
        on = _day(request.GET.get("on")) or today
        chart = patient_chart(request.user, patient, tab=tab, on=on, is_today=on == today)
        page = {
            "chart": chart,
            "part": chart.part,
            "part_template": f"clinic/_chart_{tab}.html",
            "place": tab,
            "banner": chart.banner,
            "patient": patient,
            "on": on,
            "is_today": on == today,
        }
        return render(request, "clinic/patient_chart.html", page)

    def history(self, request: HttpRequest, patient: Patient) -> HttpResponse:
        """Who changed what, when and why: of the whole patient, or of one record."""
        course = course_of(patient, on=timezone.localdate())
        record = _record(request.GET.get("record"))
        trail = trail_of(patient, record)
        form = TrailForm(request.GET, people=sorted({act.actor for act in trail}))
        acts = Paginator(narrowed(trail, form.asked), ACTS_A_PAGE).get_page(request.GET.get("page"))
        page = {
            "banner": patient_banner(request.user, course),
            "patient": patient,
            "place": HISTORY,
            "is_today": True,
            "form": form,
            "acts": acts,
            "record": record,
            "query": urlencode({name: value for name, value in request.GET.items() if name != "page"}),
        }
        return render(request, "clinic/patient_history.html", page)


def _record(text: str | None) -> tuple[str, int] | None:
    """One record of a trail: "visit-12"."""
    found = RECORD.fullmatch(text or "")
    return (found[1], int(found[2])) if found else None


def _day(text: str | None) -> date | None:
    """The day asked for; anything that is no day of this century is passed over."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None
