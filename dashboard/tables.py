"""The list of courses behind a number."""

from decimal import Decimal

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courses.models import CourseSummary
from dashboard.measures import Measure
from dashboard.selectors import Courses
from patients.presenters import band_of, current_dose_words, ended_words, phase_words, planned_days
from protocol.days import treatment_day

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
_WIDE_NUMBER = {"td": {"class": "number wide-only"}, "th": {"class": "number wide-only"}}


class CourseTable(tables.Table):
    """A line a course as of the day of its summary; the whole line opens the chart."""

    subject_id = tables.Column(
        _("Subject id"), accessor="patient__subject_id", attrs={"td": {"class": "nowrap"}}
    )
    site = tables.Column(_("Site"), accessor="patient__site__code")
    phase = tables.Column(_("Phase and day"), accessor="phase", order_by=("phase", "-first_dose_on"))
    dose = tables.Column(_("Dose"), accessor="payload", order_by="mean_daily_mg")
    pill_count = tables.Column(_("Pill count"), accessor="pill_count_percent", attrs=_NUMBER)
    pdc = tables.Column(_("Days covered"), accessor="pdc_percent", attrs=_NUMBER)
    rdi = tables.Column(_("Dose intensity"), accessor="rdi_percent", attrs=_WIDE_NUMBER)
    worst_grade = tables.Column(_("Worst grade"), attrs=_WIDE_NUMBER)

    class Meta:
        empty_text = _("No patient is behind this number.")

    def __init__(self, rows: Courses, measure: Measure, **options: object) -> None:
        amount = tables.Column(measure.amount, accessor="tallied", orderable=False, attrs=_NUMBER)
        options["extra_columns"] = [("amount", amount)] if measure.amount else []
        super().__init__(
            rows, sequence=("subject_id", "site", "amount", "...") if measure.amount else None, **options
        )
        self.measure = measure

    def render_subject_id(self, record: CourseSummary, value: str) -> SafeString:
        return format_html(
            '<a class="row-link" href="{}">{}</a>', reverse("clinic:chart", args=[record.patient.uuid]), value
        )

    def render_amount(self, value: dict[str, dict[str, int]]) -> str:
        return str(self.measure.counted.of_patient(value))

    def render_phase(self, record: CourseSummary) -> str:
        first_dose_on = record.first_dose_on
        if first_dose_on and record.treatment_ended_on:
            return ended_words(first_dose_on, record.treatment_ended_on, record.patient.protocol.regimen)
        day = treatment_day(first_dose_on, record.as_of) if first_dose_on else None
        return phase_words(record.phase, day, planned_days(first_dose_on, record.payload))

    def render_dose(self, record: CourseSummary) -> str:
        return current_dose_words(record.payload)

    def render_pill_count(self, record: CourseSummary, value: Decimal) -> SafeString:
        band = band_of(record.patient, value)
        return format_html(
            '<span class="{}"><span aria-hidden="true">{}</span> {}<span class="unit">%</span></span>',
            band.css_class,
            band.shape,
            number_format(value, 2),
        )

    def render_pdc(self, value: Decimal) -> SafeString:
        return _percent(value)

    def render_rdi(self, value: Decimal) -> SafeString:
        return _percent(value)


def _percent(value: Decimal) -> SafeString:
    return render_to_string("components/measure.html", {"value": value, "unit": "%", "places": "2"})
