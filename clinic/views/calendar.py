"""The calendar of a clinic: days closed or opened on top of weekends and holidays, and who has to be booked anew."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.access import require
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from clinic.forms.calendar import CalendarForm
from clinic.forms.refusals import add_refusal
from clinic.selectors.booking import calendar_view, own_day
from clinic.views.pages import day_of
from visits.services import clear_calendar_day, set_calendar_days


class CalendarView(View):
    """One site at a time: the one asked for, else the first of one's own."""

    permission = Permission.RECORD_VISIT

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, self.permission)
        self.sites = sites_visible_to(request.user, self.permission).order_by("code")
        code = request.GET.get("site")
        self.site = get_object_or_404(self.sites, code=code) if code else self.sites[0]
        self.on = timezone.localdate()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(CalendarForm(initial={"first": day_of(request.GET.get("day"))}))

    def post(self, request: HttpRequest) -> HttpResponse:
        if (entry := request.POST.get("clear")) is not None:
            return self.clear(entry)
        form = CalendarForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        asked = form.cleaned_data
        first, last = asked["first"], asked["last"] or asked["first"]
        is_open = request.POST.get("action") == "open"
        try:
            set_calendar_days(
                by=request.user, site=self.site, first=first, last=last, is_open=is_open, note=asked["note"]
            )
        except ValidationError as error:
            add_refusal(form, error)
            return self.page(form)
        said = _("The clinic is open on these days.") if is_open else _("The clinic is closed on these days.")
        return self.done(said, f"&month={first:%Y-%m-%d}")

    def clear(self, entry: str) -> HttpResponse:
        on = day_of(entry)
        day = own_day(self.site, on) if on else None
        if day is not None:
            clear_calendar_day(by=self.request.user, day=day)
        return self.done(_("The entry is taken out: weekends and public holidays decide again."), "")

    def done(self, sentence: str, query: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect(f"{reverse('clinic:calendar')}?site={self.site.code}{query}")

    def page(self, form: CalendarForm) -> HttpResponse:
        asked = self.request.GET
        month_on = day_of(asked.get("month")) or day_of(asked.get("day")) or self.on
        calendar = calendar_view(self.site, month_on=month_on, chosen_on=day_of(asked.get("day")), on=self.on)
        page = {"form": form, "calendar": calendar, "site": self.site, "sites": self.sites, "today": self.on}
        return render(self.request, "clinic/site_calendar.html", page)
