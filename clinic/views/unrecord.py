"""Take back a visit that was recorded by mistake, on a page of its own that says what goes with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.record import UnrecordForm
from clinic.presenters import chart_url
from clinic.selectors.consultation import visit_of
from clinic.selectors.procedure_lines import procedure_sheet
from clinic.views.pages import PatientPage, day_of
from visits.models import UNSCHEDULED, Visit
from visits.selectors import recorded_procedures
from visits.selectors.day import labs_of_visit
from visits.services import VisitChanged, unrecord_visit
from visits.words import visit_name


class UnrecordVisitView(PatientPage):
    permission = Permission.RECORD_VISIT
    template_name = "clinic/visit_unrecord.html"

    def get(self, request: HttpRequest, visit: str) -> HttpResponse:
        row = self.found(visit)
        return self.page(row, UnrecordForm(initial={"revision": row.revision}))

    def post(self, request: HttpRequest, visit: str) -> HttpResponse:
        row, form = self.found(visit), UnrecordForm(request.POST)
        if not form.is_valid():
            return self.page(row, form)
        seen = form.cleaned_data["revision"]
        try:
            unrecord_visit(by=request.user, visit=row, reason=form.full_reason(), expected_revision=seen)
        except VisitChanged:
            form.add_error(None, _("Somebody else has changed this visit since you opened it: look again."))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, self.said(visit))
            return redirect(chart_url(self.patient))
        return self.page(row, form)

    def found(self, code: str) -> Visit:
        row = visit_of(self.patient, code, day_of(self.request.GET.get("on")))
        if row is None:
            raise Http404
        return row

    def said(self, code: str) -> str:
        name = {"visit": visit_name(self.patient.protocol, code)}
        if code == UNSCHEDULED:
            return _("The unscheduled visit is taken back. It stays in the history.")
        return (
            _("%(visit)s is taken back and is to be done again. What was saved stays in the history.") % name
        )

    def page(self, row: Visit, form: UnrecordForm) -> HttpResponse:
        name = visit_name(self.patient.protocol, row.visit)
        return self.show(
            visit=row,
            name=name,
            form=form,
            is_recorded=row.occurred_on is not None or row.not_done,
            assessment=getattr(row, "assessment", None),
            procedures=procedure_sheet(self.patient.protocol, (), recorded_procedures([row]).get(row.pk, {})),
            labs=labs_of_visit(row),
        )
