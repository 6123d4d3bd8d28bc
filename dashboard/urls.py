from django.urls import path

from dashboard import views

app_name = "dashboard"

urlpatterns = [
    path("dashboard/", views.DashboardView.as_view(), name="dashboard"),
    path("dashboard/patients/", views.DashboardPatientsView.as_view(), name="patients"),
    path("dashboard/swimmer/", views.SwimmerView.as_view(), name="swimmer"),
    path("dashboard/events/", views.EventsView.as_view(), name="events"),
    path("dashboard/past-day/build/", views.BuildPastDayView.as_view(), name="build_past_day"),
    path("dashboard/tables/<slug:name>.csv", views.TableView.as_view(), name="table"),
]
