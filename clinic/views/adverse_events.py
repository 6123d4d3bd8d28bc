"""Report an adverse event, and change one with a reason."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.access import require
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from adverse_events.rules.ctcae import FILES, VERSION, search_terms
from adverse_events.services import (
    change_adverse_event,
    doubts_of,
    report_adverse_event,
)
from clinic.forms.events import AdverseEventForm, ChangeAdverseEventForm, NewEventForm
from clinic.forms.refusals import add_refusal, mark_of
from clinic.presenters import chart_url
from clinic.selectors.event_doses import event_doses, settling_url
from clinic.selectors.events import events_of
from clinic.selectors.lab_proposals import ProposalLine, proposal_of
from clinic.views.pages import PatientPage
from protocol.partial_days import PartialDay


class FindTermsView(View):
    """Terms for what is typed: into the form that asks while somebody types, else as a page of its own.

    `?version=6.0&prefix=new-0&new-0-term=설사`: the dictionary version and the part of the form that asks.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_PATIENTS)
        version, prefix = request.GET.get("version", VERSION), request.GET.get("prefix", "")
        if version not in FILES:
            raise Http404
        if request.htmx:
            form = NewEventForm if prefix else AdverseEventForm
            asked = form(request.GET, prefix=prefix, version=version)
            return render(request, "clinic/_event_term.html", {"form": asked.without_errors})
        typed = request.GET.get("term", "")
        found = search_terms(typed, version=version)
        page = {"typed": typed, "version": version, "versions": list(FILES), "terms": found}
        return render(request, "clinic/term_list.html", page)


class AdverseEventPage(PatientPage):
    permission = Permission.RECORD_ADVERSE_EVENT
    template_name = "clinic/adverse_event.html"

    def try_to_save(self, form: AdverseEventForm, **page: Any) -> HttpResponse:
        """Save what is valid; ask first where the values do not fit together."""
        if not form.is_valid():
            return self.page(form, **page)
        values = form.event_values()
        doubts = doubts_of(self.patient, values, page.get("event"))
        is_confirmed = bool(doubts) and form.confirmed == mark_of(doubts)
        if self.request.POST.get("action") == "check" or (doubts and not is_confirmed):
            return self.page(form, doubts, **page)
        try:
            event = self.save(form, confirmed=is_confirmed)
        except ValidationError as error:
            add_refusal(form, error)
            return self.page(form, **page)
        said = {"number": event.ae_no, "term": event.term}
        messages.success(self.request, _("Adverse event %(number)s, %(term)s, is saved.") % said)
        return redirect(self.next_url(event))

    def next_url(self, event: AdverseEvent) -> str:
        """To the doses where the event now says something of them that the ledger does not know; else to the chart."""
        url = settling_url(self.request.user, event_doses(event), on=self.on) if self.says_more(event) else ""
        if url:
            messages.info(self.request, _("It says something of the dose: put that into the ledger too."))
        return url or chart_url(self.patient)

    def says_more(self, event: AdverseEvent) -> bool:
        """Does the event say an action that it did not say before?"""
        return bool(event.action_taken)

    def save(self, form: AdverseEventForm, *, confirmed: bool) -> AdverseEvent:
        raise NotImplementedError

    def page(self, form: AdverseEventForm, doubts: list[str] | None = None, **page: Any) -> HttpResponse:
        sentences = [{"sentence": doubt} for doubt in doubts or []]
        mark = mark_of(doubts or [])
        page = {"graded": self.graded, **page}
        return self.show(form=form, doubts=sentences, mark=mark, has_errors=bool(doubts), **page)

    @property
    def graded(self) -> ProposalLine | None:
        """The result that led here, while it still asks for an answer."""
        return proposal_of(self.patient, self.request.GET.get("test", ""))


class ReportAdverseEventView(AdverseEventPage):
    """`?test=ANC`: the event that a graded result asks for; its grade is said beside the form, never filled in."""

    @property
    def version(self) -> str:
        return self.patient.protocol.adverse_events.dictionary_version

    def get(self, request: HttpRequest) -> HttpResponse:
        graded = self.graded
        initial = {"term": graded.term, "started_on": PartialDay(graded.collected_on)} if graded else {}
        return self.page(AdverseEventForm(initial=initial, version=self.version))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.try_to_save(AdverseEventForm(request.POST, version=self.version))

    def save(self, form: AdverseEventForm, *, confirmed: bool) -> AdverseEvent:
        values = form.event_values()
        return report_adverse_event(
            by=self.request.user, patient=self.patient, values=values, confirmed=confirmed
        )


class ChangeAdverseEventView(AdverseEventPage):
    event: AdverseEvent

    def get(self, request: HttpRequest, ae_no: int) -> HttpResponse:
        self.event = self.find(ae_no)
        return self.page(ChangeAdverseEventForm.of(self.event), event=self.event, **self.doses())

    def post(self, request: HttpRequest, ae_no: int) -> HttpResponse:
        self.event = self.find(ae_no)
        form = ChangeAdverseEventForm.of(self.event, request.POST)
        return self.try_to_save(form, event=self.event, **self.doses())

    def doses(self) -> dict[str, Any]:
        found = event_doses(self.event)
        return {"doses": found, "settling_url": settling_url(self.request.user, found, on=self.on)}

    def says_more(self, event: AdverseEvent) -> bool:
        return event.action_taken != self.event.action_taken

    def find(self, ae_no: int) -> AdverseEvent:
        return get_object_or_404(events_of(self.patient), ae_no=ae_no)

    def save(self, form: AdverseEventForm, *, confirmed: bool) -> AdverseEvent:
        return change_adverse_event(
            by=self.request.user,
            event=self.event,
            values=form.event_values(),
            reason=form.cleaned_data["reason"],
            confirmed=confirmed,
        )
