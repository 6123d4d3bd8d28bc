"""What the patient takes home: a sheet of paper, and a file for the calendar of a telephone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override

from accounts.permissions import Permission
from clinic.selectors.schedule import calendar_entries, coming_days
from clinic.views.pages import PatientPage
from protocol.codes import Language
from reminders.calendars import schedule_calendar


class ScheduleView(PatientPage):
    """In the language of the patient, or the one asked for; it says nothing of study, drug or visit."""

    permission = Permission.VIEW_PATIENTS
    template_name = "clinic/patient_schedule.html"

    @property
    def language(self) -> str:
        """The one asked for, else the patient's; Korean where nobody has asked the patient."""
        asked, contact = self.request.GET.get("language"), getattr(self.patient, "contact", None)
        if asked in {language.value for language in Language}:
            return str(asked)
        return (contact.language if contact else "") or Language.KOREAN.value

    def get(self, request: HttpRequest) -> HttpResponse:
        language, site = self.language, self.patient.site
        page = {
            "patient": self.patient,
            "language": language,
            "clinic": site.name_in(language),
            "place": site.place_in(language),
            "phone": site.phone_in(language),
            "bring": site.bring_in(language),
            "days": coming_days(self.patient, on=self.on),
            "today": self.on,
        }
        with override(language):
            return render(request, self.template_name, page)


class ScheduleIcsView(ScheduleView):
    def get(self, request: HttpRequest) -> HttpResponse:
        language, entries = self.language, calendar_entries(self.patient, on=self.on)
        with override(language):
            calendar = schedule_calendar(entries, language=language, now=timezone.now())
        answer = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="schedule.ics"'
        return answer
