"""Record a visit: one page, in the order of the consultation, saved as one act."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.conflicts import Difference, differences, is_same_submission
from clinic.forms.consultation import ConsultationForms
from clinic.forms.echo import Echo, echo_of, proposal_of
from clinic.forms.refusals import mark_of
from clinic.models import Draft
from clinic.presenters import chart_url
from clinic.selectors.consultation import Consultation, consultation_of, visit_of
from clinic.selectors.drafts import draft_of, drafts_of_others
from clinic.services import (
    Doubt,
    PartRefused,
    VisitEntry,
    check_visit,
    doubts_of_entry,
    keep_draft,
    record_visit,
)
from clinic.views.pages import PatientPage, day_of
from clinic.views.saved import say_what_was_saved
from patients.validation import NeedsConfirmation
from visits.models import UNSCHEDULED, Visit
from visits.services import VisitChanged


class RecordVisitView(PatientPage):
    permission = Permission.RECORD_VISIT
    template_name = "clinic/visit_record.html"

    def get(self, request: HttpRequest, visit: str) -> HttpResponse:
        consultation = self.consultation(visit)
        if draft := draft_of(request.user, self.patient, visit, consultation.visit):
            return self.brought_back(consultation, draft)
        proposed = proposal_of(consultation, self.on) or ()
        forms = ConsultationForms(consultation, None, on=self.on, proposed=proposed)
        return self.page(forms)

    def post(self, request: HttpRequest, visit: str) -> HttpResponse:
        forms = ConsultationForms(self.consultation(visit), request.POST, on=self.on)
        if request.htmx:
            return self.echo(forms)
        action = request.POST.get("action", "check")
        if action.startswith("keep"):
            return self.keep(forms, is_asked_for=action == "keep_draft")
        if action.startswith("add_"):
            forms.forget_errors()
            return self.page(forms)
        is_valid = forms.is_valid()
        if stored := forms.overtaken_by():
            return self.overtaken(forms, stored)
        if not is_valid:
            return self.page(forms)
        return self.save(forms, is_check=action != "save")

    def echo(self, forms: ConsultationForms) -> HttpResponse:
        echo = echo_of(forms)
        page = {
            "forms": forms,
            "echo": echo,
            "refreshed_kits": forms.refreshed_kits(echo.proposal or ()),
            "is_fragment": True,
        }
        return render(self.request, "clinic/_record_echoes.html", page)

    def brought_back(self, consultation: Consultation, draft: Draft) -> HttpResponse:
        """The page as it was left; half a page is not wrong yet."""
        typed = QueryDict(mutable=True)
        for name, values in draft.typed.items():
            typed.setlist(name, values)
        forms = ConsultationForms(consultation, typed, on=self.on)
        is_overtaken = forms.overtaken_by() is not None
        forms.forget_errors()
        return self.page(forms, draft=draft, draft_is_overtaken=is_overtaken)

    def keep(self, forms: ConsultationForms, *, is_asked_for: bool) -> HttpResponse:
        """Keep the page as it stands; one that its own person has saved meanwhile is no draft any more."""
        stored = forms.overtaken_by()
        if stored and stored.recorded_by_id == self.request.user.pk:
            return HttpResponse(status=204)
        consultation = forms.consultation
        draft = keep_draft(
            by=self.request.user,
            patient=self.patient,
            code=consultation.code,
            visit=consultation.visit,
            typed=forms.typed,
        )
        if not is_asked_for:
            return render(self.request, "clinic/_draft_kept.html", {"draft": draft})
        messages.success(self.request, _("Kept as a draft: it waits for you on the worklist."))
        return redirect(chart_url(self.patient))

    def consultation(self, code: str) -> Consultation:
        day = day_of(self.request.GET.get("on")) if code == UNSCHEDULED else None
        visit = visit_of(self.patient, code, day)
        if visit is None and code != UNSCHEDULED:
            raise Http404
        return consultation_of(self.patient, code, visit, on=self.on)

    def save(self, forms: ConsultationForms, *, is_check: bool) -> HttpResponse:
        consultation, echo = forms.consultation, echo_of(forms)
        entry = replace(forms.entry(), needed=echo.proposal)
        doubts = doubts_of_entry(self.patient, entry)
        mark = mark_of([doubt.sentence for doubt in doubts])
        entry = replace(entry, confirmed=is_check or forms.confirm.cleaned_data["confirmed"] == mark)
        act = check_visit if is_check else record_visit
        try:
            act(by=self.request.user, patient=self.patient, visit=consultation.visit, entry=entry)
        except VisitChanged as changed:
            return self.conflict(forms, entry, echo, changed.visit)
        except NeedsConfirmation:
            return self.page(forms, doubts=doubts, asks=True)
        except PartRefused as refusal:
            if stored := self.same_unscheduled(entry, consultation):
                return self.conflict(forms, entry, echo, stored)
            forms.refuse(refusal)
            return self.page(forms, doubts=doubts)
        if is_check:
            return self.page(forms, doubts=doubts, is_checked=True)
        return self.saved(consultation, entry, echo)

    def same_unscheduled(self, entry: VisitEntry, consultation: Consultation) -> Visit | None:
        """An unscheduled visit of that day that is there already: perhaps this very page, sent twice."""
        is_new = consultation.visit is None
        return visit_of(self.patient, UNSCHEDULED, entry.occurred_on) if is_new else None

    def conflict(
        self, forms: ConsultationForms, entry: VisitEntry, echo: Echo, stored: Visit
    ) -> HttpResponse:
        if is_same_submission(stored, entry, self.request.user):
            return self.saved(forms.consultation, entry, echo)
        return self.compared(forms, stored, differences(stored, entry))

    def overtaken(self, forms: ConsultationForms, stored: Visit) -> HttpResponse:
        """A page that somebody has saved over is told so, whatever else is wrong with it."""
        if forms.is_valid():
            return self.conflict(forms, forms.entry(), echo_of(forms), stored)
        return self.compared(forms, stored, None)

    def compared(
        self, forms: ConsultationForms, stored: Visit, found: list[Difference] | None
    ) -> HttpResponse:
        page = {"consultation": forms.consultation, "stored": stored, "differences": found}
        return self.show("clinic/visit_conflict.html", status=409, **page)

    def saved(self, consultation: Consultation, entry: VisitEntry, echo: Echo) -> HttpResponse:
        for level, sentence in say_what_was_saved(consultation, entry, echo, on=self.on):
            messages.add_message(self.request, level, sentence)
        return redirect(chart_url(self.patient))

    def other_drafts(self, consultation: Consultation) -> list[Draft]:
        return drafts_of_others(self.request.user, self.patient, consultation.code, consultation.visit)

    def page(
        self, forms: ConsultationForms, *, doubts: list[Doubt] | None = None, asks: bool = False, **flags: Any
    ) -> HttpResponse:
        if asks:
            forms.ask_to_confirm(doubts or [])
        page = {
            "forms": forms,
            "consultation": forms.consultation,
            "echo": echo_of(forms),
            "other_drafts": self.other_drafts(forms.consultation),
            "doubts": doubts or [],
            "mark": mark_of([doubt.sentence for doubt in doubts or []]),
            "has_errors": asks or any(form.is_bound and form.errors for form in forms.all),
            **flags,
        }
        return self.show(**page)
