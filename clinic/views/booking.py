"""Book a visit, move or cancel its day; say that the patient did not come, or that the visit was not done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.booking_doubts import booking_doubts, is_outside_window
from clinic.forms.pages import BookingForm
from clinic.forms.refusals import add_refusal, mark_of
from clinic.presenters import chart_url
from clinic.selectors.booking import booking_view
from clinic.selectors.consultation import suggested_day, visit_of
from clinic.views.pages import PatientPage, day_of
from visits.models import UNSCHEDULED, Visit
from visits.services import VisitChanged, book_visit, cancel_booking, mark_did_not_come, mark_not_done
from visits.words import visit_name


class BookVisitView(PatientPage):
    permission = Permission.RECORD_VISIT
    template_name = "clinic/visit_book.html"

    def get(self, request: HttpRequest, visit: str) -> HttpResponse:
        row = self.visit(visit)
        day = day_of(request.GET.get("day")) or row.booked_on or suggested_day(row)
        initial = {"booked_on": day, "booked_time": row.booked_time, "revision": row.revision}
        return self.page(row, BookingForm(initial=initial))

    def post(self, request: HttpRequest, visit: str) -> HttpResponse:
        row, form = self.visit(visit), BookingForm(request.POST)
        acts = {"book": self.book, "cancel": self.cancel, "not_done": self.not_done, "no_show": self.no_show}
        act = acts.get(request.POST.get("action", "book"))
        if act is None or not form.is_valid():
            return self.page(row, form)
        try:
            return act(row, form)
        except VisitChanged:
            form.add_error(None, _("Somebody else has changed this visit since you opened it: look again."))
        except ValidationError as error:
            add_refusal(form, error, {"reason": "why"})
        return self.page(row, form)

    def visit(self, code: str) -> Visit:
        row = visit_of(self.patient, code) if code != UNSCHEDULED else None
        if row is None or row.target_on is None:
            raise Http404
        return row

    def book(self, row: Visit, form: BookingForm) -> HttpResponse:
        day, at = form.cleaned_data["booked_on"], form.cleaned_data["booked_time"]
        if day is None:
            form.add_error("booked_on", _("Give the day."))
            return self.page(row, form)
        doubts, reason = booking_doubts(row, day, at), form.cleaned_data["booking_reason"]
        if is_outside_window(row, day) and form.confirmed and not reason:
            form.add_error("booking_reason", _("Say why the day is outside the window."))
        if doubts and (form.confirmed != mark_of(doubts) or form.errors):
            return self.page(row, form, doubts)
        agreed = {"booked_on": day, "booked_time": at, "reason": reason}
        book_visit(by=self.request.user, visit=row, **agreed, **self.seen(form))
        return self.done(_("%(visit)s is booked for %(day)s."), row, day=date_format(day))

    def cancel(self, row: Visit, form: BookingForm) -> HttpResponse:
        cancel_booking(by=self.request.user, visit=row, **self.seen(form))
        return self.done(_("The booking of %(visit)s is cancelled."), row)

    def no_show(self, row: Visit, form: BookingForm) -> HttpResponse:
        mark_did_not_come(by=self.request.user, visit=row, **self.seen(form))
        messages.success(
            self.request, _("%(visit)s: did not come. It stays on the worklist.") % {"visit": self.name(row)}
        )
        return redirect("clinic:record_contact", self.patient.uuid, row.visit)

    def not_done(self, row: Visit, form: BookingForm) -> HttpResponse:
        why = form.cleaned_data["why"]
        mark_not_done(by=self.request.user, visit=row, why=why, **self.seen(form))
        return self.done(_("%(visit)s is recorded as not done."), row)

    def seen(self, form: BookingForm) -> dict[str, int | None]:
        return {"expected_revision": form.cleaned_data["revision"]}

    def done(self, sentence: str, row: Visit, **values: str) -> HttpResponse:
        messages.success(self.request, sentence % {"visit": self.name(row), **values})
        return redirect(chart_url(self.patient))

    def name(self, row: Visit) -> str:
        return visit_name(self.patient.protocol, row.visit)

    def page(self, row: Visit, form: BookingForm, doubts: list[str] | None = None) -> HttpResponse:
        sentences = [{"sentence": doubt} for doubt in doubts or []]
        form.is_valid()  # what could be read is looked at, even of a form that is refused
        typed = form.cleaned_data.get("booked_on") if form.is_bound else form.initial["booked_on"]
        month_on = day_of(self.request.GET.get("month"))
        page = {
            "form": form,
            "visit": row,
            "name": self.name(row),
            "booking": booking_view(row, chosen_on=typed, month_on=month_on, on=self.on),
            "asks_reason": form.is_bound and typed is not None and is_outside_window(row, typed),
        }
        return self.show(**page, doubts=sentences, mark=mark_of(doubts or []), has_errors=bool(doubts))
