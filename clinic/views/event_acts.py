"""What is done about one reported event: read it, grade it again, confirm how it was judged."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from adverse_events.models import AdverseEvent, EventGrade
from adverse_events.services import (
    confirm_assessment,
    correct_grade,
    record_grade,
    remove_grade,
)
from clinic.forms.events import ConfirmAssessmentForm, GradeForm
from clinic.forms.refusals import add_refusal
from clinic.presenters import event_url
from clinic.selectors.event_doses import event_doses, settling_url
from clinic.selectors.event_page import event_page, judgements
from clinic.selectors.events import events_of
from clinic.selectors.lab_proposals import proposal_of
from clinic.views.pages import PatientPage
from protocol.partial_days import PartialDay


class EventPage(PatientPage):
    """A page of one event of the patient."""

    event: AdverseEvent

    def setup_event(self, ae_no: int) -> AdverseEvent:
        self.event = get_object_or_404(events_of(self.patient).prefetch_related("grades"), ae_no=ae_no)
        return self.event

    def back(self) -> HttpResponse:
        return redirect(event_url(self.event))

    def show_form(self, form: Any, **page: Any) -> HttpResponse:
        return self.show(form=form, event=self.event, **page)


class AdverseEventView(EventPage):
    permission = Permission.VIEW_PATIENTS
    template_name = "clinic/adverse_event_detail.html"

    def get(self, request: HttpRequest, ae_no: int) -> HttpResponse:
        found = event_page(request.user, self.setup_event(ae_no), on=self.on)
        doses = event_doses(self.event)
        settling = settling_url(request.user, doses, on=self.on)
        return self.show(page=found, event=self.event, doses=doses, settling_url=settling)


class RecordGradeView(EventPage):
    permission = Permission.RECORD_ADVERSE_EVENT
    template_name = "clinic/event_grade.html"

    def get(self, request: HttpRequest, ae_no: int) -> HttpResponse:
        """`?test=ANC`: the result that asks whether the event has become worse."""
        form = GradeForm(event=self.setup_event(ae_no))
        graded = proposal_of(self.patient, request.GET.get("test", ""))
        if graded is not None:
            form.initial["from_on"] = PartialDay(graded.collected_on)
        return self.show_form(form, graded=graded)

    def post(self, request: HttpRequest, ae_no: int) -> HttpResponse:
        form = GradeForm(request.POST, event=self.setup_event(ae_no))
        if not form.is_valid():
            return self.show_form(form)
        try:
            row = record_grade(by=request.user, event=self.event, **form.step_values)
        except ValidationError as error:
            add_refusal(form, error)
            return self.show_form(form)
        messages.success(request, _("Grade %(grade)s is recorded.") % {"grade": row.grade})
        return self.back()


class CorrectGradeView(EventPage):
    permission = Permission.RECORD_ADVERSE_EVENT
    template_name = "clinic/event_grade.html"

    def get(self, request: HttpRequest, ae_no: int, step: int) -> HttpResponse:
        found = self.find(ae_no, step)
        return self.show_form(GradeForm(event=self.event, step=found), step=found)

    def post(self, request: HttpRequest, ae_no: int, step: int) -> HttpResponse:
        found = self.find(ae_no, step)
        form = GradeForm(request.POST, event=self.event, step=found)
        is_removal = request.POST.get("action") == "remove"
        if not form.is_valid() and not is_removal:
            return self.show_form(form, step=found)
        try:
            self.save(found, form, is_removal=is_removal)
        except ValidationError as error:
            add_refusal(form, error)
            return self.show_form(form, step=found)
        messages.success(request, _("The history of grades is corrected."))
        return self.back()

    def find(self, ae_no: int, step: int) -> EventGrade:
        return get_object_or_404(self.setup_event(ae_no).grades.select_related("adverse_event"), pk=step)

    def save(self, step: EventGrade, form: GradeForm, *, is_removal: bool) -> None:
        reason = form.cleaned_data.get("reason", "")
        if is_removal:
            remove_grade(by=self.request.user, step=step, reason=reason)
        else:
            correct_grade(by=self.request.user, step=step, reason=reason, **form.step_values)


class ConfirmAssessmentView(EventPage):
    permission = Permission.CONFIRM_ASSESSMENT
    template_name = "clinic/assessment_confirm.html"

    def get(self, request: HttpRequest, ae_no: int) -> HttpResponse:
        return self.page(ConfirmAssessmentForm.of(self.setup_event(ae_no).assessment))

    def post(self, request: HttpRequest, ae_no: int) -> HttpResponse:
        event, form = self.setup_event(ae_no), ConfirmAssessmentForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            confirm_assessment(
                by=request.user,
                event=event,
                assessment=form.assessment(),
                seen=form.cleaned_data["seen"],
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:  # somebody was quicker, or a correction lacks its reason
            add_refusal(form, error)
            return self.page(form)
        said = {"number": event.ae_no, "term": event.term}
        messages.success(
            request, _("The assessment of adverse event %(number)s, %(term)s, is confirmed.") % said
        )
        return self.back()

    def page(self, form: ConfirmAssessmentForm) -> HttpResponse:
        return self.show_form(form, judgements=judgements(self.event))
