"""Record a visit: one page, in the order of the consultation, saved as one act."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.differences import differences
from clinic.forms.compared import is_explained
from clinic.forms.consultation import ConsultationForms, mark_of_doubts
from clinic.forms.echo import Echo, echo_of, proposal_of
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
from clinic.views.compared import ComparedPages
from clinic.views.pages import day_of
from clinic.views.saved import say_what_was_saved
from visits.models import UNSCHEDULED
from visits.services import VisitChanged


class RecordVisitView(ComparedPages):
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
        if action.startswith(("add_", "edit")):
            forms.forget_errors()
            return self.page(forms)
        if action == "merge":
            return self.merge(forms)
        forms.is_valid()
        if stored := forms.overtaken_by():
            return self.overtaken(forms, stored)
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

    def save(self, forms: ConsultationForms, *, is_check: bool = False) -> HttpResponse:
        consultation, echo = forms.consultation, echo_of(forms)
        if not forms.is_valid():
            return self.page(forms)
        entry = replace(forms.entry(), needed=echo.proposal)
        doubts = doubts_of_entry(self.patient, entry)
        entry = replace(entry, confirmed=forms.is_confirmed(doubts))
        if doubts and not entry.confirmed and not is_check:
            return self.page(forms, doubts=doubts, asks=True)
        changes = differences(self.patient, consultation.visit, entry)
        is_final = not is_check and is_explained(forms.confirm, changes)
        act = record_visit if is_final else check_visit
        try:
            act(by=self.request.user, patient=self.patient, visit=consultation.visit, entry=entry)
        except VisitChanged as changed:
            return self.conflict(forms, entry, echo, changed.visit)
        except PartRefused as refusal:
            if stored := self.same_unscheduled(forms, entry):
                return self.conflict(forms, entry, echo, stored)
            forms.refuse(refusal)
            return self.page(forms, doubts=doubts)
        if is_check:
            return self.page(forms, doubts=doubts, is_checked=True)
        return self.saved(consultation, entry, echo) if is_final else self.correction(forms, changes)

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
            "mark": mark_of_doubts(doubts or []),
            "is_ticked": forms.has_ticked(doubts or []),
            "wants_reason": forms.wants_reason_for(doubts or []),
            "has_errors": asks or any(form.is_bound and form.errors for form in forms.all),
            **flags,
        }
        return self.show(**page)
