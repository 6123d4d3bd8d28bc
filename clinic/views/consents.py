"""Consents: what is signed, what is due, a new signature, a withdrawal and what follows from it."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.entry_pages import ContactForm, GiveConsentForm, WithdrawConsentForm
from clinic.forms.refusals import add_refusal
from clinic.selectors.consent_lines import ConsentLine, consent_lines_of, due_lines
from clinic.views.pages import PatientPage
from patients.models import Consent
from patients.models.consent import Purpose
from patients.selectors import consents_due_of, consents_of, form_versions
from patients.services import (
    agree_to_reminders,
    change_contact,
    give_consent,
    withdraw_consent,
    withdraw_from_reminders,
)
from protocol.codes import DispositionRecord

CONTACT = "contact"
# What a person decides next, where a withdrawal does not act by itself.
_FOLLOWS = {
    Purpose.STUDY: DispositionRecord.PARTICIPATION,
    Purpose.EXTENSION: DispositionRecord.TREATMENT,
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
                self.record(**form.cleaned_data)
            except ValidationError as error:
                add_refusal(form, error)
            else:
                messages.success(self.request, _("The consent is recorded."))
                return redirect(self.request.path)
        return self.page(form, self.withdrawing())

    def record(self, purpose: str, version: str, consented_on: date) -> None:
        who = {"by": self.request.user, "patient": self.patient}
        if purpose == Purpose.REMINDERS:
            agree_to_reminders(**who, version=version, agreed_on=consented_on)
        else:
            give_consent(**who, purpose=purpose, version=version, consented_on=consented_on)

    def withdraw(self, form: WithdrawConsentForm) -> HttpResponse:
        if form.is_valid():
            record, pk = form.cleaned_data["consent"].split("-")
            day = form.cleaned_data["withdrawn_on"]
            try:
                if record == CONTACT:
                    withdraw_from_reminders(by=self.request.user, patient=self.patient, withdrawn_on=day)
                    return self.reminders_stopped()
                consent = get_object_or_404(consents_of(self.patient), pk=pk)
                withdraw_consent(by=self.request.user, consent=consent, withdrawn_on=day)
                return self.withdrawn(consent)
            except ValidationError as error:
                add_refusal(form, error)
        return self.page(self.giving(), form)

    def reminders_stopped(self) -> HttpResponse:
        messages.success(self.request, _("The withdrawal is recorded: no more reminders are sent."))
        return redirect(self.request.path)

    def withdrawn(self, consent: Consent) -> HttpResponse:
        """To the page where the end is recorded; nothing ends by itself."""
        messages.success(
            self.request, _("The withdrawal is recorded. Record here what it ends, if it ends anything.")
        )
        ends = reverse("clinic:record_disposition", args=[self.patient.uuid])
        return redirect(f"{ends}?record={_FOLLOWS[Purpose(consent.purpose)]}")

    def giving(self, data: Any = None) -> GiveConsentForm:
        return GiveConsentForm(data, versions=form_versions(self.patient), on=self.on)

    def withdrawing(self, data: Any = None) -> WithdrawConsentForm:
        standing = [line for line in self.signed if line.withdrawn_on is None or line.by_link]
        return WithdrawConsentForm(data, standing=standing, on=self.on)

    @cached_property
    def signed(self) -> tuple[ConsentLine, ...]:
        return consent_lines_of(self.patient, on=self.on)

    def page(self, giving: forms.Form, withdrawing: WithdrawConsentForm) -> HttpResponse:
        return self.show(
            giving=giving,
            withdrawing=withdrawing if withdrawing.fields["consent"].choices else None,
            due=due_lines(consents_due_of(self.patient, on=self.on)),
            signed=self.signed,
            versions=form_versions(self.patient),
            faults=[giving, withdrawing],
        )


class ChangeContactView(PatientPage):
    """E-mail and language; whether reminders may be sent is shown and changed with the consents."""

    permission = Permission.ENROL_PATIENT
    template_name = "clinic/contact.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        contact = getattr(self.patient, "contact", None)
        known = {"email": contact.email, "language": contact.language} if contact else {}
        return self.page(ContactForm(initial={"language": "ko"} | known))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ContactForm(request.POST)
        if form.is_valid():
            try:
                change_contact(by=request.user, patient=self.patient, **form.cleaned_data)
            except ValidationError as error:
                add_refusal(form, error)
            else:
                messages.success(request, _("The contact is saved."))
                return redirect(request.path)
        return self.page(form)

    def page(self, form: ContactForm) -> HttpResponse:
        lines = consent_lines_of(self.patient, on=self.on)
        return self.show(form=form, reminders=[line for line in lines if line.record == CONTACT])
