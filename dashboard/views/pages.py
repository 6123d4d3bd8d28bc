"""The page of the principal investigator, the courses drawn under each other, and what is behind each number."""

import logging
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View
from django_tables2 import RequestConfig

from accounts.access import may, require
from accounts.permissions import Permission
from audit.exports import cell, csv_lines
from courses.services import start_past_tally
from courses.tasks import build_past_tally
from dashboard.forms import CoursesForm, DayForm, PartForm
from dashboard.measures import measure_of
from dashboard.page import ALARMS, CourseRows, dashboard_page
from dashboard.presenters.numbers import Links, Numbers
from dashboard.presenters.rows import swimmer_plot
from dashboard.presenters.safety import events
from dashboard.selectors import DEFAULT_SORT, Choice, Day, PastSums, day_of, drawn, flagged_courses, waiting
from dashboard.serious import serious
from dashboard.spreadsheets import SPREADSHEETS
from dashboard.tables import CourseTable
from reminders.selectors import health, undelivered

ROWS_SHOWN = 10
LANES_SHOWN = 35
ROWS_A_PAGE = 50
log = logging.getLogger(__name__)


class DayPage(View):
    """A page of the dashboard on the day asked for; what its parts share. Links keep the day."""

    day: Day
    form: DayForm
    links: Links

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        require(request.user, Permission.VIEW_DASHBOARD)
        today = timezone.localdate()
        self.form = self.asked(request, today)
        self.day = day_of(request.user, self.form.day, today=today)
        self.links = Links(self.day.on if self.day.is_past else None)
        if isinstance(self.day, PastSums) and not (self.day.past and self.day.past.is_built):
            return render(request, "dashboard/building.html", {"day": self.day, "past": self.day.past})
        return super().dispatch(request, *args, **kwargs)

    def asked(self, request: HttpRequest, today: date) -> DayForm:
        return DayForm(request.GET, today=today)

    def shown(self, **page: Any) -> dict[str, Any]:
        return {
            "day": self.day,
            "day_form": self.form,
            "cut_off": self.day.figures.cut_off,
            "not_counted": self.day.not_counted,
            "past_built_at": self.day.past.built_at
            if isinstance(self.day, PastSums) and self.day.past
            else None,
            "links": self.links,
            "has_errors": bool(self.form.errors),
            "alarms": ALARMS,
            "good_percent": self.day.protocol.adherence.good_percent,
            "regimen": self.day.protocol.regimen,
            **page,
        }

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.day.figures, self.day.protocol, self.links)


class DashboardView(DayPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = dashboard_page(
            self.numbers,
            self.day.on,
            rows=self._rows() if self.day.has_rows else None,
            part=PartForm(request.GET).chosen,
        )
        return render(request, "dashboard/dashboard.html", self.shown(page=page, **self._waiting(request)))

    def _rows(self) -> CourseRows:
        lanes = list(self.day.chosen(Choice(), DEFAULT_SORT)[:LANES_SHOWN])
        lowest = list(self.day.lowest(ROWS_SHOWN))
        return CourseRows(drawn([*lanes, *lowest]), lanes, lowest)

    def _waiting(self, request: HttpRequest) -> dict[str, Any]:
        """What waits does so today: on a past day it is only counted."""
        if self.day.is_past:
            return {}
        return {
            "reminder_health": health(timezone.now()),
            "undelivered": undelivered(request.user),
            "waiting": waiting(request.user, ROWS_SHOWN),
            "serious": serious(request.user, at=timezone.now()),
            "flagged": flagged_courses(request.user, ROWS_SHOWN),
            "may_acknowledge": may(request.user, Permission.ACKNOWLEDGE_FLAG),
            "may_decide": may(request.user, Permission.DECIDE_DOSE),
            "may_confirm": may(request.user, Permission.CONFIRM_ASSESSMENT),
        }


class BuildPastDayView(View):
    """Has the sums of a past day put together, or put together anew."""

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_DASHBOARD)
        form = DayForm(request.POST, today=timezone.localdate())
        if not form.is_valid() or form.day == form.today:
            raise Http404
        past = start_past_tally(by=request.user, on=form.day)
        transaction.on_commit(lambda: build_past_tally.delay(past.pk))
        return redirect(Links(form.day).to("dashboard"))


class DashboardPatientsView(DayPage):
    """The courses behind a number."""

    def get(self, request: HttpRequest) -> HttpResponse:
        measure = measure_of(request.GET.get("measure", ""), self.day.protocol)
        if measure is None:
            raise Http404
        table = CourseTable(self.day.behind(measure), measure)
        RequestConfig(request, paginate={"per_page": ROWS_A_PAGE}).configure(table)
        number = self.numbers.of(measure.key)
        return render(
            request, "dashboard/patients.html", self.shown(measure=measure, number=number, table=table)
        )


class SwimmerView(DayPage):
    """All courses under each other, narrowed, sorted, a page at a time."""

    form: CoursesForm

    def asked(self, request: HttpRequest, today: date) -> CoursesForm:
        return CoursesForm(request.GET, today=today, user=request.user)

    def get(self, request: HttpRequest) -> HttpResponse:
        pages = Paginator(self.day.chosen(self.form.choice, self.form.order), ROWS_A_PAGE)
        found = pages.get_page(request.GET.get("page"))
        plot = swimmer_plot(drawn(list(found)), self.day.protocol, pages.count)
        return render(request, "dashboard/swimmer.html", self.shown(plot=plot, found=found, form=self.form))


class EventsView(DayPage):
    """Every adverse event term."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "dashboard/events.html", self.shown(events=events(self.numbers)))


class TableView(DayPage):
    """A table of the dashboard as a file."""

    def get(self, request: HttpRequest, name: str) -> StreamingHttpResponse:
        if name not in SPREADSHEETS:
            raise Http404
        log.info("export: %s took the table %s", request.user.get_username(), name)
        file = f"{name}-{self.day.on.isoformat()}.csv"
        lines = csv_lines([cell(value) for value in row] for row in SPREADSHEETS[name](self.day))
        headers = {"Content-Disposition": f'attachment; filename="{file}"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
