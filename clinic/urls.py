from django.urls import path

from clinic.views import chart

app_name = "clinic"

urlpatterns = [
    path("patients/<uuid:uuid>/", chart.ChartView.as_view(), name="chart"),
]
