"""Reports to the steering committee: ask for one, see how far it is, take the file."""

import logging
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views import View

from accounts.access import require
from accounts.permissions import Permission
from dashboard.forms import ReportForm
from dashboard.presenters.reports import report_rows
from dashboard.selectors.reports import reports
from dashboard.services import request_report

REPORTS_SHOWN = 20
log = logging.getLogger(__name__)


class ReportPage(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        require(request.user, Permission.VIEW_DASHBOARD)
        return super().dispatch(request, *args, **kwargs)


class ReportsView(ReportPage):
    """The form, and the latest reports; asked by htmx, only these."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        asked = {"as_of": request.GET.get("on") or today, "language": get_language()}
        return self.page(ReportForm(today=today, initial=asked))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReportForm(request.POST, today=timezone.localdate())
        if not form.is_valid():
            return self.page(form)
        request_report(by=request.user, **form.cleaned_data)
        return redirect("dashboard:reports")

    def page(self, form: ReportForm) -> HttpResponse:
        rows = report_rows(reports(self.request.user)[:REPORTS_SHOWN])
        shown = {"form": form, "rows": rows, "is_any_unfinished": any(row.is_unfinished for row in rows)}
        template = "dashboard/_reports.html" if self.request.htmx else "dashboard/reports.html"
        return render(self.request, template, shown)


class ReportFileView(ReportPage):
    def get(self, request: HttpRequest, file: UUID) -> HttpResponse:
        report = get_object_or_404(reports(request.user).defer(None), uuid=file)
        if report.pdf is None:
            raise Http404
        log.info("export: %s took the report as of %s", request.user.get_username(), report.as_of.isoformat())
        name = f"committee-{report.as_of.isoformat()}-{report.language}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(bytes(report.pdf), content_type="application/pdf", headers=headers)
