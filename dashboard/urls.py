from django.urls import path

from dashboard.views import pages, reports

app_name = "dashboard"

urlpatterns = [
    path("dashboard/", pages.DashboardView.as_view(), name="dashboard"),
    path("dashboard/patients/", pages.DashboardPatientsView.as_view(), name="patients"),
    path("dashboard/swimmer/", pages.SwimmerView.as_view(), name="swimmer"),
    path("dashboard/events/", pages.EventsView.as_view(), name="events"),
    path("dashboard/past-day/build/", pages.BuildPastDayView.as_view(), name="build_past_day"),
    path("dashboard/tables/<slug:name>.csv", pages.TableView.as_view(), name="table"),
    path("dashboard/reports/", reports.ReportsView.as_view(), name="reports"),
    path("dashboard/reports/<uuid:file>.pdf", reports.ReportFileView.as_view(), name="report_file"),
]
