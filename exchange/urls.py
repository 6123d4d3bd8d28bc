from django.urls import path

from exchange import views

app_name = "exchange"

urlpatterns = [
    path("exports/survival/", views.ExportSurvivalView.as_view(), name="export_survival"),
]
