"""The page of the principal investigator, and the patients behind each of its numbers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View
from django_tables2 import RequestConfig

from accounts.access import may, require
from accounts.permissions import Permission
from dashboard.measures import Measure, measures, overdue
from dashboard.presenters import accrual, adherence_rows, histograms, number, visits_finding
from dashboard.selectors import (
    cut_off,
    enrolments_by_month,
    figures,
    flagged_courses,
    lowest_adherence,
    patients_behind,
    patients_overdue,
    reference_protocol,
    waiting,
)
from dashboard.tables import measured_table
from reminders.selectors import health, undelivered

HEADLINE = ("enrolled", "on_treatment", "extension", "dose_below_minimum_now", "long_hold_now", "overdue")
ALARMS = {"dose_below_minimum_now", "overdue"}
VISITS = ("completed", "completed_out_of_window", "missed", "not_done", "due")
ROWS_SHOWN = 10
ROWS_A_PAGE = 50


class DashboardView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_DASHBOARD)
        protocol, cut, today = reference_protocol(request.user), cut_off(request.user), timezone.localdate()
        late = overdue(patients_overdue(request.user, on=today))
        known = measures(protocol) | {late.key: late}
        found = figures(request.user, known)
        months = enrolments_by_month(request.user)
        context = {
            "reminder_health": health(timezone.now()),
            "undelivered": undelivered(request.user),
            "cut_off": cut,
            "alarms": ALARMS,
            "headline": [number(key, known, found) for key in HEADLINE],
            "accrual": accrual(months, protocol, cut.on or today),
            "histograms": histograms(known, found, protocol),
            "visits": [number(f"visits_{status}", known, found) for status in VISITS],
            "flag_numbers": [number(key, known, found) for key in ("dose_below_minimum", "long_hold")],
            "flagged": flagged_courses(request.user, ROWS_SHOWN),
            "waiting": waiting(request.user),
            "rows_shown": ROWS_SHOWN,
            "may_acknowledge": may(request.user, Permission.ACKNOWLEDGE_FLAG),
            "may_decide": may(request.user, Permission.DECIDE_DOSE),
            "may_confirm": may(request.user, Permission.CONFIRM_ASSESSMENT),
            "visits_finding": visits_finding(found),
            "lowest": adherence_rows(lowest_adherence(request.user, ROWS_SHOWN)),
            "pill_count_all": number("pill_count-all", known, found),
            "regimen": protocol.regimen,
        }
        return render(request, "dashboard/dashboard.html", context)


class DashboardPatientsView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_DASHBOARD)
        measure = _measure(request, request.GET.get("measure", ""))
        table = measured_table(patients_behind(request.user, measure), measure)
        RequestConfig(request, paginate={"per_page": ROWS_A_PAGE}).configure(table)
        context = {"measure": measure, "table": table, "cut_off": cut_off(request.user)}
        return render(request, "dashboard/patients.html", context)


def _measure(request: HttpRequest, key: str) -> Measure:
    if key == "overdue":
        return overdue(patients_overdue(request.user, on=timezone.localdate()))
    known = measures(reference_protocol(request.user))
    if key not in known:
        raise Http404
    return known[key]
