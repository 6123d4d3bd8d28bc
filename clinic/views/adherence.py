"""Adherence of one patient, with the definitions of what is counted."""

from django.http import HttpRequest, HttpResponse

from accounts.permissions import Permission
from clinic.selectors.adherence_page import adherence_page
from clinic.selectors.course import course_of
from clinic.views.pages import PatientPage


class AdherenceView(PatientPage):
    permission = Permission.VIEW_PATIENTS
    template_name = "clinic/adherence.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(page=adherence_page(course_of(self.patient, on=self.on)))
