"""Discard a draft: what was typed is gone for good, so it is asked on a page of its own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.presenters import chart_url
from clinic.selectors.consultation import visit_of
from clinic.selectors.drafts import draft_of
from clinic.services import discard_draft
from clinic.views.pages import PatientPage, day_of
from visits.models import UNSCHEDULED, Visit
from visits.words import visit_name


class DiscardDraftView(PatientPage):
    permission = Permission.RECORD_VISIT
    template_name = "clinic/draft_discard.html"

    def found(self, code: str) -> Visit | None:
        visit = visit_of(self.patient, code, day_of(self.request.GET.get("on")))
        if visit is None and code != UNSCHEDULED:
            raise Http404
        return visit

    def get(self, request: HttpRequest, visit: str) -> HttpResponse:
        found = self.found(visit)
        name = visit_name(self.patient.protocol, visit)
        return self.show(name=name, code=visit, draft=draft_of(request.user, self.patient, visit, found))

    def post(self, request: HttpRequest, visit: str) -> HttpResponse:
        found = self.found(visit)
        if not discard_draft(by=request.user, patient=self.patient, code=visit, visit=found):
            return self.get(request, visit)
        messages.success(request, _("The draft is discarded. Nothing of it was saved."))
        return redirect(chart_url(self.patient))
