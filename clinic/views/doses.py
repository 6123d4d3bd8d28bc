"""Order a dose: reduce, hold, resume, another pattern."""

from fractions import Fraction

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.pages import DoseOrderForm
from clinic.forms.refusals import add_refusal, mark_of
from clinic.presenters import chart_url
from clinic.selectors.events import events_of
from clinic.services import OrderEntry, dose_doubts, order_and_start
from clinic.views.pages import PatientPage
from patients.presenters import dose_words
from protocol.days import round_half_up

_NAMES = {"pattern_mg": "pattern", "adverse_event": "event"}


class OrderDoseView(PatientPage):
    permission = Permission.ORDER_DOSE
    template_name = "clinic/dose_order.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form(initial={"from_on": self.on}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        typed = form.cleaned_data
        doubts = dose_doubts(self.patient, typed["pattern"])
        is_confirmed = bool(doubts and typed["comment"]) and form.confirmed == mark_of(doubts)
        if doubts and not typed["comment"]:
            form.add_error("comment", _("Say why."))
        if request.POST.get("action") == "check" or (doubts and not is_confirmed):
            return self.page(form, doubts)
        return self.save(form, is_confirmed=is_confirmed)

    def save(self, form: DoseOrderForm, *, is_confirmed: bool) -> HttpResponse:
        typed = form.cleaned_data
        try:
            order = order_and_start(
                by=self.request.user,
                patient=self.patient,
                order=OrderEntry(
                    typed["from_on"],
                    typed["pattern"],
                    typed["reason"],
                    typed["event"],
                    comment=typed["comment"],
                ),
                anchor_on=typed["anchor_on"],
                confirmed=is_confirmed,
            )
        except ValidationError as error:
            add_refusal(form, error, _NAMES)
            return self.page(form)
        values = {"dose": dose_words(order.pattern_mg), "day": date_format(order.from_on)}
        messages.success(self.request, _("Ordered from %(day)s: %(dose)s.") % values)
        return redirect(chart_url(self.patient))

    def form(self, *args: object, **kwargs: object) -> DoseOrderForm:
        return DoseOrderForm(*args, events=events_of(self.patient), **kwargs)

    def page(self, form: DoseOrderForm, doubts: list[str] | None = None) -> HttpResponse:
        pattern = getattr(form, "cleaned_data", {}).get("pattern")
        mean = round_half_up(Fraction(sum(pattern), len(pattern)), 1) if pattern else None
        sentences = [{"sentence": doubt} for doubt in doubts or []]
        page = {"form": form, "mean": mean, "is_hold": pattern is not None and not any(pattern)}
        return self.show(**page, doubts=sentences, mark=mark_of(doubts or []), has_errors=bool(doubts))
