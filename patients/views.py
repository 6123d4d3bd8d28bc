"""The list of patients; everything about one of them is a page of the clinic."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from accounts.access import may, require
from accounts.permissions import Permission
from patients.criteria import Eligibility, eligibility_words
from patients.filters import PatientFilter
from patients.forms import ScreeningForms
from patients.models import Patient
from patients.rules.criteria import report
from patients.selectors import patients_with_summaries
from patients.services import screen_patient
from patients.tables import PatientTable
from protocol import load_protocol


class PatientListView(SingleTableMixin, FilterView):
    table_class = PatientTable
    filterset_class = PatientFilter
    template_name = "patients/patient_list.html"
    table_pagination: ClassVar = {"per_page": 50}  # a page that does not exist is the nearest that does

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        require(request.user, Permission.VIEW_PATIENTS)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Patient]:
        return patients_with_summaries(self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        may_enrol = may(self.request.user, Permission.ENROL_PATIENT)
        return super().get_context_data(may_enrol=may_enrol, **kwargs)


class CreatePatientView(View):
    """A new patient with the facts of screening; the page after shows what they mean for enrolment."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        require(request.user, Permission.ENROL_PATIENT)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(ScreeningForms(request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        forms = ScreeningForms(request.user, request.POST)
        if request.htmx:
            page = {"eligibility": self.verdicts(forms)}
            return render(request, "patients/_eligibility_echo.html", page)
        if not forms.is_valid() or request.POST.get("action") == "check":
            return self.page(forms)
        try:
            patient = screen_patient(
                by=request.user,
                patient=forms.patient.instance,
                tumour=forms.tumour.instance,
                screening=forms.screening.instance,
                consent=forms.signed(),
                contact=forms.contact.agreed(timezone.localdate()),
            )
        except ValidationError as error:
            forms.patient.add_error(None, error.messages)
            return self.page(forms)
        return redirect("clinic:enrol_patient", patient.uuid)

    def page(self, forms: ScreeningForms) -> HttpResponse:
        page = {
            "forms": forms,
            "eligibility": self.verdicts(forms),
            "has_errors": any(form.errors for form in forms.all),
        }
        return render(self.request, "patients/patient_screen.html", page)

    def verdicts(self, forms: ScreeningForms) -> Eligibility:
        """What the criteria make of what is typed so far, as if the patient were enrolled today."""
        facts = forms.facts(enrolled_on=timezone.localdate())
        patient = forms.patient.instance
        protocol = patient.site.protocol if patient.site_id else load_protocol()
        return eligibility_words(report(facts, protocol))
