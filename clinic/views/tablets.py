"""Tablets: the accountability log of a patient and of a site, a kit handed out, corrected, counted."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from accounts.access import may, require
from accounts.models import Site
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.exports import csv_lines
from clinic.forms.refusals import add_refusal
from clinic.forms.tablets import CorrectKitForm, CountKitForm, KitForm
from clinic.selectors.course import course_of
from clinic.selectors.tablets_page import file_rows, hand_out
from clinic.views.pages import PatientPage
from dosing.models import Kit
from dosing.selectors.tablets import AccountabilityLog, accountability_log, kits_of, site_accountability_log
from dosing.services import correct_kit, dispense_kit, record_return
from dosing.words import expiry_words
from patients.words import SOURCES

LOG = "clinic:accountability"


def log_file(log: AccountabilityLog, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="accountability-{name}.csv"'}
    return StreamingHttpResponse(
        csv_lines(file_rows(log)), content_type="text/csv; charset=utf-8", headers=headers
    )


class AccountabilityView(PatientPage):
    """`?format=csv`: the same as a file, for those who may export."""

    permission = Permission.VIEW_PATIENTS
    template_name = "clinic/accountability.html"

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        log, site = accountability_log(self.patient, on=self.on), self.patient.site
        if request.GET.get("format") == "csv":
            require(request.user, Permission.EXPORT_DATA, site)
            return log_file(log, self.patient.subject_id)
        return self.show(
            log=log,
            may_order=may(request.user, Permission.ORDER_DOSE, site),
            may_export=may(request.user, Permission.EXPORT_DATA, site),
        )


class SiteAccountabilityView(View):
    """`?site=01&source=IP`: the kits of one site, by default the first of the person's."""

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        require(request.user, Permission.VIEW_PATIENTS)
        sites = list(sites_visible_to(request.user).order_by("code"))
        site = self.site(sites, request.GET.get("site") or sites[0].code)
        source = request.GET.get("source", "")
        source = source if source in SOURCES else ""
        today = timezone.localdate()
        log = site_accountability_log(request.user, site, on=today, source=source)
        if request.GET.get("format") == "csv":
            require(request.user, Permission.EXPORT_DATA, site)
            return log_file(log, f"site-{site.code}")
        page = {"log": log, "site": site, "sites": sites, "source": source, "sources": SOURCES.items()}
        page |= {"today": today, "may_export": may(request.user, Permission.EXPORT_DATA, site)}
        return render(request, "clinic/site_accountability.html", page)

    def site(self, sites: list[Site], code: str) -> Site:
        found = [site for site in sites if site.code == code]
        if not found:
            raise Http404
        return found[0]


class KitPage(PatientPage):
    """A form about one kit; what is refused stands beside what was typed."""

    permission = Permission.ORDER_DOSE

    def find(self, kit: int) -> Kit:
        return get_object_or_404(kits_of(self.patient), pk=kit)

    def try_to_save(self, form: Any, said: str, **page: Any) -> HttpResponse:
        if not form.is_valid():
            return self.show(form=form, **page)
        try:
            self.save(form)
        except ValidationError as error:
            add_refusal(form, error, {"reason": "why"})
            return self.show(form=form, **page)
        messages.success(self.request, said)
        for sentence in self.warnings(form):
            messages.warning(self.request, sentence)
        return redirect(LOG, self.patient.uuid)

    def save(self, form: Any) -> None:
        raise NotImplementedError

    def warnings(self, form: Any) -> Iterator[str]:
        """What is saved and worth a second look."""
        yield from ()

    @property
    def strengths(self) -> tuple[int, ...]:
        return self.patient.protocol.regimen.tablet_strengths_mg


class DispenseKitView(KitPage):
    template_name = "clinic/kit_dispense.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        proposal = hand_out(course_of(self.patient, on=self.on))
        initial: dict[str, object] = {"dispensed_on": self.on, "source": proposal.source}
        if proposal.tablets:
            first = proposal.tablets[0]
            initial |= {"strength_mg": first.strength_mg, "tablets": first.tablets}
        return self.show(form=KitForm(initial=initial, strengths=self.strengths), proposal=proposal)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.proposal = hand_out(course_of(self.patient, on=self.on))
        form = KitForm(request.POST, strengths=self.strengths)
        return self.try_to_save(form, _("The kit is handed out."), proposal=self.proposal)

    def save(self, form: Any) -> None:
        dispense_kit(by=self.request.user, patient=self.patient, **form.cleaned_data)

    def warnings(self, form: Any) -> Iterator[str]:
        kit = form.cleaned_data
        return expiry_words(kit["kit_id"], kit["expires_on"], self.proposal.until)


class CorrectKitView(KitPage):
    template_name = "clinic/kit_correct.html"

    def get(self, request: HttpRequest, kit: int) -> HttpResponse:
        found = self.find(kit)
        initial = {name: getattr(found, name) for name in KitForm.base_fields}
        return self.show(form=CorrectKitForm(initial=initial, strengths=self.strengths), kit=found)

    def post(self, request: HttpRequest, kit: int) -> HttpResponse:
        self.kit = self.find(kit)
        form = CorrectKitForm(request.POST, strengths=self.strengths)
        return self.try_to_save(form, _("The kit is corrected."), kit=self.kit)

    def save(self, form: Any) -> None:
        correct_kit(by=self.request.user, kit=self.kit, values=form.values(), reason=form.cleaned_data["why"])


class CountKitView(KitPage):
    """A count, or a later correction of it, which says why."""

    template_name = "clinic/kit_count.html"

    def get(self, request: HttpRequest, kit: int) -> HttpResponse:
        found = self.find(kit)
        row = getattr(found, "kit_return", None)
        names = ("returned_on", "tablets_returned", "tablets_lost", "tablets_kept")
        initial = {name: getattr(row, name) for name in names} if row else {"returned_on": self.on}
        return self.show(form=CountKitForm(initial=initial, kit=found), kit=found)

    def post(self, request: HttpRequest, kit: int) -> HttpResponse:
        self.kit = self.find(kit)
        form = CountKitForm(request.POST, kit=self.kit)
        back = form.data.get("tablets_returned", "")
        number = int(back) if back.isdecimal() else 0
        said = ngettext("%(count)s tablet came back.", "%(count)s tablets came back.", number)
        return self.try_to_save(form, said % {"count": number}, kit=self.kit)

    def save(self, form: Any) -> None:
        typed = form.cleaned_data
        record_return(
            by=self.request.user,
            kit=self.kit,
            returned_on=typed["returned_on"],
            tablets_returned=typed["tablets_returned"],
            tablets_lost=typed["tablets_lost"] or 0,
            tablets_kept=typed["tablets_kept"] or 0,
            reason=typed.get("why", ""),
        )
