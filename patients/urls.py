from django.urls import path

from patients import views

app_name = "patients"

urlpatterns = [
    path("patients/", views.PatientListView.as_view(), name="list"),
    path("patients/new/", views.CreatePatientView.as_view(), name="create"),
]
