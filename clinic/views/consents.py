"""Consents: what is signed, what is due, a new signature, a withdrawal and what follows from it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.entry_pages import GiveConsentForm, WithdrawConsentForm
from clinic.forms.refusals import add_refusal
from clinic.selectors.consent_lines import due_lines
from clinic.views.pages import PatientPage
from patients.models import Consent
from patients.selectors import consents_due_of, consents_of, form_versions, standing_consents
from patients.services import give_consent, withdraw_consent
from protocol.codes import DispositionRecord

# What a person decides next, where a withdrawal does not act by itself.
_FOLLOWS = {
    Consent.Purpose.STUDY: DispositionRecord.PARTICIPATION,
    Consent.Purpose.EXTENSION: DispositionRecord.TREATMENT,
}


class ConsentsView(PatientPage):
    permission = Permission.ENROL_PATIENT
    template_name = "clinic/consents.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.giving(), self.withdrawing())

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("action") == "withdraw":
            return self.withdraw(self.withdrawing(request.POST))
        return self.give(self.giving(request.POST))

    def give(self, form: GiveConsentForm) -> HttpResponse:
        if form.is_valid():
            try:
                give_consent(by=self.request.user, patient=self.patient, **form.cleaned_data)
            except ValidationError as error:
                add_refusal(form, error)
            else:
                messages.success(self.request, _("The consent is recorded."))
                return redirect(self.request.path)
        return self.page(form, self.withdrawing())

    def withdraw(self, form: WithdrawConsentForm) -> HttpResponse:
        if form.is_valid():
            try:
                consent = withdraw_consent(by=self.request.user, **form.cleaned_data)
            except ValidationError as error:
                add_refusal(form, error)
            else:
                return self.withdrawn(consent)
        return self.page(self.giving(), form)

    def withdrawn(self, consent: Consent) -> HttpResponse:
        """To the page where the end is recorded, if one follows; nothing ends by itself."""
        record = _FOLLOWS.get(Consent.Purpose(consent.purpose))
        if record is None:
            messages.success(self.request, _("The withdrawal is recorded: no more reminders are sent."))
            return redirect(self.request.path)
        messages.success(
            self.request, _("The withdrawal is recorded. Record here what it ends, if it ends anything.")
        )
        ends = reverse("clinic:record_disposition", args=[self.patient.uuid])
        return redirect(f"{ends}?record={record}")

    def giving(self, data: Any = None) -> GiveConsentForm:
        return GiveConsentForm(data, versions=form_versions(self.patient), on=self.on)

    def withdrawing(self, data: Any = None) -> WithdrawConsentForm:
        return WithdrawConsentForm(data, standing=standing_consents(self.patient), on=self.on)

    def page(self, giving: forms.Form, withdrawing: WithdrawConsentForm) -> HttpResponse:
        return self.show(
            giving=giving,
            withdrawing=withdrawing if standing_consents(self.patient) else None,
            due=due_lines(consents_due_of(self.patient, on=self.on)),
            signed=consents_of(self.patient),
            faults=[giving, withdrawing],
        )
