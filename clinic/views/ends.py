"""What becomes of a patient: an assessment or event, the end of treatment, the end of participation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.pages import DispositionForm, OutcomeForm
from clinic.forms.refusals import add_refusal, mark_of
from clinic.presenters import chart_url
from clinic.views.pages import PatientPage
from patients.services import record_disposition, record_outcome
from patients.words import word_of
from protocol.codes import DispositionRecord


class RecordOutcomeView(PatientPage):
    permission = Permission.RECORD_OUTCOME
    template_name = "clinic/outcome_record.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=OutcomeForm(initial={"on": self.on}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            outcome = record_outcome(by=request.user, patient=self.patient, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
            return self.show(form=form)
        values = {"kind": word_of(outcome.kind), "day": date_format(outcome.on)}
        messages.success(request, _("Recorded: %(kind)s on %(day)s.") % values)
        return redirect(chart_url(self.patient))


class RecordDispositionView(PatientPage):
    """Rare and not to be taken back: what follows is said before it is saved."""

    permission = Permission.RECORD_OUTCOME
    template_name = "clinic/disposition_record.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            form=DispositionForm(initial={"record": request.GET.get("record")}, patient=self.patient)
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DispositionForm(request.POST, patient=self.patient)
        if not form.is_valid():
            return self.show(form=form)
        doubts = [_consequence(form.cleaned_data["record"])]
        if form.confirmed != mark_of(doubts):
            sentences = [{"sentence": doubt} for doubt in doubts]
            return self.show(form=form, doubts=sentences, mark=mark_of(doubts), has_errors=True)
        try:
            record_disposition(by=request.user, patient=self.patient, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
            return self.show(form=form)
        messages.success(request, _("The end is recorded. Visits and reminders have been planned anew."))
        return redirect(chart_url(self.patient))


def _consequence(record: str) -> str:
    if record == DispositionRecord.TREATMENT:
        return _("Treatment ends for good: later treatment visits are cancelled.")
    return _("The patient leaves the study: every visit still to come is cancelled, and no reminder is sent.")
