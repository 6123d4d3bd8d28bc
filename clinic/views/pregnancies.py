"""Record a pregnancy, and what becomes of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from adverse_events.models import Pregnancy
from adverse_events.selectors import pregnancies_of
from adverse_events.services import change_pregnancy, record_pregnancy
from adverse_events.words import subject_path
from clinic.forms.refusals import add_refusal
from clinic.forms.reports import ChangePregnancyForm, PregnancyForm
from clinic.views.pages import PatientPage


class PregnancyPage(PatientPage):
    permission = Permission.RECORD_ADVERSE_EVENT
    template_name = "clinic/pregnancy.html"

    def try_to_save(self, form: PregnancyForm, **page: object) -> HttpResponse:
        if not form.is_valid():
            return self.show(form=form, **page)
        try:
            pregnancy = self.save(form)
        except ValidationError as error:
            add_refusal(form, error)
            return self.show(form=form, **page)
        messages.success(self.request, _("The pregnancy is saved: report it, and decide about imatinib."))
        return redirect(subject_path(pregnancy))

    def save(self, form: PregnancyForm) -> Pregnancy:
        raise NotImplementedError


class RecordPregnancyView(PregnancyPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=PregnancyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.try_to_save(PregnancyForm(request.POST))

    def save(self, form: PregnancyForm) -> Pregnancy:
        return record_pregnancy(by=self.request.user, patient=self.patient, values=form.values)


class ChangePregnancyView(PregnancyPage):
    pregnancy: Pregnancy

    def get(self, request: HttpRequest, pregnancy_no: int) -> HttpResponse:
        self.pregnancy = self.find(pregnancy_no)
        return self.show(form=ChangePregnancyForm.of(self.pregnancy), pregnancy=self.pregnancy)

    def post(self, request: HttpRequest, pregnancy_no: int) -> HttpResponse:
        self.pregnancy = self.find(pregnancy_no)
        return self.try_to_save(ChangePregnancyForm(request.POST), pregnancy=self.pregnancy)

    def find(self, pregnancy_no: int) -> Pregnancy:
        return get_object_or_404(pregnancies_of(self.patient), pregnancy_no=pregnancy_no)

    def save(self, form: PregnancyForm) -> Pregnancy:
        reason = form.cleaned_data["reason"]
        return change_pregnancy(
            by=self.request.user, pregnancy=self.pregnancy, values=form.values, reason=reason
        )
