"""Enter the results of a visit when they come: a short page with nothing else on it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.differences import Difference, differences
from clinic.forms.compared import is_explained
from clinic.forms.echo import lab_echo
from clinic.forms.labs import LabsForms
from clinic.forms.refusals import add_refusal
from clinic.presenters import chart_url
from clinic.selectors.consultation import consultation_of, visit_of
from clinic.services import PartRefused, VisitEntry, record_labs
from clinic.views.compared import CorrectionPage
from clinic.views.pages import day_of
from clinic.views.saved import say_what_is_graded
from visits.services import VisitChanged


class RecordLabsView(CorrectionPage):
    permission = Permission.RECORD_VISIT
    template_name = "clinic/visit_labs.html"

    def get(self, request: HttpRequest, visit: str) -> HttpResponse:
        forms = self.forms(visit)
        return self.page(forms)

    def post(self, request: HttpRequest, visit: str) -> HttpResponse:
        forms = self.forms(visit)
        if request.htmx:
            page = {"forms": forms, "echo": self.echo(forms), "is_fragment": True}
            return render(request, "clinic/_lab_echoes.html", page)
        if request.POST.get("action") == "edit" or forms.visit.occurred_on is None or not forms.is_valid():
            return self.page(forms)
        entry = forms.entry()
        changes = differences(self.patient, forms.visit, entry)
        if forms.is_overtaken:
            return self.overtaken(forms, changes)
        if not is_explained(forms.confirm, changes):
            return self.correction(forms, changes)
        return self.save(forms, entry, changes)

    def forms(self, code: str) -> LabsForms:
        visit = visit_of(self.patient, code, day_of(self.request.GET.get("on")))
        if visit is None:
            raise Http404
        consultation = consultation_of(self.patient, code, visit, on=self.on)
        return LabsForms(consultation, visit, self.request.POST or None)

    def save(self, forms: LabsForms, entry: VisitEntry, changes: list[Difference]) -> HttpResponse:
        try:
            record_labs(by=self.request.user, patient=self.patient, visit=forms.visit, entry=entry)
        except VisitChanged:
            return self.overtaken(self.forms(forms.visit.visit), changes)
        except PartRefused as refusal:
            add_refusal(forms.pending, refusal.error)
            return self.page(forms)
        said = _("The results of %(visit)s are saved.") % {"visit": forms.consultation.name}
        messages.success(self.request, said)
        for level, sentence in say_what_is_graded(self.patient, entry.occurred_on):
            messages.add_message(self.request, level, sentence)
        return redirect(chart_url(self.patient))

    def overtaken(self, forms: LabsForms, changes: list[Difference]) -> HttpResponse:
        """What was typed stays, beside what somebody else has saved; sent again it is compared with that."""
        again = forms.seen_again()
        again.is_valid()
        again.pending.add_error(
            None, _("Somebody else has changed this visit since you opened it: look again.")
        )
        return self.page(again, changes)

    def echo(self, forms: LabsForms) -> dict[str, object]:
        return {"labs": lab_echo(forms.consultation, forms.labs)}

    def page(self, forms: LabsForms, changes: list[Difference] | None = None) -> HttpResponse:
        return self.show(
            forms=forms,
            consultation=forms.consultation,
            visit=forms.visit,
            echo=self.echo(forms),
            changes=changes,
            has_errors=any(form.is_bound and form.errors for form in forms.all),
        )
