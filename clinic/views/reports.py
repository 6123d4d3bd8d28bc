"""The reports of one event or pregnancy: clocks, versions, what was sent; write one, print it, record its sending."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.permissions import Permission
from adverse_events.models import Subject
from adverse_events.selectors import pregnancies_of, reports_of
from adverse_events.services import record_dispatches
from adverse_events.words import subject_path, subject_words
from clinic.forms.refusals import add_refusal
from clinic.forms.reports import DispatchForm, ReportForm
from clinic.selectors.events import events_of
from clinic.selectors.reports import reports_page
from clinic.services.reports import printed, write_report
from clinic.views.pages import PatientPage
from courses.printing import CannotPrint
from courses.report_facts import report_content
from courses.report_words import report_sections
from protocol.codes import Language


class SubjectPage(PatientPage):
    """A page about one event (`ae_no`) or one pregnancy (`pregnancy_no`) of a patient."""

    subject: Subject

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.numbers = {name: kwargs.pop(name) for name in ("ae_no", "pregnancy_no") if name in kwargs}
        return super().dispatch(request, *args, **kwargs)

    def found(self) -> Subject:
        rows = events_of if "ae_no" in self.numbers else pregnancies_of
        return get_object_or_404(rows(self.patient), **self.numbers)

    def about(self, subject: Subject, **page: Any) -> HttpResponse:
        words = {"subject": subject, "about": subject_words(subject), "reports_path": subject_path(subject)}
        return self.show(**words, **page)


class ReportsView(SubjectPage):
    permission = Permission.VIEW_PATIENTS
    template_name = "clinic/reports.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        subject, site = self.found(), self.patient.site
        return self.about(
            subject,
            reports=reports_page(subject, at=timezone.now()),
            may_write=may(request.user, Permission.WRITE_SAFETY_REPORT, site),
            may_record=may(request.user, Permission.RECORD_ADVERSE_EVENT, site),
        )


class WriteReportView(SubjectPage):
    """What only a person can say; then the whole report as it will be frozen; then it stands."""

    permission = Permission.WRITE_SAFETY_REPORT
    template_name = "clinic/report_write.html"
    confirm_template = "clinic/report_confirm.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        subject = self.found()
        last = reports_of(subject).first()
        return self.about(subject, form=ReportForm.after(last), last=last)

    def post(self, request: HttpRequest) -> HttpResponse:
        subject, form = self.found(), ReportForm(request.POST)
        last = reports_of(subject).first()
        action = request.POST.get("action")
        if not form.is_valid() or action == "edit":
            return self.about(subject, form=form, last=last)
        if action != "freeze":
            content = report_content(subject, form.texts, by=request.user)
            sections = report_sections(content, last.facts if last else None)
            return self.about(
                subject, template=self.confirm_template, form=form, last=last, sections=sections
            )
        try:
            report = write_report(
                by=request.user,
                subject=subject,
                texts=form.texts,
                after_version=form.cleaned_data["after_version"],
            )
        except ValidationError as error:
            add_refusal(form, error)
            return self.about(subject, form=form, last=last)
        said = {"version": report.version}
        messages.success(
            request, _("Version %(version)s is written. Send it, then record what was sent.") % said
        )
        return redirect(subject_path(subject))


class ReportPdfView(SubjectPage):
    permission = Permission.VIEW_PATIENTS

    def get(self, request: HttpRequest, report_no: int, language: str) -> HttpResponse:
        if language not in list(Language):
            raise Http404
        subject = self.found()
        report = get_object_or_404(reports_of(subject), version=report_no)
        try:
            pdf = printed(by=request.user, report=report, language=language)
        except CannotPrint as error:
            messages.error(request, str(error))
            return redirect(subject_path(subject))
        kind = "_".join(f"{name.removesuffix('_no')}{number}" for name, number in self.numbers.items())
        name = f"{self.patient.subject_id}_{kind}_v{report_no}_{language}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)


class RecordDispatchView(SubjectPage):
    permission = Permission.RECORD_ADVERSE_EVENT
    template_name = "clinic/dispatch_record.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        subject = self.found()
        return self.about(subject, form=DispatchForm(reports=reports_of(subject)))

    def post(self, request: HttpRequest) -> HttpResponse:
        subject = self.found()
        form = DispatchForm(request.POST, reports=reports_of(subject))
        if not form.is_valid():
            return self.about(subject, form=form)
        try:
            record_dispatches(by=request.user, subject=subject, values=form.values)
        except ValidationError as error:
            add_refusal(form, error)
            return self.about(subject, form=form)
        messages.success(request, _("What was sent is recorded; the clocks it serves have ended."))
        return redirect(subject_path(subject))
