"""The list of patients behind a number."""

from decimal import Decimal

import django_tables2 as tables
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from dashboard.measures import Measure
from patients.models import Patient
from patients.tables import PatientTable

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class MeasuredPatientTable(PatientTable):
    """The patient list, with what was counted of each of them."""

    amount = tables.Column(_("Visits"), attrs=_NUMBER)
    rdi = tables.Column(_("Dose intensity"), accessor="summary__rdi_percent", attrs=_NUMBER)

    class Meta:
        order_by = "subject_id"
        empty_text = _("No patient is behind this number.")
        sequence = (
            "subject_id",
            "site",
            "state",
            "amount",
            "phase",
            "dose",
            "pill_count",
            "pdc",
            "rdi",
            "...",
        )

    def render_rdi(self, value: Decimal) -> SafeString:
        return render_to_string("components/measure.html", {"value": value, "unit": "%"})


def measured_table(rows: QuerySet[Patient], measure: Measure) -> MeasuredPatientTable:
    return MeasuredPatientTable(rows, exclude=() if measure.amount else ("amount",))
