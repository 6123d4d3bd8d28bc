"""The dose ledger: what is advised, an order, its correction, its confirmation, and what is said to a flag."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.permissions import Permission
from clinic.forms.pages import AcknowledgeFlagForm, CorrectOrderForm, DoseOrderForm
from clinic.forms.refusals import add_refusal, mark_of
from clinic.selectors.course import course_of
from clinic.selectors.dosing_page import dose_orders_of, guidance, initial_order, ledger
from clinic.selectors.event_doses import event_doses
from clinic.selectors.events import events_of
from clinic.services import OrderEntry, order_and_start
from clinic.views.pages import PatientPage, day_of
from dosing.models import DoseOrder
from dosing.selectors import FlagState, flags_of
from dosing.services import acknowledge_flag, confirm_order, correct_order, order_doubts
from dosing.words import what_follows
from patients.presenters import dose_words
from protocol.codes import DoseReason
from protocol.days import round_half_up

_NAMES = {"pattern_mg": "pattern", "adverse_event": "event"}
LEDGER = "clinic:dosing"


class DosingView(PatientPage):
    """Everything of the doses of one patient, with what can be done today."""

    permission = Permission.VIEW_PATIENTS
    template_name = "clinic/dosing.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        course = course_of(self.patient, on=self.on)
        return self.show(ledger=ledger(request.user, course), regimen=course.protocol.regimen)


class OrderPage(PatientPage):
    """A form about one order; what is doubtful asks first."""

    permission = Permission.ORDER_DOSE
    template_name = "clinic/dose_order.html"

    def try_to_save(self, form: DoseOrderForm, **page: Any) -> HttpResponse:
        if not form.is_valid():
            return self.page(form, **page)
        typed = form.cleaned_data
        doubts = order_doubts(self.patient, from_on=typed["from_on"], pattern_mg=typed["pattern"])
        is_confirmed = bool(doubts and typed["comment"]) and form.confirmed == mark_of(doubts)
        if doubts and not typed["comment"]:
            form.add_error("comment", _("Say why."))
        if self.request.POST.get("action") == "check" or (doubts and not is_confirmed):
            return self.page(form, doubts, **page)
        try:
            order = self.save(form, confirmed=is_confirmed)
        except ValidationError as error:
            add_refusal(form, error, _NAMES)
            return self.page(form, **page)
        values = {"dose": dose_words(order.pattern_mg), "day": date_format(order.from_on)}
        messages.success(self.request, _("Ordered from %(day)s: %(dose)s.") % values)
        if order.is_provisional:
            messages.info(self.request, _("It is provisional until an investigator confirms it."))
        return redirect(LEDGER, self.patient.uuid)

    def save(self, form: DoseOrderForm, *, confirmed: bool) -> DoseOrder:
        raise NotImplementedError

    def page(self, form: DoseOrderForm, doubts: list[str] | None = None, **page: Any) -> HttpResponse:
        pattern = getattr(form, "cleaned_data", {}).get("pattern")
        act = form["act"].value() if "act" in form.fields else ""
        may_decide = may(self.request.user, Permission.DECIDE_DOSE, self.patient.site)
        return self.show(
            form=form,
            mean=round_half_up(Fraction(sum(pattern), len(pattern)), 1) if pattern else None,
            is_hold=pattern is not None and not any(pattern),
            doubts=[{"sentence": doubt} for doubt in doubts or []],
            mark=mark_of(doubts or []),
            has_errors=bool(doubts),
            guidance=guidance(course_of(self.patient, on=self.on)),
            follows=list(what_follows(act or "", self.patient.protocol, self.on, may_decide=may_decide)),
            **page,
        )


class OrderDoseView(OrderPage):
    """`?act=HOLD&dose=300&ae=3&day=2026-03-01`: what a proposal leads to, to be looked at and changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = [request.GET.get(name, "") for name in ("act", "dose", "ae")]
        event = next((event for event in self.events if str(event.ae_no) == asked[2]), None)
        from_on = day_of(request.GET.get("day")) or self.on
        initial = {"from_on": from_on, "event": event, **initial_order(*asked)}
        doses = event_doses(event) if event else None
        return self.page(DoseOrderForm(initial=initial, events=self.events), doses=doses)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.try_to_save(DoseOrderForm(request.POST, events=self.events))

    def save(self, form: DoseOrderForm, *, confirmed: bool) -> DoseOrder:
        typed = form.cleaned_data
        entry = OrderEntry(
            typed["from_on"],
            typed["pattern"],
            typed["reason"],
            typed["event"],
            comment=typed["comment"],
            tells_event=typed["tells_event"],
        )
        return order_and_start(
            by=self.request.user,
            patient=self.patient,
            order=entry,
            anchor_on=typed["anchor_on"],
            confirmed=confirmed,
        )

    @property
    def events(self) -> Any:
        return events_of(self.patient)


class CorrectOrderView(OrderPage):
    """`?ae=3`: the order is matched with an event that it did not name."""

    def get(self, request: HttpRequest, order: int) -> HttpResponse:
        found, events = self.find(order), events_of(self.patient)
        initial = CorrectOrderForm.values_of(found)
        if event := next((event for event in events if str(event.ae_no) == request.GET.get("ae")), None):
            initial |= {"event": event, "reason": DoseReason.TOXICITY}
        return self.page(CorrectOrderForm(initial=initial, events=events), order=found)

    def post(self, request: HttpRequest, order: int) -> HttpResponse:
        self.order = self.find(order)
        form = CorrectOrderForm(request.POST, events=events_of(self.patient))
        return self.try_to_save(form, order=self.order)

    def find(self, order: int) -> DoseOrder:
        return get_object_or_404(dose_orders_of(self.patient), pk=order)

    def save(self, form: DoseOrderForm, *, confirmed: bool) -> DoseOrder:
        typed = form.cleaned_data
        return correct_order(
            by=self.request.user,
            order=self.order,
            from_on=typed["from_on"],
            pattern_mg=typed["pattern"],
            anchor_on=typed["anchor_on"] or typed["from_on"],
            reason=typed["reason"],
            adverse_event=typed["event"],
            comment=typed["comment"],
            why=typed["why"],
            confirmed=confirmed,
        )


class ConfirmOrderView(PatientPage):
    permission = Permission.DECIDE_DOSE
    template_name = "clinic/order_confirm.html"

    def get(self, request: HttpRequest, order: int) -> HttpResponse:
        return self.page(self.find(order))

    def post(self, request: HttpRequest, order: int) -> HttpResponse:
        found = self.find(order)
        try:
            confirm_order(by=request.user, order=found)
        except ValidationError:  # somebody was quicker; the page says so
            return self.page(found)
        said = {"dose": dose_words(found.pattern_mg), "day": date_format(found.from_on)}
        messages.success(request, _("Confirmed: %(dose)s from %(day)s.") % said)
        return redirect(LEDGER, self.patient.uuid)

    def find(self, order: int) -> DoseOrder:
        return get_object_or_404(dose_orders_of(self.patient), pk=order)

    def page(self, order: DoseOrder) -> HttpResponse:
        course = course_of(self.patient, on=self.on)
        return self.show(order=order, dose=dose_words(order.pattern_mg), guidance=guidance(course))


class AcknowledgeFlagView(PatientPage):
    permission = Permission.ACKNOWLEDGE_FLAG
    template_name = "clinic/flag_acknowledge.html"

    def get(self, request: HttpRequest, code: str, day: str) -> HttpResponse:
        return self.show(form=AcknowledgeFlagForm(), state=self.find(code, day_of(day)))

    def post(self, request: HttpRequest, code: str, day: str) -> HttpResponse:
        state, form = self.find(code, day_of(day)), AcknowledgeFlagForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, state=state)
        try:
            self.save(state, form.cleaned_data["comment"])
        except ValidationError as error:
            add_refusal(form, error)
            return self.show(form=form, state=state)
        messages.success(request, _("The flag is acknowledged. It stays in the history."))
        return redirect(LEDGER, self.patient.uuid)

    def find(self, code: str, day: date | None) -> FlagState:
        found = [row for row in flags_of(self.patient, on=self.on) if row.key[:2] == (code, day)]
        if not found:
            raise Http404
        return found[0]

    def save(self, state: FlagState, comment: str) -> None:
        code, from_on, mean = state.key
        acknowledge_flag(
            by=self.request.user,
            patient=self.patient,
            code=code,
            from_on=from_on,
            mean_daily_mg=Decimal(mean),
            comment=comment,
            on=self.on,
        )
