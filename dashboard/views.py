"""The page of the principal investigator, and the patients behind each of its numbers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View
from django_tables2 import RequestConfig

from accounts.permissions import Permission, require
from dashboard.measures import measures
from dashboard.presenters import accrual, adherence_rows, histograms, number, visits_finding
from dashboard.selectors import (
    cut_off,
    enrolments_by_month,
    figures,
    flagged_courses,
    lowest_adherence,
    patients_behind,
)
from dashboard.tables import measured_table
from protocol import load_protocol
from reminders.selectors import health

HEADLINE = ("enrolled", "on_treatment", "extension", "dose_below_minimum_now", "long_hold_now")
VISITS = ("completed", "completed_out_of_window", "missed", "not_done", "due")
ROWS_SHOWN = 10
ROWS_A_PAGE = 50


class DashboardView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_DASHBOARD)
        protocol, cut = load_protocol(), cut_off(request.user)
        known = measures(protocol)
        found = figures(request.user, known)
        months = enrolments_by_month(request.user)
        context = {
            "reminder_health": health(timezone.now()),
            "cut_off": cut,
            "headline": [number(key, known, found) for key in HEADLINE],
            "accrual": accrual(months, protocol, cut.on or timezone.localdate()),
            "histograms": histograms(known, found, protocol),
            "visits": [number(f"visits_{status}", known, found) for status in VISITS],
            "flag_numbers": [number(key, known, found) for key in ("dose_below_minimum", "long_hold")],
            "flagged": flagged_courses(request.user, ROWS_SHOWN),
            "visits_finding": visits_finding(found),
            "lowest": adherence_rows(lowest_adherence(request.user, ROWS_SHOWN), protocol),
            "pill_count_all": number("pill_count-all", known, found),
            "regimen": protocol.regimen,
        }
        return render(request, "dashboard/dashboard.html", context)


class DashboardPatientsView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_DASHBOARD)
        measure = measures(load_protocol()).get(request.GET.get("measure", ""))
        if measure is None:
            raise Http404
        table = measured_table(patients_behind(request.user, measure), measure)
        RequestConfig(request, paginate={"per_page": ROWS_A_PAGE}).configure(table)
        context = {"measure": measure, "table": table, "cut_off": cut_off(request.user)}
        return render(request, "dashboard/patients.html", context)
