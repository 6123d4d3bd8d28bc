"""Versions of the protocol: read one, compare two, look at what an amendment would do, and bring it in."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import require
from accounts.models import Site
from accounts.permissions import Permission
from clinic.amendment_words import done_words, preview_words, totals
from clinic.forms.amendments import AmendmentForm, EffectiveDayForm
from clinic.forms.refusals import add_refusal, messages_of
from clinic.models import AmendmentRun
from clinic.protocol_words import (
    difference_words,
    schedule_words,
    title_of,
    value_tables,
    visit_difference_words,
)
from clinic.selectors.amendments import (
    amendment_by,
    amendment_run_by,
    amendment_under_way,
    amendments_seen_by,
    course_changes_of,
    is_for_the_worker,
    mark_of_page,
    mark_of_preview,
    patients_of,
    site_seen_by,
    versions_of_sites,
)
from clinic.services import ask_for_amendment
from clinic.views.pages import PatientPage, day_of
from patients.models import Amendment, Patient
from protocol.definition import Protocol
from protocol.differences import differences
from protocol.versions import available_versions
from visits.services import AmendmentPreview, PreviewChanged, apply_amendment, preview_amendment

ACTS_A_PAGE = 25


def version_or_404(version: str) -> Protocol:
    for protocol in available_versions():
        if protocol.version == version:
            return protocol
    raise Http404


def titled(protocols: Iterable[Protocol]) -> list[tuple[Protocol, str, Protocol | None]]:
    """Each version with its title and the one it amends."""
    known = {protocol.version: protocol for protocol in protocols}
    return [(p, title_of(p), known.get(p.edition.follows or "")) for p in known.values()]


class AmendmentsView(View):
    """The versions there are, who is on which, and what was brought in where and when."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_PATIENTS)
        acts = Paginator(amendments_seen_by(request.user), ACTS_A_PAGE).get_page(request.GET.get("page"))
        context = {
            "versions": titled(available_versions()),
            "sites": versions_of_sites(request.user),
            "acts": acts,
        }
        return render(request, "clinic/amendment_list.html", context)


class ProtocolVersionView(View):
    def get(self, request: HttpRequest, version: str) -> HttpResponse:
        require(request.user, Permission.VIEW_PATIENTS)
        protocol = version_or_404(version)
        context = {
            "protocol": protocol,
            "title": title_of(protocol),
            "schedule": schedule_words(protocol),
            "tables": value_tables(protocol),
        }
        return render(request, "clinic/version_read.html", context)


class CompareVersionsView(View):
    def get(self, request: HttpRequest, version: str, other: str) -> HttpResponse:
        require(request.user, Permission.VIEW_PATIENTS)
        old, new = version_or_404(other), version_or_404(version)
        found = differences(old, new)
        context = {
            "old": old,
            "new": new,
            "values": difference_words(found),
            "visits": visit_difference_words(found, old, new),
        }
        return render(request, "clinic/version_compare.html", context)


def after_amendment(request: HttpRequest, amendment: Amendment | None) -> HttpResponse:
    if amendment is not None:
        return redirect("clinic:applied_amendment", amendment.uuid)
    messages.info(request, _("There was nothing left to do."))
    return redirect("clinic:amendments")


class AmendmentPage:
    """A preview with the form that brings it in: of a site, or of one patient."""

    request: HttpRequest
    on: date

    def subject(self) -> tuple[Site, Patient | None]:
        raise NotImplementedError

    def answer(self, context: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError

    def get(self, request: HttpRequest, version: str) -> HttpResponse:
        site, patient = self.subject()
        if patient is None and (run := amendment_under_way(site)):
            return redirect("clinic:amendment_run", run.uuid)
        day = day_of(request.GET.get("effective_on")) or self.on
        form = AmendmentForm(initial={"effective_on": day})
        return self.preview(version_or_404(version), form, day)

    def post(self, request: HttpRequest, version: str) -> HttpResponse:
        protocol, form = version_or_404(version), AmendmentForm(request.POST)
        if request.POST.get("action") == "show":
            return self.preview(protocol, *self.shown_for(request))
        if not form.is_valid():
            return self.preview(protocol, form, form.cleaned_data.get("effective_on") or self.on)
        return self.apply(protocol, form)

    def shown_for(self, request: HttpRequest) -> tuple[EffectiveDayForm | AmendmentForm, date]:
        """Another day is only looked at: a reason is not asked for yet, and one that was typed stays."""
        asked = EffectiveDayForm(request.POST)
        if not asked.is_valid():
            form = AmendmentForm(request.POST)
            form.full_clean()
            form.errors.pop("reason", None)
            return form, self.on
        day = asked.cleaned_data["effective_on"]
        return AmendmentForm(initial={"effective_on": day, "reason": request.POST.get("reason", "")}), day

    def apply(self, protocol: Protocol, form: AmendmentForm) -> HttpResponse:
        site, patient = self.subject()
        day, reason, seen = (form.cleaned_data[name] for name in ("effective_on", "reason", "seen"))
        what: dict[str, Any] = {"by": self.request.user, "site": site, "version": protocol.version}
        what |= {"effective_on": day, "reason": reason, "on": self.on}
        try:
            if patient is None and is_for_the_worker(site):
                run = ask_for_amendment(**what, seen=seen, at=timezone.now())
                return redirect("clinic:amendment_run", run.uuid)
            amendment = apply_amendment(
                **what,
                patient=patient,
                expected=seen,
                mark_of=lambda preview: mark_of_page(preview, on=self.on),
            )
        except PreviewChanged as changed:
            form.add_error(None, str(changed))
            return self.preview(protocol, form, day)
        except ValidationError as error:
            add_refusal(form, error)
            return self.preview(protocol, form, day)
        return after_amendment(self.request, amendment)

    def preview(self, protocol: Protocol, form: Any, day: date) -> HttpResponse:
        site, patient = self.subject()
        context: dict[str, Any] = {
            "form": form,
            "protocol": protocol,
            "site": site,
            "title": title_of(protocol),
        }
        try:
            preview = preview_amendment(
                by=self.request.user,
                site=site,
                patient=patient,
                version=protocol.version,
                effective_on=day,
                on=self.on,
            )
        except ValidationError as error:
            sentences = [message for _name, message in messages_of(error)]
            return self.answer(context | {"refusals": sentences, "has_errors": True})
        return self.answer(context | self.shown(preview))

    def shown(self, preview: AmendmentPreview) -> dict[str, Any]:
        courses = course_changes_of(preview, on=self.on)
        return {
            "preview": preview,
            "words": preview_words(preview, courses),
            "mark": mark_of_preview(preview, courses),
        }


class AmendSiteView(AmendmentPage, View):
    def dispatch(self, request: HttpRequest, *args: Any, site: int, **kwargs: Any) -> HttpResponse:
        found = site_seen_by(request.user, site)
        if found is None:
            raise Http404
        require(request.user, Permission.AMEND_PROTOCOL, found)
        self.site, self.on = found, timezone.localdate()
        return super().dispatch(request, *args, **kwargs)

    def subject(self) -> tuple[Site, Patient | None]:
        return self.site, None

    def answer(self, context: dict[str, Any]) -> HttpResponse:
        return render(self.request, "clinic/amendment_preview.html", context)


class AmendmentRunView(View):
    """How far the worker is; once it is done, the page of the act."""

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        found = amendment_run_by(request.user, run)
        if found is None:
            raise Http404
        require(request.user, Permission.AMEND_PROTOCOL, found.site)
        if found.state == AmendmentRun.State.DONE:
            after = after_amendment(request, found.amendment)
            return HttpResponseClientRedirect(after["Location"]) if request.htmx else after
        context = {"run": found, "protocol": version_or_404(found.version)}
        template = "clinic/_amendment_run.html" if request.htmx else "clinic/amendment_run.html"
        return render(request, template, context)


class AmendPatientView(AmendmentPage, PatientPage):
    permission = Permission.AMEND_PROTOCOL
    template_name = "clinic/amendment_preview.html"

    def subject(self) -> tuple[Site, Patient | None]:
        return self.patient.site, self.patient

    def answer(self, context: dict[str, Any]) -> HttpResponse:
        return self.show(**context)


class AppliedAmendmentView(View):
    """What an amendment did: the page after, and for whoever asks years later."""

    def get(self, request: HttpRequest, act: UUID) -> HttpResponse:
        amendment = amendment_by(request.user, act)
        if amendment is None:
            raise Http404
        context = {
            "amendment": amendment,
            "title": title_of(version_or_404(amendment.version)),
            "totals": totals(amendment),
            "patients": done_words(amendment, patients_of(amendment, request.user)),
        }
        return render(request, "clinic/amendment_applied.html", context)
