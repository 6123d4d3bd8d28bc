"""From screening to enrolment: every criterion with its verdict, what is missing, and the decision."""

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.pages import CompletionForm, EnrolmentForm
from clinic.forms.refusals import add_refusal
from clinic.presenters import chart_url
from clinic.selectors.course import course_of
from clinic.selectors.criteria_lines import eligibility
from clinic.views.pages import PatientPage
from patients.forms import CompletionForms
from patients.services import change_screening, enrol_patient
from protocol.codes import EligibilityVerdict


class EnrolPatientView(PatientPage):
    permission = Permission.ENROL_PATIENT
    template_name = "clinic/patient_enrol.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.enrolment_form(), self.facts())

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.complete(request) if request.POST.get("action") == "complete" else self.enrol(request)

    def enrol(self, request: HttpRequest) -> HttpResponse:
        form = EnrolmentForm(request.POST)
        if not form.is_valid():
            return self.page(form, self.facts())
        day = form.cleaned_data["enrolled_on"]
        try:
            enrol_patient(by=request.user, patient=self.patient, enrolled_on=day)
        except ValidationError as error:
            add_refusal(form, error)
            return self.page(form, self.facts())
        messages.success(
            request, _("Enrolled on %(day)s. The visits are planned.") % {"day": date_format(day)}
        )
        return redirect(chart_url(self.patient))

    def complete(self, request: HttpRequest) -> HttpResponse:
        facts, form = self.facts(request.POST), CompletionForm(request.POST)
        if facts.is_valid() and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                change_screening(
                    by=request.user, patient=self.patient, records=facts.records(), reason=reason
                )
                return redirect(request.path)
            except ValidationError as error:
                form.add_error("reason", error.messages)
        return self.page(self.enrolment_form(), facts, form)

    def facts(self, data: object = None) -> CompletionForms:
        return CompletionForms(self.patient, data)

    def enrolment_form(self) -> EnrolmentForm:
        return EnrolmentForm(initial={"enrolled_on": self.on})

    def page(
        self, form: django_forms.Form, facts: CompletionForms, completion: CompletionForm | None = None
    ) -> HttpResponse:
        lines = eligibility(course_of(self.patient, on=self.on))
        return self.show(
            form=form,
            forms=facts,
            completion=completion or CompletionForm(),
            eligibility=lines,
            is_eligible=lines.verdict == EligibilityVerdict.ELIGIBLE,
            is_enrolled=hasattr(self.patient, "enrolment"),
            faults=[form, *facts.all, completion],
        )
