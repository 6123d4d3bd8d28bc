"""From screening to enrolment or screen failure: every criterion with its verdict, and the decision."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.entry_pages import CompletionForm, EnrolmentForm, ScreenFailureForm
from clinic.forms.refusals import add_refusal
from clinic.presenters import chart_url
from clinic.views.pages import PatientPage
from patients.criteria import Eligibility, eligibility_words, kept_eligibility
from patients.forms import CompletionForms
from patients.rules.criteria import report
from patients.selectors import is_screen_failure, kept_assessments
from patients.services import change_screening, close_as_screen_failure, enrol_patient, keep_assessment
from protocol.codes import EligibilityVerdict


class EntryPage(PatientPage):
    """A page that shows the criteria as if the patient were enrolled on a day."""

    def verdicts(self, facts: CompletionForms, day: date) -> Eligibility:
        enrolment = getattr(self.patient, "enrolment", None)
        known = facts.facts(enrolled_on=enrolment.enrolled_on if enrolment else day)
        return eligibility_words(report(known, self.patient.protocol))


class EnrolPatientView(EntryPage):
    permission = Permission.ENROL_PATIENT
    template_name = "clinic/patient_enrol.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.enrolment_form(), CompletionForms(self.patient))

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.htmx:
            facts = CompletionForms(self.patient, request.POST)
            page = {"eligibility": self.verdicts(facts, self.on)}
            return render(request, "patients/_eligibility_echo.html", page)
        act = {"complete": self.complete, "check": self.check, "keep": self.keep}
        return act.get(request.POST.get("action", ""), self.enrol)(request)

    def enrol(self, request: HttpRequest) -> HttpResponse:
        form = EnrolmentForm(request.POST)
        if not form.is_valid():
            return self.page(form, CompletionForms(self.patient))
        day = form.cleaned_data["enrolled_on"]
        try:
            enrol_patient(by=request.user, patient=self.patient, enrolled_on=day)
        except ValidationError as error:
            add_refusal(form, error)
            return self.page(form, CompletionForms(self.patient), on=day)
        said = _("Enrolled on %(day)s. The visits are planned.")
        messages.success(request, said % {"day": date_format(day)})
        return redirect(chart_url(self.patient))

    def check(self, request: HttpRequest) -> HttpResponse:
        """What is typed, assessed and not saved."""
        return self.page(self.enrolment_form(), CompletionForms(self.patient, request.POST))

    def complete(self, request: HttpRequest) -> HttpResponse:
        facts, form = CompletionForms(self.patient, request.POST), CompletionForm(request.POST)
        if facts.is_valid() and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                change_screening(
                    by=request.user, patient=self.patient, records=facts.records(), reason=reason
                )
                return redirect(request.path)
            except ValidationError as error:
                form.add_error("reason", error.messages)
        return self.page(self.enrolment_form(), facts, completion=form)

    def keep(self, request: HttpRequest) -> HttpResponse:
        try:
            keep_assessment(by=request.user, patient=self.patient, on=self.on)
        except ValidationError as error:
            form = self.enrolment_form()
            form.errors["__all__"] = form.error_class(error.messages)
            return self.page(form, CompletionForms(self.patient))
        messages.success(request, _("The assessment is kept as it stands."))
        return redirect(request.path)

    def enrolment_form(self) -> EnrolmentForm:
        return EnrolmentForm(initial={"enrolled_on": self.on})

    def page(
        self,
        form: EnrolmentForm,
        facts: CompletionForms,
        *,
        on: date | None = None,
        completion: CompletionForm | None = None,
    ) -> HttpResponse:
        day = on or self.on
        lines = self.verdicts(facts, day)
        is_enrolled = hasattr(self.patient, "enrolment")
        faults = [form, *facts.all, completion]
        return self.show(
            form=form,
            forms=facts,
            completion=completion or CompletionForm(),
            eligibility=lines,
            on=day,
            is_eligible=lines.verdict == EligibilityVerdict.ELIGIBLE,
            is_enrolled=is_enrolled,
            is_open=not is_enrolled and not is_screen_failure(self.patient),
            kept=kept_assessments(self.patient),
            faults=faults,
            has_errors=any(fault.errors for fault in faults if fault is not None),
        )


class CloseScreeningView(EntryPage):
    """Rare and final: what stands in the way is shown before the screening is closed."""

    permission = Permission.ENROL_PATIENT
    template_name = "clinic/screening_close.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = self.verdicts(CompletionForms(self.patient), self.on)
        proposed = "; ".join(lines.against or lines.missing)
        return self.page(ScreenFailureForm(initial={"ended_on": self.on, "note": proposed}), lines)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ScreenFailureForm(request.POST)
        if form.is_valid():
            try:
                close_as_screen_failure(by=request.user, patient=self.patient, **form.cleaned_data)
            except ValidationError as error:
                add_refusal(form, error)
            else:
                messages.success(request, _("Closed as a screen failure. Screening and assessment stay."))
                return redirect(chart_url(self.patient))
        return self.page(form, self.verdicts(CompletionForms(self.patient), self.on))

    def page(self, form: ScreenFailureForm, lines: Eligibility) -> HttpResponse:
        return self.show(form=form, eligibility=lines)


class EligibilityRecordView(PatientPage):
    """An assessment as it was decided, to be read."""

    permission = Permission.VIEW_PATIENTS
    template_name = "clinic/eligibility_record.html"

    def get(self, request: HttpRequest, record: int, **_kwargs: Any) -> HttpResponse:
        kept = get_object_or_404(kept_assessments(self.patient), pk=record)
        return self.show(record=kept, eligibility=kept_eligibility(kept))
