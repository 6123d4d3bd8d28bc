"""The list of patients; everything about one of them is a page of the clinic."""

from django.http import HttpRequest, HttpResponse
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from accounts.permissions import Permission, may, require
from patients.filters import PatientFilter
from patients.models import PatientQuerySet
from patients.selectors import patients_with_summaries
from patients.tables import PatientTable


class PatientListView(SingleTableMixin, FilterView):
    table_class = PatientTable
    filterset_class = PatientFilter
    template_name = "patients/patient_list.html"
    paginate_by = 50

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        require(request.user, Permission.VIEW_PATIENTS)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> PatientQuerySet:
        return patients_with_summaries(self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        may_enrol = may(self.request.user, Permission.ENROL_PATIENT)
        return super().get_context_data(may_enrol=may_enrol, **kwargs)
